/* One pass over the records in reserve/: what taking and looking share. */
#ifndef SPOOL_RESERVE_SCAN_H
#define SPOOL_RESERVE_SCAN_H

#include "spool/reserve.h"

#define RESERVE_FOLDER "reserve"

struct reserve_scan {
	int dir;
	bool drop;		       /* the mutex is ours */
	const struct reserve_set *set; /* NULL: nothing is asked for */
	const struct reserve_asker *who;
	struct reserve_conflict *conflict;
};

/* 1 nothing stands in the way, 0 something does, -1. */
int reserve_scan(struct reserve_scan *k);

/* For the conflict's holder. */
void conflict_with(struct reserve_conflict *c, const char *name);

#endif
