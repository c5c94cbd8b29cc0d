#include "spool/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/lock.h"
#include "spool/record.h"
#include "spool/reserve_scan.h"

#define MUTEX RESERVE_FOLDER "/.mutex"
#define FRESH ".new" /* a record before it has its name; one at a time */

#ifdef BUG_RESERVE_NO_MUTEX /* what the race test must not miss */
#	define spool_lock(s, fd, path) 0
#endif

/*
 * Records are made, named and dropped only under it.  Opened to be read, for
 * a close of what can be written wakes those who sleep until a holder is gone.
 */
static int
take_mutex(struct spool *s)
{
	AUTO_FD fd = openat(s->dir, MUTEX,
	    O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd == -1 || spool_lock(s, fd, MUTEX) == -1)
		return -1;
	return fd_take(&fd);
}

static int
open_fresh(int dir)
{
	int fd, tries;

	for (tries = 0; tries < 3; tries++) {
		fd = openat(dir, FRESH,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd != -1 || errno != EEXIST)
			return file_above_stdio(fd);
		/* Whoever began it is dead: we have the mutex. */
		if (unlinkat(dir, FRESH, 0) == -1 && errno != ENOENT)
			return -1;
	}
	return -1;
}

/* Held and whole before it can be seen. */
static int
write_record(int dir, const char *name, const char *text, size_t len)
{
	AUTO_FD fd = open_fresh(dir);
	int saved;

	if (fd == -1)
		return -1;
	if (lock_try(fd, false) == 1 && file_write(fd, text, len) == 0 &&
	    file_move(dir, FRESH, dir, name) == 0)
		return fd_take(&fd);
	saved = errno;
	(void)unlinkat(dir, FRESH, 0);
	errno = saved;
	return -1;
}

static int
name_hold(struct hold *hold, const char *name)
{
	if (name == NULL)
		(void)snprintf(hold->name, sizeof(hold->name), "%08x%08x",
		    arc4random(), arc4random());
	else if (strlcpy(hold->name, name, sizeof(hold->name)) >=
		 sizeof(hold->name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

static int
take_named(struct spool *s, struct reserve_scan *k, struct hold *hold,
    const char *text, size_t len)
{
	AUTO_FD mutex = take_mutex(s);
	int free_now;

	if (mutex == -1)
		return -1;
	if ((free_now = reserve_scan(k)) != 1)
		return free_now;
	hold->fd = write_record(k->dir, hold->name, text, len);
	if (hold->fd != -1)
		return 1;
	if (errno != EEXIST)
		return -1;
	/* What is left of the same attempt, and holds other paths. */
	conflict_with(k->conflict, hold->name);
	return 0;
}

int
reserve_take(struct spool *s, const struct reserve_set *set,
    const struct reserve_asker *who, struct hold *hold,
    struct reserve_conflict *conflict)
{
	AUTO_STR text = NULL;
	AUTO_FD dir = -1;
	struct reserve_scan k = { .drop = true, .set = set, .who = who };
	size_t len;

	*hold = (struct hold){ .fd = -1 };
	if (set->n == 0)
		return 1;
	if (name_hold(hold, who->name) == -1 ||
	    record_make(set, who, &text, &len) == -1 ||
	    (dir = file_dir(s->dir, RESERVE_FOLDER)) == -1)
		return -1;
	k.dir = dir;
	k.conflict = conflict;
	return take_named(s, &k, hold, text, len);
}

void
reserve_release(struct spool *s, struct hold *hold)
{
	char path[sizeof(RESERVE_FOLDER) + sizeof(hold->name)];
	int saved = errno;

	if (hold->fd == -1)
		return;
	(void)snprintf(path, sizeof(path), RESERVE_FOLDER "/%s", hold->name);
	if (file_is_named(hold->fd, s->dir, path) == 1)
		(void)unlinkat(s->dir, path, 0);
	(void)close(hold->fd);
	hold->fd = -1;
	errno = saved;
}

int
reserve_sweep(struct spool *s)
{
	AUTO_FD dir = file_dir(s->dir, RESERVE_FOLDER);
	AUTO_FD mutex = take_mutex(s);
	struct reserve_scan k = { .dir = dir, .drop = true };

	if (dir == -1 || mutex == -1)
		return -1;
	if (unlinkat(dir, FRESH, 0) == -1 && errno != ENOENT)
		return -1;
	return reserve_scan(&k) == 1 ? 0 : -1;
}
