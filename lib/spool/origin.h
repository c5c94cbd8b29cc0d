/* Where each setting in force comes from. */
#ifndef SPOOL_ORIGIN_H
#define SPOOL_ORIGIN_H

#include "spool/settings.h"

struct origin {
	char key[2 * NAME_SIZE + 32]; /* "task.attempts", "queue.one.running" */
	char value[200];
	char file[256]; /* "" for a built-in value */
	int line;
};

/*
 * Calls each() for every setting: those of taskdir.conf in their order, then
 * what queues.conf says.  A non-zero answer ends it; -1 with errno, EINVAL
 * with the fault.
 */
int origin_each(struct spool *s, struct settings_fault *fault,
    int (*each)(const struct origin *origin, void *arg), void *arg);

#endif
