/* The end of an attempt: grow, move, flush, then tell. */
#ifndef SPOOL_END_H
#define SPOOL_END_H

#include "spool/claim.h"
#include "task/verdict.h"

/*
 * Records the run in the task that is open in its slot, moves it where the
 * verdict says, flushes, and tells journal, dependents and sleepers.  The
 * attempt's lock and reservation are the caller's to let go, after this.
 * 0; -1 with errno: it stays in its slot and is to be tried again.
 */
int end_attempt(struct spool *s, struct entry *e, const struct run *run,
    const struct verdict *verdict);

/* An end that is in the history but was not moved: moves it. */
int end_finish_move(struct spool *s, struct entry *e);

#endif
