/*
 * How many tasks there are, by state and by queue.  No file is opened: names
 * and folders say it all, and the memory grows with the queues only.
 */
#ifndef SPOOL_CENSUS_H
#define SPOOL_CENSUS_H

#include "spool/workers.h"

#define CENSUS_AGES 11 /* under 1 minute, 2, 4 … 512, and over that */

struct census_queue {
	char name[NAME_SIZE];
	uint64_t ready, again; /* again: of those, tried before */
	uint64_t by_priority[PRIORITY_COUNT];
	uint64_t by_age[CENSUS_AGES];
	int64_t oldest; /* the place of the oldest ready task, 0: none */
	bool paused;
	char pause[192]; /* "AT by WHO: WHY" */
};

struct census {
	int64_t now;
	uint64_t states[STATE_COUNT];
	uint64_t drops, bad;	     /* in new/ and bad/ */
	struct census_queue *queues; /* by name: ready tasks, or paused */
	size_t n;
	bool paused;
	char pause[192];    /* of all queues */
	char degraded[192]; /* since when and why, "" for sound */
	struct workers workers;
};

/* 0, or -1 with errno; freed with census_free in any case. */
int census_take(struct spool *s, int64_t now, struct census *c);
void census_free(struct census *c);

#endif
