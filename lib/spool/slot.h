/* running/WORKER: a worker's slot, and the lock of the attempt in it. */
#ifndef SPOOL_SLOT_H
#define SPOOL_SLOT_H

#include "spool/spool.h"

#define SLOT_KEY 27 /* an attempt's random key and its NUL */

struct slot {
	char name[NAME_SIZE];
	int dir;
	int lock; /* held while the worker lives; close-on-exec */
};

/* Takes the slot; EWOULDBLOCK if another worker lives in it. */
int slot_take(struct spool *s, const char *name, struct slot *slot);
void slot_leave(struct slot *slot);

/* The attempt's own lock file, made new before anything runs. */
struct attempt_lock {
	char name[ID_SIZE + 16]; /* "ID.N.lock" */
	char key[SLOT_KEY];
	char cgroup[160]; /* path of its cgroup, "" if none */
	int n;
	int fd; /* inherited by the attempt's processes */
};
int attempt_lock_make(const struct slot *slot, const char *id, int n,
    const char *cgroup, struct attempt_lock *lock);
/* 1 read, 0 there is none, -1.  The descriptor is open but not locked. */
int attempt_lock_read(int slot_dir, const char *name,
    struct attempt_lock *lock);

/* Names in a slot: "ID.N.lock", "ID.N.cancel", "ID.N.finish" … */
void slot_name(char name[ID_SIZE + 16], const char *id, int n,
    const char *kind);
/* Splits such a name; false if it is none. */
bool slot_name_split(const char *name, char id[ID_SIZE], int *n,
    const char **kind);

/* A slot is free for a task when no attempt's lock is held in it. */
int slot_is_clear(const struct slot *slot);

/* The task file in the slot; 1 and its id, 0 none, -1. */
int slot_task(int slot_dir, char id[ID_SIZE]);

/* An order to a running attempt, or its own word on its end. */
struct order {
	int64_t at;
	char by[64], host[64], why[160];
	int exit; /* of a finish: -1 if not said */
	char *result; /* raw JSON of a finish, or NULL */
};
int order_put(struct spool *s, const char *worker, const char *id, int n,
    const char *kind, const struct order *order);
/* 1 there is one, 0 none, -1. */
int order_get(int slot_dir, const char *id, int n, const char *kind,
    struct order *order);

#endif
