/* One rename into the worker's slot: the best task that can run. */
#ifndef SPOOL_CLAIM_H
#define SPOOL_CLAIM_H

#include "spool/entry.h"
#include "spool/reserve.h"
#include "spool/slot.h"

struct claim_rules {
	char *const *queues; /* NULL: all */
	size_t queue_count;
	int retry_share; /* one claim in so many is of those tried before */
	int yield_lower; /* one in so many is of a lower priority, 0: none */
};

struct claim {
	struct entry task; /* open for change, in the slot */
	struct place from; /* where it was ready */
	struct hold hold;  /* its paths, held */
	int n;		   /* number of the attempt to come */
};

enum claimed {
	CLAIM_TAKEN,
	CLAIM_NONE,    /* nothing is ready */
	CLAIM_BLOCKED, /* only tasks whose paths are held */
	CLAIM_TROUBLE
};

/* The claim is closed with claim_close, whatever becomes of the task. */
enum claimed claim_next(struct spool *s, const struct slot *slot,
    const struct claim_rules *rules, struct claim *claim);
void claim_close(struct spool *s, struct claim *claim);

/* Puts a task back where it can be claimed; nothing is written in it. */
int claim_return(struct spool *s, struct claim *claim);

#endif
