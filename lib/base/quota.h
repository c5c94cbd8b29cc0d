/* Memory and processes of an attempt, kept to a limit by a cgroup. */
#ifndef BASE_QUOTA_H
#define BASE_QUOTA_H

#include <stdint.h>

#define QUOTA_PATH 512

enum quota_kind {
	QUOTA_MEMORY,	/* bytes, swapped ones too */
	QUOTA_PROCESSES /* and threads */
};

struct quota {
	const char *level; /* "cgroup v2", "cgroup v1"; NULL: not in force */
	enum quota_kind kind;
	char path[QUOTA_PATH];
	int join; /* v1: who writes "0" to it is in it, else -1 */
	int64_t before;
};
#define QUOTA_NONE { .join = -1 }

/*
 * By the cgroup v2 that the attempt starts in (its path, "" if there is
 * none), else by one of v1 that is made with that name.  0; -1 with errno
 * where neither can be had.
 */
int quota_open(struct quota *q, enum quota_kind kind, int64_t limit,
    const char *group, const char *name);

/* How often something ran into it: was killed, could not be started. */
int64_t quota_hits(const struct quota *q);

/* Takes it back, when all that was in it is gone. */
void quota_close(struct quota *q);

/* What one that died left of those, by the same cgroup and name. */
void quota_sweep(const char *group, const char *name);

#endif
