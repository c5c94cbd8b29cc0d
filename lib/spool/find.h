/* Where is the task?  By its id, by the end of its id, or all of them. */
#ifndef SPOOL_FIND_H
#define SPOOL_FIND_H

#include "spool/spool.h"

/* 1 found, 0 not found in two passes, -1 trouble. */
int find_task(struct spool *s, const char *id, struct place *place);

/*
 * Any ending of an id, among the live tasks and those of the last 7 days.
 * The number of tasks that fit, the first `most` of them in ids; -1 trouble.
 */
int find_ending(struct spool *s, const char *ending, char (*ids)[ID_SIZE],
    int most);

/* States to walk through, as bits 1 << STATE_…. */
#define FIND_LIVE                                                      \
	(1U << STATE_READY | 1U << STATE_WAITING | 1U << STATE_DELAYED | \
	    1U << STATE_HELD | 1U << STATE_RUNNING)
#define FIND_ENDED                                                   \
	(1U << STATE_DONE | 1U << STATE_FAILED | 1U << STATE_CANCELLED)
#define FIND_ALL (FIND_LIVE | FIND_ENDED)

/*
 * Calls each() for every task file in these states, folder by folder and
 * sorted within each, in constant memory but for one folder's names.  A
 * non-zero answer ends the walk and is returned.
 */
int find_each(struct spool *s, unsigned int states,
    int (*each)(struct spool *s, const struct place *place, void *arg),
    void *arg);

#endif
