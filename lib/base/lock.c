#include "base/lock.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"

int
lock_try(int fd, bool shared)
{
	int how = (shared ? LOCK_SH : LOCK_EX) | LOCK_NB;

	while (flock(fd, how) == -1) {
		if (errno == EWOULDBLOCK)
			return 0;
		if (errno != EINTR)
			return -1;
	}
	return 1;
}

int
lock_wait(int fd, bool shared, int64_t limit)
{
	struct timespec nap = { 0, 200000 };
	int64_t end;
	int got;

	if (limit < 0) {
		while (flock(fd, shared ? LOCK_SH : LOCK_EX) == -1)
			if (errno != EINTR)
				return -1;
		return 1;
	}
	for (end = clock_steady() + limit; (got = lock_try(fd, shared)) == 0;) {
		if (clock_steady() >= end)
			return 0;
		(void)nanosleep(&nap, NULL);
		if (nap.tv_nsec < 10000000)
			nap.tv_nsec *= 2;
	}
	return got;
}

int
lock_named(int dir, const char *name, int flags)
{
	int got, named;

	for (;;) {
		AUTO_FD fd = openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW,
		    0600);

		if (fd == -1)
			return -1;
		if ((got = lock_try(fd, false)) == -1)
			return -1;
		if (got == 0) {
			errno = EWOULDBLOCK;
			return -1;
		}
		if ((named = file_is_named(fd, dir, name)) == -1)
			return -1;
		if (named == 1)
			return fd_take(&fd);
	}
}

int
lock_holder(int fd)
{
	struct stat st;
	char line[256], file[64], *p;
	FILE *in;
	long pid = 0;

	if (fstat(fd, &st) == -1 || (in = fopen("/proc/locks", "re")) == NULL)
		return 0;
	(void)snprintf(file, sizeof(file), " %02x:%02x:%lu ", major(st.st_dev),
	    minor(st.st_dev), (unsigned long)st.st_ino);
	while (pid <= 0 && fgets(line, sizeof(line), in) != NULL) {
		/* "->" marks those that wait. */
		if (strstr(line, ": FLOCK ") == NULL ||
		    (p = strstr(line, file)) == NULL)
			continue;
		while (p > line && isdigit((unsigned char)p[-1]))
			p--;
		pid = strtol(p, NULL, 10);
	}
	(void)fclose(in);
	return pid > 0 ? (int)pid : 0;
}
