/* How many may run at once, by queue and by project: slots held by flock. */
#ifndef SPOOL_LIMIT_H
#define SPOOL_LIMIT_H

#include "spool/spool.h"

#define LIMIT_PROJECT "project."

/*
 * Takes one of so many slots (most > 0) of ctl/limit/NAME; name is a
 * queue's, or a project's behind LIMIT_PROJECT.  1 with the lock in *fd,
 * which the attempt's processes inherit; 0 all are taken; -1.
 */
int limit_take(struct spool *s, const char *name, int most, int *fd);

/* Is one free just now?  1, 0, -1. */
int limit_look(struct spool *s, const char *name, int most);

#endif
