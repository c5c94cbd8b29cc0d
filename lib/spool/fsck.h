/* Looks at every guarantee of a spool, beside whoever works in it. */
#ifndef SPOOL_FSCK_H
#define SPOOL_FSCK_H

#include "spool/spool.h"

struct finding {
	const char *guarantee; /* "G1" to "G9", see taskdir(5) */
	const char *kind;      /* one word */
	const char *object;    /* an id, a worker, a record or a path */
	const char *words;
};

/*
 * Nothing is changed.  What moves looks wrong for a moment: what was found is
 * looked at again, for some seconds, and each() is called, in order, with
 * what was so every time.  now: what age is told by.  The number of findings;
 * -1 with errno, or when each() does not answer 0.
 */
int fsck_check(struct spool *s, int64_t now,
    int (*each)(const struct finding *finding, void *arg), void *arg);

#endif
