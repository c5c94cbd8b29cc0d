/* One rename into the worker's slot: the best task that can run. */
#ifndef SPOOL_CLAIM_H
#define SPOOL_CLAIM_H

#include "spool/entry.h"
#include "spool/reserve.h"
#include "spool/settings.h"
#include "spool/slot.h"

struct claim_rules {
	char *const *queues; /* NULL: all */
	size_t queue_count;
	const struct settings *set;
};

enum { CLAIM_QUEUE_SLOT, CLAIM_PROJECT_SLOT, CLAIM_SLOTS };

struct claim {
	struct entry task; /* open for change, in the slot */
	struct place from; /* where it was ready */
	struct hold hold;  /* its paths, held */
	int limits[CLAIM_SLOTS]; /* of queue and project, held; -1: none */
	int n;		   /* number of the attempt to come */
};

enum claimed {
	CLAIM_TAKEN,
	CLAIM_NONE,    /* nothing is ready */
	CLAIM_BLOCKED, /* only tasks that lack paths, or a limit's slot */
	CLAIM_TROUBLE
};

/* The claim is closed with claim_close, whatever becomes of the task. */
enum claimed claim_next(struct spool *s, const struct slot *slot,
    const struct claim_rules *rules, struct claim *claim);
void claim_close(struct spool *s, struct claim *claim);

/* Lets go of it as a death would: what it held is for others to take back. */
void claim_leave(struct claim *claim);

/* Puts a task back where it can be claimed; nothing is written in it. */
int claim_return(struct spool *s, struct claim *claim);

#endif
