/* Orders: end a task for good, in whatever state it is. */
#ifndef SPOOL_CANCEL_H
#define SPOOL_CANCEL_H

#include "spool/entry.h"

enum cancelled {
	CANCEL_DONE, /* it is cancelled, and that is on disk */
	CANCEL_ORDERED, /* it runs; the order is given */
	CANCEL_ENDED, /* it had ended before */
	CANCEL_NOT_FOUND,
	CANCEL_NOT_ALLOWED,
	CANCEL_TROUBLE
};

/* Only the submitter and the owner of the spool may. */
bool cancel_allowed(const struct spool *s, const struct entry *e);

/* *at tells where it is afterwards; *n the attempt that was told. */
enum cancelled cancel_task(struct spool *s, const char *id, const char *why,
    struct place *at, int *n);

#endif
