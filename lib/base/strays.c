#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/cgroup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/names.h"
#include "base/proc.h"

#define ENVIRON_MAX (64U << 20)
#define INFO_MAX    (1U << 20)
#define ENDING_MAX  64
#define ROUND	    (CLOCK_SECOND / 10)

struct hunt {
	const char *variable;
	int lock_fd;
	struct stat lock;
	int found, killed;
	int ending[ENDING_MAX]; /* pidfds of those that were sent KILL */
	size_t ending_count;
};

struct look {
	const struct hunt *hunt;
	const char *pid;
};

static bool
carries_variable(const char *pid, const char *variable)
{
	AUTO_STR text = NULL;
	char path[64];
	const char *p;
	size_t len;

	(void)snprintf(path, sizeof(path), "/proc/%s/environ", pid);
	if (variable == NULL ||
	    file_read_all(AT_FDCWD, path, ENVIRON_MAX, &text, &len) == -1)
		return false;
	for (p = text; p < text + len; p += strlen(p) + 1)
		if (strcmp(p, variable) == 0)
			return true;
	return false;
}

/*
 * Who only has the file open is left alone.  The lock is looked for first:
 * stat(2) may hang, on a file of a server that does not answer.
 */
static int
is_lock(const char *fd, void *arg)
{
	const struct look *look = arg;
	const struct stat *lock = &look->hunt->lock;
	AUTO_STR text = NULL;
	char path[96];
	struct stat st;
	size_t len;

	(void)snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", look->pid, fd);
	if (file_read_all(AT_FDCWD, path, INFO_MAX, &text, &len) == -1 ||
	    strstr(text, "FLOCK") == NULL)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/%s/fd/%s", look->pid, fd);
	return stat(path, &st) == 0 && st.st_dev == lock->st_dev &&
	       st.st_ino == lock->st_ino;
}

static bool
holds_lock(const struct hunt *hunt, const char *pid)
{
	struct look look = { hunt, pid };
	char path[64];

	if (hunt->lock_fd == -1)
		return false;
	(void)snprintf(path, sizeof(path), "/proc/%s/fdinfo", pid);
	return names_each(AT_FDCWD, path, is_lock, &look) == 1;
}

static bool
is_stray(const struct hunt *hunt, const char *pid)
{
	return carries_variable(pid, hunt->variable) || holds_lock(hunt, pid);
}

/* The descriptor keeps the process; looking again proves that it is it. */
static int
end_if_stray(const char *pid, void *arg)
{
	struct hunt *hunt = arg;
	AUTO_FD fd = -1;
	char *end;
	long number = strtol(pid, &end, 10);

	if (number <= 0 || number > INT_MAX || *end != '\0' ||
	    number == getpid() || !is_stray(hunt, pid))
		return 0;
	fd = pidfd_open((pid_t)number, 0);
	if (!is_stray(hunt, pid))
		return 0;
	hunt->found++;
	if (fd == -1 || pidfd_send_signal(fd, SIGKILL, NULL, 0) == -1)
		return 0;
	hunt->killed++;
	if (hunt->ending_count < ENDING_MAX)
		hunt->ending[hunt->ending_count++] = fd_take(&fd);
	return 0;
}

/* Until those are dead, but no longer than a round: there may be others. */
static void
await_ends(struct hunt *hunt, int64_t until)
{
	struct pollfd p = { .fd = -1, .events = POLLIN };
	int64_t left;
	size_t i;

	if (hunt->ending_count == 0)
		hunt->ending[hunt->ending_count++] = -1;
	for (i = 0; i < hunt->ending_count; i++) {
		left = (until - clock_steady() + 999) / 1000;
		p.fd = hunt->ending[i];
		(void)poll(&p, 1, left > 0 ? (int)left : 0);
		if (p.fd != -1)
			(void)close(p.fd);
	}
	hunt->ending_count = 0;
}

static int
end_all(struct hunt *hunt, int64_t limit)
{
	int64_t end = clock_steady() + limit, now;
	int passes = 0;

	while (passes < 2) {
		hunt->found = 0;
		if (names_each(AT_FDCWD, "/proc", end_if_stray, hunt) == -1)
			return -1;
		if (hunt->found == 0) {
			passes++;
			continue;
		}
		passes = 0;
		now = clock_steady();
		await_ends(hunt, now + ROUND < end ? now + ROUND : end);
		if (now >= end) {
			errno = EBUSY;
			return -1;
		}
	}
	return 0;
}

int
proc_end_strays(const char *variable, int lock_fd, const char *cgroup,
    int64_t limit, int *killed)
{
	struct hunt hunt = { .variable = variable, .lock_fd = lock_fd };
	int held = 0, answer;

	*killed = 0;
	if (lock_fd != -1 && fstat(lock_fd, &hunt.lock) == -1)
		return -1;
	if (carries_variable("self", variable)) {
		errno = EBUSY;
		return -1;
	}
	if (cgroup != NULL && *cgroup != '\0' &&
	    (held = cgroup_kill(cgroup, limit)) == -1)
		return -1;
	answer = end_all(&hunt, limit);
	*killed = held + hunt.killed;
	return answer;
}
