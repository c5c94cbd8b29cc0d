/* Path reservations: records in reserve/ that are held by their lock. */
#ifndef SPOOL_RESERVE_H
#define SPOOL_RESERVE_H

#include "spool/spool.h"

struct glob;

struct reserve_path {
	char *text; /* absolute path, glob or resource */
	struct glob *glob;
	size_t plain; /* bytes of the text that stand for themselves */
	bool shared;
};

/* A set of paths to be held together or not at all. */
struct reserve_set {
	struct reserve_path *v;
	size_t n;
};

/*
 * Relative paths are taken from cwd, which is a path, no pattern.  -1 with
 * errno; EINVAL: *what says why.  A byte that is no UTF-8 stands for any
 * character: that reserves more, never less.
 */
int reserve_add(struct reserve_set *set, const char *cwd, const char *path,
    bool shared, const char **what);
int reserve_of_task(struct reserve_set *set, const struct task *task);

/* Does some path lie in both, and one of the two want it alone?  1, 0, -1. */
int reserve_sets_meet(const struct reserve_set *a, const struct reserve_set *b);
void reserve_free(struct reserve_set *set);

/* Who asks; what these already hold does not conflict. */
struct reserve_asker {
	const char *name; /* of the record: "ID.N", or NULL for a random one */
	const char *task; /* id or NULL */
	const char *own;  /* records that it runs under, blanks between; NULL */
	const char *parent; /* ids of the tasks that wait for it; NULL */
	const char *who;    /* in words, for lists; or NULL */
};

struct hold {
	int fd; /* the lock; inherited by the processes that hold; -1: none */
	char name[48]; /* in reserve/ */
};

/* What stands in the way; texts may be cut short. */
struct reserve_conflict {
	char path[256];	 /* of those asked for */
	char holder[48]; /* name in reserve/ */
	char held[256];	 /* by the holder; "" if that cannot be read */
	char who[128];	 /* the holder in words, "" if it does not say */
	char since[32];
	int64_t pid; /* 0 unknown */
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

/*
 * Lets go, unlinking the record and closing it: for when no other process has
 * it, since their paths would be free as well.
 */
void reserve_release(struct spool *s, struct hold *hold);

/*
 * Sleeps until the holder of the conflict lets go or dies, or so many
 * microseconds (-1: for ever).  1 it may be free now: ask again, 0 time is
 * up, -1; EINTR: a signal came.  Uses SIGALRM meanwhile.
 */
int reserve_wait(struct spool *s, const struct reserve_conflict *conflict,
    int64_t limit);

/* Is any of these records (blanks between, or NULL) held?  1, 0, -1. */
int reserve_held(struct spool *s, const char *names);

/*
 * Each record that is held, in order of its name: its line of JSON, or NULL
 * when it cannot be read.  An answer that is not 0 ends it.
 */
int reserve_list(struct spool *s,
    int (*each)(const char *name, const char *json, void *arg), void *arg);

/* Drops the records of the dead. */
int reserve_sweep(struct spool *s);

#endif
