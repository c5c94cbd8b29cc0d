/* What has come due: recover, import, promote, settle, sweep. */
#ifndef SPOOL_UPKEEP_H
#define SPOOL_UPKEEP_H

#include "spool/spool.h"

/* All of it, as cron's round; -1 if some part met trouble. */
int upkeep_round(struct spool *s);

/* What an idle worker does: cheap when nothing is due; *next as due_promote. */
int upkeep_due(struct spool *s, int64_t *next);

#endif
