/* What index/ should tell, and what it is there for. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "spool/depend.h"
#include "spool/due.h"
#include "spool/find.h"
#include "spool/fsck_look.h"
#include "spool/index.h"
#include "spool/unique.h"

#define QUIET 5 /* seconds without a change of a blocker's hints */

/* A hint that is not there; where none are trusted, that is as it should. */
static int
missing(struct fsck *f, const struct entry *e, const char *what)
{
	int trusted = index_trusted(f->s);

	if (trusted != 1)
		return trusted;
	return fsck_find(f, FSCK_NO_HINT, e->task->id,
	    "index/ is trusted, but does not tell %s", what);
}

int
fsck_delayed(struct fsck *f, const struct entry *e)
{
	int got = due_is_hinted(f->s, e->task->id, e->history.not_before);

	return got != 0 ? got == 1 ? 0 : -1 : missing(f, e, "when it is due");
}

/* Live ones among its blockers, and nothing else, as the walk met them. */
static bool
surely_waits(struct fsck *f, const struct task *task)
{
	const struct seen_slot *slot;
	size_t i;

	for (i = 0; i < task->after_count; i++) {
		slot = seen_get(&f->ids, task->after[i].id);
		if (slot == NULL || state_ended((enum state)slot->state))
			return false;
	}
	return task->after_count > 0;
}

static int
find_blockers(struct fsck *f, const struct task *task)
{
	struct place place;
	size_t i;
	int found;

	for (i = 0; i < task->after_count; i++) {
		found = find_task(f->s, task->after[i].id, &place);
		if (found == -1 ||
		    (found == 0 && fsck_find(f, FSCK_NO_BLOCKER, task->id,
				       "it waits for %s, which is nowhere",
				       task->after[i].id) == -1))
			return -1;
	}
	return 0;
}

/* Hints go one by one as what waited is set free. */
static int
hints_change(struct fsck *f, const char *blocker)
{
	char path[PLACE_SIZE];
	struct stat st;

	(void)snprintf(path, sizeof(path), "index/after/%s", blocker);
	if (fstatat(f->s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	return st.st_mtim.tv_sec > clock_now() / CLOCK_SECOND - QUIET;
}

/* Whoever ended the blocker may have many to set free. */
static int
is_being_freed(struct fsck *f, const struct task *task)
{
	size_t i;
	int got = 0;

	for (i = 0; i < task->after_count && got == 0; i++)
		if ((got = fsck_has_attempt(f, task->after[i].id)) == 0)
			got = hints_change(f, task->after[i].id);
	return got;
}

static int
check_blockers(struct fsck *f, const struct task *task)
{
	enum depend how;
	char why[96];
	int freed;

	if (surely_waits(f, task))
		return 0;
	how = depend_look(f->s, task, why);
	if (how == DEPEND_TROUBLE)
		return -1;
	if (how == DEPEND_OPEN)
		return find_blockers(f, task);
	if ((freed = is_being_freed(f, task)) != 0)
		return freed == 1 ? 0 : -1;
	if (how == DEPEND_NEVER)
		return fsck_find(f, FSCK_STUCK, task->id,
		    "it waits for what can not be any more: %s", why);
	return fsck_find(f, FSCK_STUCK, task->id,
	    "it waits, but for nothing that has not ended");
}

int
fsck_waiting(struct fsck *f, const struct entry *e)
{
	size_t i;
	int got;

	for (i = 0; i < e->task->after_count; i++) {
		got = depend_is_hinted(f->s, e->task->after[i].id, e->task->id);
		if (got == 0)
			got = missing(f, e, "what it waits for");
		if (got == -1)
			return -1;
	}
	return check_blockers(f, e->task);
}

/* Two ids, a blank between: does the same key let in both? */
static int
look_at_keys(struct fsck *f, const char *ids)
{
	AUTO_ENTRY a = ENTRY_NONE;
	AUTO_ENTRY b = ENTRY_NONE;
	struct complaint c;
	char id[ID_SIZE];
	int got;

	(void)strlcpy(id, ids, sizeof(id));
	if ((got = entry_find_read(f->s, id, &a, &c)) != 1 ||
	    (got = entry_find_read(f->s, ids + ID_LEN + 1, &b, &c)) != 1)
		return got == -1 && errno == ENOMEM ? -1 : 0;
	if (a.task->unique == NULL || b.task->unique == NULL ||
	    strcmp(a.task->unique, b.task->unique) != 0)
		return 0;
	return fsck_find(f, FSCK_KEY_TWICE, b.task->id,
	    "its unique key is also that of %s", a.task->id);
}

int
fsck_key(struct fsck *f, const struct entry *e)
{
	const char *a = e->task->id, *b, *key = e->task->unique;
	char ids[2 * ID_SIZE];
	struct seen_slot first;
	int got;

	if ((got = unique_is_hinted(f->s, key, a)) == 0)
		got = missing(f, e, "its unique key");
	if (got == -1 ||
	    (got = seen_add(&f->keys, key, a, e->at.state, &first)) == -1)
		return -1;
	if (got == 1 || strcmp(first.id, a) == 0)
		return 0;
	b = first.id;
	if (strcmp(a, b) > 0) {
		b = a;
		a = first.id;
	}
	(void)snprintf(ids, sizeof(ids), "%s %s", a, b);
	return fsck_take(f, look_at_keys, ids);
}
