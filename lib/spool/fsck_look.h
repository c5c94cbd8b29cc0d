/* What the looks of fsck share: one part of the spool each, again and again. */
#ifndef SPOOL_FSCK_LOOK_H
#define SPOOL_FSCK_LOOK_H

#include "spool/entry.h"
#include "spool/seen.h"

enum fsck_kind {
	FSCK_UNREADABLE,
	FSCK_TORN,
	FSCK_WRONG_ID,
	FSCK_FOREIGN,
	FSCK_TWICE,
	FSCK_MISPLACED,
	FSCK_NO_BLOCKER,
	FSCK_OPEN_MODE,
	FSCK_TWO_IN_SLOT,
	FSCK_OLD_ATTEMPT,
	FSCK_NOT_HELD,
	FSCK_RUNS_ELSEWHERE,
	FSCK_RECORDED_DONE,
	FSCK_CONFLICT,
	FSCK_RECORD,
	FSCK_STILL_HELD,
	FSCK_DEAD_WORKER,
	FSCK_STUCK,
	FSCK_NO_HINT,
	FSCK_KEY_TWICE,
	FSCK_NO_FOLDER,
	FSCK_OLD_TMP,
	FSCK_NO_WHY,
	FSCK_JOURNAL,
	FSCK_DEGRADED,
	FSCK_KIND_COUNT
};

struct fsck;

/* A look at one part: 0, or -1 with errno when it could not be had. */
typedef int fsck_look(struct fsck *f, const char *part);

struct fsck_found {
	fsck_look *look; /* that found it, and at which part */
	char *part;
	enum fsck_kind kind;
	char *object, *words;
};

struct fsck_list {
	struct fsck_found *v;
	size_t n, size;
};

struct fsck {
	struct spool *s;
	int64_t now;
	fsck_look *look; /* that is under way */
	const char *part;
	struct fsck_list found; /* by this round */
	struct seen ids, keys;	/* met by the walk */
};

/* Looks at a part; looks may lead to others. */
int fsck_take(struct fsck *f, fsck_look *look, const char *part);

/* What a look has found, in words.  0, -1 with errno. */
int fsck_find(struct fsck *f, enum fsck_kind kind, const char *object,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* All folders of tasks, and what only all of them together tell. */
int fsck_walk(struct fsck *f);

fsck_look fsck_task;	/* by its path */
fsck_look fsck_foreign; /* by its path: it does not belong there */
fsck_look fsck_slot;	/* by the worker's name */
fsck_look fsck_reserve; /* all records */
fsck_look fsck_house;	/* all that is neither */

/* A waiting task that was read: its blockers and hints. */
int fsck_waiting(struct fsck *f, const struct entry *e);
/* A delayed one's hint, and that of a key. */
int fsck_delayed(struct fsck *f, const struct entry *e);
int fsck_key(struct fsck *f, const struct entry *e);

/* Is there an attempt's lock of that task in any slot?  1, 0, -1. */
int fsck_has_attempt(struct fsck *f, const char *id);

/* Is the lock held?  Tried only where the kernel does not tell. */
int fsck_is_locked(int fd);

/* Calls a look for every name in a folder, README left out. */
bool fsck_is_readme(const char *name);

#endif
