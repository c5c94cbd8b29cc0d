/* Dead workers: their attempts ended, their tasks back or moved on. */
#ifndef SPOOL_RECOVER_H
#define SPOOL_RECOVER_H

#include "spool/slot.h"

/*
 * Under the slot's lock: ends what is left of the attempts in it, then
 * brings its task back.  1 something was recovered, 0 nothing to do, -1
 * with errno; EBUSY: a process of an old attempt cannot be ended.
 */
int recover_slot(struct spool *s, const struct slot *slot);

/* Every slot whose worker is dead; the number recovered. */
int recover_dead(struct spool *s);

#endif
