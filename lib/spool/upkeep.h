/* What has come due: recover, import, promote, settle, sweep. */
#ifndef SPOOL_UPKEEP_H
#define SPOOL_UPKEEP_H

#include "spool/spool.h"

/*
 * What an idle worker does, cheap when nothing is due; *next as due_promote.
 * 0; -1 if some part met trouble, the others are done all the same.
 */
int upkeep_due(struct spool *s, int64_t *next);

/* All of it: the round that cron makes. */
int upkeep_round(struct spool *s);

/* Calls each() once, in all rounds together, for every task that failed. */
int upkeep_failed(struct spool *s,
    int (*each)(struct spool *s, const char *id, void *arg), void *arg);

#endif
