/* A word to whoever sleeps: there may be something to claim. */
#ifndef SPOOL_WAKE_H
#define SPOOL_WAKE_H

#include "spool/spool.h"

/*
 * Sleepers watch the folder for IN_CLOSE_WRITE; the file stays empty, so that
 * a word costs the disk nothing.
 */
#define WAKE_FOLDER "ctl"
#define WAKE_FILE   "ctl/wake"

void wake_workers(struct spool *s);

#endif
