#include "spool/depend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/names.h"
#include "spool/due.h"
#include "spool/find.h"
#include "spool/journal.h"
#include "spool/wake.h"

/* What an end means to one who waits for it. */
static enum depend
judge(enum state state, enum after_when when)
{
	if (!state_ended(state))
		return DEPEND_OPEN;
	switch (when) {
	case AFTER_DONE:
		return state == STATE_DONE ? DEPEND_MET : DEPEND_NEVER;
	case AFTER_FAILED:
		return state == STATE_FAILED ? DEPEND_MET : DEPEND_NEVER;
	case AFTER_ENDED:
		break;
	}
	return DEPEND_MET;
}

enum depend
depend_look(struct spool *s, const struct task *task, char why[96])
{
	enum depend all = DEPEND_MET, one;
	struct place place;
	size_t i;
	int found;

	for (i = 0; i < task->after_count; i++) {
		found = find_task(s, task->after[i].id, &place);
		if (found == -1)
			return DEPEND_TROUBLE;
		/* One miss proves nothing: it may be on the move. */
		one = found == 0 ? DEPEND_OPEN
				 : judge(place.state, task->after[i].when);
		if (one == DEPEND_NEVER) {
			(void)snprintf(why, 96, "%s is %s", task->after[i].id,
			    state_name(place.state));
			return DEPEND_NEVER;
		}
		if (one == DEPEND_OPEN)
			all = DEPEND_OPEN;
	}
	return all;
}

int
depend_is_hinted(struct spool *s, const char *blocker, const char *id)
{
	char path[PLACE_SIZE];

	(void)snprintf(path, sizeof(path), "index/after/%s/%s", blocker, id);
	if (faccessat(s->dir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
}

int
depend_hint(struct spool *s, const struct task *task, const char *id)
{
	char path[PLACE_SIZE];
	size_t i;
	int made = 0, fd;

	for (i = 0; i < task->after_count; i++) {
		(void)snprintf(path, sizeof(path), "index/after/%s/%s",
		    task->after[i].id, id);
		while (mknodat(s->dir, path, S_IFREG | 0600, 0) == -1) {
			if (errno == EEXIST)
				break;
			if (errno != ENOENT)
				return -1;
			*strrchr(path, '/') = '\0';
			if ((fd = place_folder(s, path, &made)) == -1)
				return -1;
			(void)close(fd);
			path[strlen(path)] = '/';
		}
	}
	return 0;
}

/*
 * Nobody may act on an end that a power cut can still take back: what the
 * blockers' ends set free is moved on only behind their flush.
 */
static int
flush_blockers(struct spool *s, const struct task *task)
{
	struct complaint c;
	size_t i;

	for (i = 0; i < task->after_count; i++) {
		AUTO_ENTRY e = ENTRY_NONE;
		int found = entry_find(s, task->after[i].id, &e, &c);

		if (found == -1 && errno != EINVAL)
			return -1;
		if (found == 1 && entry_flush(s, &e) == -1)
			return -1;
	}
	return 0;
}

static int
move_on(struct spool *s, struct entry *e, enum state to, const char *why)
{
	struct event event = { .event = to == STATE_CANCELLED ? "cancelled"
							      : "freed",
		.why = why,
		.at = clock_now() };
	struct place place;
	char id[ID_SIZE];
	int moved;

	place_id(&e->at, id);
	if (to == STATE_DELAYED && due_hint(s, id, e->task->not_before) == -1)
		return -1;
	place_of(&place, to, id, e->task, e->history.last > 0);
	if ((moved = entry_change(s, e, &place, &event)) != 1)
		return moved;
	journal_write(s, &(struct journal_line){ .event = event.event,
			     .id = id,
			     .queue = e->task->queue,
			     .state = state_name(to),
			     .why = why,
			     .waited = -1,
			     .ran = -1 });
	if (to == STATE_READY)
		wake_workers(s);
	return 1;
}

/* The dependents of one that is cancelled here are settled by the caller. */
static int
settle(struct spool *s, const char *id, bool *cancelled)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	enum depend how;
	char why[96];
	int found;

	*cancelled = false;
	if ((found = entry_find(s, id, &e, &c)) != 1)
		return found;
	if (e.at.state != STATE_WAITING)
		return 0;
	how = depend_look(s, e.task, why);
	if (how == DEPEND_TROUBLE)
		return -1;
	if (how == DEPEND_OPEN)
		return 0;
	if (flush_blockers(s, e.task) == -1)
		return -1;
	if (how == DEPEND_NEVER) {
		*cancelled = true;
		return move_on(s, &e, STATE_CANCELLED, why);
	}
	return move_on(s, &e,
	    e.task->not_before > clock_now() ? STATE_DELAYED : STATE_READY,
	    NULL);
}

int
depend_settle(struct spool *s, const char *id)
{
	bool cancelled;
	int answer = settle(s, id, &cancelled);

	if (answer == 1 && cancelled)
		answer = depend_free(s, id);
	return answer;
}

/* A hint goes only when its task was seen elsewhere than in waiting/. */
static int
drop_hint(struct spool *s, const char *blocker, const char *id)
{
	struct place place;
	char path[PLACE_SIZE];
	int found = find_task(s, id, &place);

	if (found == -1)
		return -1;
	if (found == 0 || place.state == STATE_WAITING)
		return 0;
	(void)snprintf(path, sizeof(path), "index/after/%s/%s", blocker, id);
	(void)unlinkat(s->dir, path, 0);
	return 0;
}

/* Ends of ends are a list, not a recursion: a chain may be of any length. */
struct pending {
	char (*v)[ID_SIZE];
	size_t n, size;
};

static int
pend(struct pending *p, const char *id)
{
	void *more;

	if (p->n == p->size) {
		p->size = p->size * 2 + 16;
		if ((more = realloc(p->v, p->size * sizeof(*p->v))) == NULL)
			return -1;
		p->v = more;
	}
	memcpy(p->v[p->n++], id, ID_SIZE);
	return 0;
}

/* A dependent that cannot be had now keeps its hint, and stops no other. */
static int
free_one(struct spool *s, const char *blocker, struct pending *pending)
{
	AUTO_NAMES names = { 0 };
	char path[PLACE_SIZE];
	bool cancelled;
	int trouble = 0;
	size_t i;

	(void)snprintf(path, sizeof(path), "index/after/%s", blocker);
	if (names_read(s->dir, path, id_ok, &names) == -1)
		return -1;
	for (i = 0; i < names.n; i++) {
		if (settle(s, names.v[i], &cancelled) == -1 &&
		    errno != EINVAL) {
			trouble = errno;
			continue;
		}
		if (cancelled && pend(pending, names.v[i]) == -1)
			return -1;
		if (drop_hint(s, blocker, names.v[i]) == -1)
			trouble = errno;
	}
	(void)unlinkat(s->dir, path, AT_REMOVEDIR);
	errno = trouble;
	return trouble == 0 ? 0 : -1;
}

int
depend_free(struct spool *s, const char *blocker)
{
	struct pending pending = { 0 };
	char id[ID_SIZE];
	int trouble = 0;

	if (pend(&pending, blocker) == -1)
		return -1;
	while (pending.n > 0) {
		memcpy(id, pending.v[--pending.n], ID_SIZE);
		if (free_one(s, id, &pending) == -1)
			trouble = errno;
	}
	free(pending.v);
	errno = trouble;
	return trouble == 0 ? 0 : -1;
}

int
depend_sweep(struct spool *s)
{
	AUTO_NAMES names = { 0 };
	struct place place;
	size_t i;
	int found, trouble = 0;

	if (names_read(s->dir, "index/after", id_ok, &names) == -1)
		return -1;
	for (i = 0; i < names.n; i++) {
		if ((found = find_task(s, names.v[i], &place)) == -1)
			return -1;
		if (found == 1 && !state_ended(place.state))
			continue;
		if (depend_free(s, names.v[i]) == -1)
			trouble = errno;
	}
	errno = trouble;
	return trouble == 0 ? 0 : -1;
}
