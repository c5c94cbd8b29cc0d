#include "spool/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/names.h"
#include "spool/record.h"
#include "task/json.h"

#define FOLDER "reserve"
#define MUTEX  "reserve/.mutex"
#define FRESH  ".new" /* a record before it has its name; one at a time */

#ifdef BUG_RESERVE_NO_MUTEX /* what the race test must not miss */
#	define spool_lock(s, fd, path) 0
#endif

struct scan {
	int dir;
	bool drop;		       /* the mutex is ours */
	const struct reserve_set *set; /* NULL: nothing is asked for */
	const struct reserve_asker *who;
	struct reserve_conflict *conflict;
};

/* Records are made, named and dropped only under it. */
static int
take_mutex(struct spool *s)
{
	AUTO_FD fd = openat(s->dir, MUTEX,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd == -1 || spool_lock(s, fd, MUTEX) == -1)
		return -1;
	return fd_take(&fd);
}

/*
 * 1 the record is held, and open in *fd; 0 its holder is dead, or it is none
 * (any more); -1.  Opened to be read, so that closing it looks like no end.
 */
static int
open_held(const struct scan *k, const char *name, int *fd)
{
	int got;

	*fd = file_open_regular(k->dir, name, O_RDONLY, NULL);
	if (*fd == -1)
		return errno == ENOENT || errno == ELOOP || errno == ENXIO ||
			       errno == EMEDIUMTYPE
			   ? 0
			   : -1;
	if ((got = lock_try(*fd, true)) != 1)
		return got == 0 ? 1 : -1;
	if (k->drop && unlinkat(k->dir, name, 0) == -1 && errno != ENOENT)
		return -1;
	return 0;
}

static void
conflict_with(struct reserve_conflict *c, const char *name)
{
	(void)strlcpy(c->holder, name, sizeof(c->holder));
}

/* 1 it stands in the way, 0 not, -1. */
static int
ask_record(const char *name, void *arg)
{
	const struct scan *k = arg;
	AUTO_FD fd = -1;
	AUTO_STR text = NULL;
	size_t len;
	int answer;

	if (k->who != NULL && word_among(k->who->own, name))
		return 0;
	if ((answer = open_held(k, name, &fd)) != 1 || k->set == NULL)
		return answer == -1 ? -1 : 0;
	answer = file_read_fd(fd, JSON_MAX, &text, &len);
	if (answer == 0)
		answer = record_conflicts(text, len, k->set, k->who,
		    k->conflict);
	/* Somebody holds what cannot be read: that may be anything. */
	if (answer == -1 && (errno == EINVAL || errno == EFBIG)) {
		(void)strlcpy(k->conflict->path, k->set->v[0].text,
		    sizeof(k->conflict->path));
		answer = 1;
	}
	if (answer == 1)
		conflict_with(k->conflict, name);
	return answer;
}

/* 1 nothing stands in the way, 0 something does, -1. */
static int
ask_all(const struct scan *k)
{
	struct scan scan = *k;
	int found;

	*k->conflict = (struct reserve_conflict){ 0 };
	found = names_each(k->dir, ".", ask_record, &scan);
	return found == -1 ? -1 : found == 0;
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
take_named(struct spool *s, struct scan *k, struct hold *hold, const char *text,
    size_t len)
{
	AUTO_FD mutex = take_mutex(s);
	int free_now;

	if (mutex == -1)
		return -1;
	if ((free_now = ask_all(k)) != 1)
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
	struct scan k = { -1, true, set, who, conflict };
	size_t len;

	*hold = (struct hold){ .fd = -1 };
	if (set->n == 0)
		return 1;
	if (name_hold(hold, who->name) == -1 ||
	    record_make(set, who, &text, &len) == -1 ||
	    (dir = file_dir(s->dir, FOLDER)) == -1)
		return -1;
	k.dir = dir;
	return take_named(s, &k, hold, text, len);
}

int
reserve_look(struct spool *s, const struct reserve_set *set,
    const struct reserve_asker *who, struct reserve_conflict *conflict)
{
	AUTO_FD dir = file_dir(s->dir, FOLDER);
	struct scan k = { dir, false, set, who, conflict };

	if (set->n == 0)
		return 1;
	return dir == -1 ? -1 : ask_all(&k);
}

void
reserve_release(struct spool *s, struct hold *hold)
{
	char path[sizeof(FOLDER) + sizeof(hold->name)];
	int saved = errno;

	if (hold->fd == -1)
		return;
	(void)snprintf(path, sizeof(path), FOLDER "/%s", hold->name);
	if (file_is_named(hold->fd, s->dir, path) == 1)
		(void)unlinkat(s->dir, path, 0);
	(void)close(hold->fd);
	hold->fd = -1;
	errno = saved;
}

int
reserve_held(struct spool *s, const char *names)
{
	AUTO_FD dir = file_dir(s->dir, FOLDER);
	struct scan k = { .dir = dir };
	char name[sizeof(((struct hold *)0)->name)];
	size_t n;
	int held = 0;

	if (dir == -1)
		return -1;
	for (; held == 0 && names != NULL && *names != '\0'; names += n) {
		AUTO_FD fd = -1;

		n = strcspn(names, " ");
		(void)snprintf(name, sizeof(name), "%.*s", (int)n, names);
		if (*name != '\0' && strchr(name, '/') == NULL)
			held = open_held(&k, name, &fd);
		n += names[n] == ' ';
	}
	return held;
}

int
reserve_list(struct spool *s,
    int (*each)(const char *name, const char *json, void *arg), void *arg)
{
	AUTO_FD dir = file_dir(s->dir, FOLDER);
	AUTO_NAMES names = { 0 };
	struct scan k = { .dir = dir };
	size_t i;
	int answer = 0;

	if (dir == -1 || names_read(dir, ".", NULL, &names) == -1)
		return -1;
	for (i = 0; answer == 0 && i < names.n; i++) {
		AUTO_FD fd = -1;
		AUTO_STR text = NULL;
		size_t len;

		if ((answer = open_held(&k, names.v[i], &fd)) != 1)
			continue;
		if (file_read_fd(fd, JSON_MAX, &text, &len) == 0)
			text[strcspn(text, "\n")] = '\0';
		answer = each(names.v[i], text, arg);
	}
	return answer;
}

int
reserve_sweep(struct spool *s)
{
	AUTO_FD dir = file_dir(s->dir, FOLDER);
	AUTO_FD mutex = take_mutex(s);
	struct scan k = { .dir = dir, .drop = true };

	if (dir == -1 || mutex == -1)
		return -1;
	return names_each(dir, ".", ask_record, &k);
}
