/* One task: is it whole, where it is looked for, and not over long ago? */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "spool/fsck_look.h"
#include "spool/unique.h"

struct reading {
	struct fsck *f;
	const char *path;
	struct entry *e;
	char *text;
	size_t len;
	struct task_tail tail;
};

static int
unreadable(struct reading *r, const char *field, const char *why)
{
	return fsck_find(r->f, FSCK_UNREADABLE, r->path, "%s%s%s", field,
	    *field == '\0' ? "" : ": ", why);
}

/* What is wrong with the file, and what with us or the disk. */
static int
explain(struct reading *r)
{
	switch (errno) {
	case ENOENT:
		return 0;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case EINTR:
		return -1;
	case EFBIG:
		return unreadable(r, "", "it is too big for a task");
	case ELOOP:
	case EISDIR:
	case ENXIO:
	case EMEDIUMTYPE:
		return unreadable(r, "", "it is no plain file");
	default:
		return unreadable(r, "", strerror(errno));
	}
}

/* 1 it is whole, 0 its tail is torn, -1 with EINVAL it is no task at all. */
static int
read_text(struct reading *r, int fd)
{
	free(r->text);
	r->text = NULL;
	if (file_read_fd(fd, TASK_FILE_MAX, &r->text, &r->len) == -1)
		return -1;
	if (task_tail(r->text, r->len, &r->tail) == 0)
		return r->tail.whole;
	errno = EINVAL;
	return -1;
}

static int
parse(struct reading *r)
{
	struct complaint c;

	r->e->task = task_parse(r->text, r->len, &c);
	if (r->e->task == NULL)
		return errno == ENOMEM ? -1 : unreadable(r, c.field, c.what);
	if (strncmp(r->e->task->id, r->e->at.name, ID_LEN) != 0)
		return fsck_find(r->f, FSCK_WRONG_ID, r->path,
		    "the id in it is %s", r->e->task->id);
	history_read(r->e->task, &r->e->history);
	return 1;
}

/* Whoever writes at the tail has the lock: else it stays as it is. */
static int
judge_again(struct reading *r, int fd)
{
	int got;

	if ((got = lock_try(fd, true)) != 1 ||
	    (got = file_is_named(fd, r->f->s->dir, r->path)) != 1)
		return got;
	if ((got = read_text(r, fd)) == 1)
		return parse(r);
	if (got == 0)
		return fsck_find(r->f, FSCK_TORN, r->path,
		    "its tail is torn behind byte %zu: cut off when it is "
		    "changed next",
		    r->tail.keep);
	return errno == EINVAL ? unreadable(r, "", "it is not a whole task")
			       : explain(r);
}

/* 1 read, 0 not there, in somebody's hands or found to be wrong, -1. */
static int
read_task(struct reading *r)
{
	AUTO_FD fd = file_open_regular(r->f->s->dir, r->path, O_RDONLY, NULL);
	int got;

	if (fd == -1)
		return explain(r);
	if ((got = read_text(r, fd)) == 1)
		return parse(r);
	if (got == -1 && errno != EINVAL)
		return explain(r);
	return judge_again(r, fd);
}

/* As the folders are laid out, so is a task found by its id. */
static int
check_home(struct fsck *f, const struct place *at, const char *path)
{
	static const char lane[] = "ready/%*64[a-z0-9_-]/%*1[0-4]%n%*1[r]%n";
	char id[ID_SIZE], part[CLOCK_DAY];
	const char *rest;
	int n = 0;

	if (at->state == STATE_RUNNING)
		return 0;
	place_id(at, id);
	if (at->state == STATE_READY) {
		(void)sscanf(at->dir, lane, &n, &n);
		rest = at->dir + n;
		id_bucket(id, part);
		if (n == 0)
			return fsck_find(f, FSCK_MISPLACED, path,
			    "it belongs into a folder of a queue and priority");
	} else {
		rest = at->dir + strlen(state_name(at->state));
		clock_day(id_time(id), part);
	}
	if (*rest == '\0' || (*rest == '/' && strcmp(rest + 1, part) == 0))
		return 0;
	return fsck_find(f, FSCK_MISPLACED, path,
	    "it is not found by its id there: it belongs into %.*s/%s",
	    (int)(rest - at->dir), at->dir, part);
}

static int
check_state(struct fsck *f, const struct entry *e)
{
	enum state state = e->at.state;

	if (!state_ended(state) && state != STATE_RUNNING && e->history.ended &&
	    e->history.then == STATE_DONE &&
	    fsck_find(f, FSCK_RECORDED_DONE, e->task->id,
		"it is in %s, but recorded as done: moved there when claimed",
		e->at.dir) == -1)
		return -1;
	if (state == STATE_WAITING)
		return fsck_waiting(f, e);
	return state == STATE_DELAYED ? fsck_delayed(f, e) : 0;
}

static bool
place_split(const char *path, struct place *place)
{
	const char *slash = strrchr(path, '/');
	char state[16];

	(void)snprintf(state, sizeof(state), "%.*s", (int)strcspn(path, "/"),
	    path);
	place->state = state_named(state);
	(void)snprintf(place->dir, sizeof(place->dir), "%.*s",
	    (int)(slash - path), path);
	(void)strlcpy(place->name, slash + 1, sizeof(place->name));
	return place->state != STATE_COUNT;
}

int
fsck_task(struct fsck *f, const char *path)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct reading r = { .f = f, .path = path, .e = &e };
	int got;

	if (!place_split(path, &e.at))
		return 0;
	got = read_task(&r);
	free(r.text);
	if (got != 1)
		return got;
	if (check_home(f, &e.at, path) == -1 || check_state(f, &e) == -1)
		return -1;
	return e.task->unique == NULL ? 0 : fsck_key(f, &e);
}
