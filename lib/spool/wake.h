/* A word to whoever sleeps: there may be something to claim. */
#ifndef SPOOL_WAKE_H
#define SPOOL_WAKE_H

#include "spool/spool.h"

/* Workers watch WAKE_FOLDER; the file is only written, never read. */
#define WAKE_FOLDER "ctl"
#define WAKE_FILE   "ctl/wake"

void wake_workers(struct spool *s);

#endif
