/* Workers as a look finds them: alive, at work, or dead with a task. */
#ifndef SPOOL_WORKERS_H
#define SPOOL_WORKERS_H

#include "spool/spool.h"

struct workers {
	int alive; /* hold the lock of their slot */
	int busy;  /* of those: with a task */
	int dead;  /* left something in a slot that nobody holds */
};

/* 1 the worker of that name lives, 0 it does not, -1. */
int worker_lives(struct spool *s, const char *name);

int workers_count(struct spool *s, struct workers *w);

#endif
