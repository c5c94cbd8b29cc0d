/* Why does a task stand where it stands?  A look, not an answer. */
#ifndef SPOOL_WHY_H
#define SPOOL_WHY_H

#include "spool/barrier.h"
#include "spool/entry.h"
#include "spool/limit.h"
#include "spool/progress.h"
#include "spool/settings.h"
#include "spool/workers.h"
#include "task/timeline.h"

#define WHY_BLOCKERS 2 /* that are told; the others are counted */

enum why_kind {
	WHY_NEXT,      /* ready: for a worker */
	WHY_NO_WORKER, /* ready: there is none */
	WHY_PAUSED,    /* ready: see pause */
	WHY_PATHS,     /* ready: see conflict */
	WHY_BARRIER,   /* ready: one that waits for paths stands before it */
	WHY_LIMIT,     /* ready: see limit, most */
	WHY_BLOCKERS_OPEN,
	WHY_BLOCKERS_MET, /* waiting: upkeep moves it on */
	WHY_TIME,	  /* delayed: see at */
	WHY_HELD,	  /* see last */
	WHY_RUNNING,	  /* see worker, at, progress */
	WHY_DEAD,	  /* running: its worker is dead */
	WHY_ENDED	  /* see last */
};

struct why_blocker {
	char id[ID_SIZE];
	enum after_when when;
	enum state state; /* STATE_COUNT: it is not found */
};

/* Strings belong to the task. */
struct why {
	enum why_kind kind;
	struct workers workers;
	char pause[192]; /* "AT by WHO: WHY" */
	struct reserve_conflict conflict;
	struct why_blocker blockers[WHY_BLOCKERS];
	char limit[NAME_SIZE + 8]; /* a queue's, or behind LIMIT_PROJECT */
	int most;		   /* that may run at once */
	size_t open;		   /* blockers that have not ended */
	int64_t at; /* when it is due, or began to run; 0 unknown */
	char worker[NAME_SIZE];
	bool has_progress;
	struct progress progress;
	struct moment last; /* what brought it there */
};

/* What is the same for all tasks, looked up once. */
struct why_around {
	bool begun;
	char pause[192]; /* of all queues, "" for none */
	struct workers workers;
	const struct settings *set; /* NULL: there is a fault in them */
	struct barriers barriers;
};
void why_around_free(struct why_around *around);

/* 0, or -1 with errno. */
int why_look(struct spool *s, struct why_around *around, const struct entry *e,
    struct why *why);

/* What a running task says of itself: 1, 0 nothing, -1. */
int why_progress(struct spool *s, const struct entry *e, struct progress *p);

#endif
