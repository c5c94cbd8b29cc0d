/* Stays with a task until it ends, as if it were run here. */
#ifndef CLI_FOLLOW_H
#define CLI_FOLLOW_H

#include "spool/spool.h"

/*
 * Says the id on stderr, copies what all attempts print to stdout, and
 * answers the task's exit status.  SIGINT, SIGTERM and SIGHUP end the
 * caller, not the task.
 */
int follow_task(struct spool *s, const char *id);

#endif
