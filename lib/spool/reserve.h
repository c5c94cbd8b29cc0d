/* Path reservations: records in reserve/ that are held by their lock. */
#ifndef SPOOL_RESERVE_H
#define SPOOL_RESERVE_H

#include <stdio.h>

#include "spool/spool.h"

struct glob;

struct reserve_path {
	char *text; /* absolute path, glob or resource */
	struct glob *glob;
	bool shared;
};

/* A set of paths to be held together or not at all. */
struct reserve_set {
	struct reserve_path *v;
	size_t n;
};

/* Relative paths are taken from cwd.  EINVAL: *what says why. */
int reserve_add(struct reserve_set *set, const char *cwd, const char *path,
    bool shared, const char **what);
int reserve_of_task(struct reserve_set *set, const struct task *task);
void reserve_free(struct reserve_set *set);

/* Who asks; what these already hold does not conflict. */
struct reserve_asker {
	const char *name; /* of the record: "ID.N", or NULL for a random one */
	const char *task; /* id or NULL */
	const char *own; /* record of the attempt that it runs in, or NULL */
	const char *parent; /* id of the task that waits for it, or NULL */
	const char *who; /* in words, for lists; or NULL */
};

struct hold {
	int fd; /* the lock; inherited by the processes that hold; -1: none */
	char name[48]; /* in reserve/ */
};

/* What stands in the way. */
struct reserve_conflict {
	char path[256], holder[48], held[256];
	int64_t pid;
};

/*
 * All or nothing.  1 held (an empty set holds nothing: fd is -1), 0 some
 * conflict, -1 trouble.  The record is close-on-exec until it is passed on.
 */
int reserve_take(struct spool *s, const struct reserve_set *set,
    const struct reserve_asker *who, struct hold *hold,
    struct reserve_conflict *conflict);

/* 1 free now, 0 conflict, -1: a look without the mutex, no promise. */
int reserve_look(struct spool *s, const struct reserve_set *set,
    const struct reserve_asker *who, struct reserve_conflict *conflict);

/* Lets go (unlinks the record, closes): only when none of its processes live. */
void reserve_release(struct spool *s, struct hold *hold);

/*
 * Waits until the holder of the conflict lets go, or so many microseconds
 * (-1: for ever).  1 it may be free now, 0 time is up, -1.
 */
int reserve_wait(struct spool *s, const struct reserve_conflict *conflict,
    int64_t limit);

/* One line of JSON for each holder that lives, in order of its name. */
int reserve_list(struct spool *s, int (*each)(const char *json, void *arg),
    void *arg);

/* Drops the records of the dead. */
int reserve_sweep(struct spool *s);

#endif
