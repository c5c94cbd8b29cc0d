/* What wakes an idle worker: watches on the spool's folders. */
#ifndef WORK_IDLE_H
#define WORK_IDLE_H

#include "work/worker.h"

/* Sets the watches that are missing; then look, then wait. */
void idle_watch(struct worker *w);

/*
 * Waits so many microseconds for news or a signal.  True when something
 * came, false when the time was over.
 */
bool idle_wait(struct worker *w, int64_t limit);

/* A moment that only a signal ends: what is done in vain is news as well. */
void idle_nap(struct worker *w);

#endif
