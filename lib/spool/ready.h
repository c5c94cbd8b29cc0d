/* What is ready, in the order of claiming. */
#ifndef SPOOL_READY_H
#define SPOOL_READY_H

#include "base/names.h"
#include "spool/spool.h"

/* One queue's tasks of one priority, fresh ones or those tried before. */
struct ready_lane {
	char dir[PLACE_SIZE]; /* "ready/QUEUE/P" */
	struct names buckets; /* and files that lie beside them */
	size_t next;
	struct names files; /* of the bucket that is being gone through */
	size_t file;
	char bucket[ID_BUCKET + 1]; /* "" for files beside the buckets */
};

/* All lanes of a priority: candidates come by id over all of them. */
struct ready_scan {
	struct spool *s;
	struct ready_lane *lanes;
	size_t count;
};

/* queues: NULL for all; those that are paused are left out.  0, -1; closed with ready_close. */
int ready_open(struct ready_scan *scan, struct spool *s,
    char *const *queues, size_t queue_count, int priority, bool retry);

/* The next candidate: 1 with its place, 0 at the end, -1. */
int ready_next(struct ready_scan *scan, struct place *place);
void ready_close(struct ready_scan *scan);

#endif
