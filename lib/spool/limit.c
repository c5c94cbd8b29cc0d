#include "spool/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/lock.h"

/* A descriptor of the i-th slot's file, made if it is not there yet. */
static int
open_slot(struct spool *s, const char *name, int i)
{
	char dir[PLACE_SIZE], path[PLACE_SIZE];
	int fd, made = 0;

	(void)snprintf(dir, sizeof(dir), "ctl/limit/%.80s", name);
	(void)snprintf(path, sizeof(path), "%.120s/%d", dir, i);
	while ((fd = openat(s->dir, path,
		    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) == -1) {
		if (errno != ENOENT || (fd = place_folder(s, dir, &made)) == -1)
			return -1;
		(void)close(fd);
	}
	return fd;
}

int
limit_take(struct spool *s, const char *name, int most, int *fd)
{
	int i, got;

	*fd = -1;
	for (i = 1; i <= most; i++) {
		AUTO_FD slot = open_slot(s, name, i);

		if (slot == -1 || (got = lock_try(slot, false)) == -1)
			return -1;
		if (got == 1) {
			*fd = fd_take(&slot);
			return 1;
		}
	}
	return 0;
}

int
limit_look(struct spool *s, const char *name, int most)
{
	int fd, got = limit_take(s, name, most, &fd);

	if (fd != -1)
		(void)close(fd);
	return got;
}
