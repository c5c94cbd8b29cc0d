/* running/WORKER: a worker's slot, and the lock of the attempt in it. */
#ifndef SPOOL_SLOT_H
#define SPOOL_SLOT_H

#include "spool/spool.h"

#define SLOT_KEY       27 /* an attempt's random key and its NUL */
#define SLOT_NAME_SIZE (ID_SIZE + 24)

struct slot {
	char name[NAME_SIZE];
	int dir;
	int lock; /* held while the worker lives; close-on-exec */
};

/* Takes the slot; EWOULDBLOCK if another worker lives in it. */
int slot_take(struct spool *s, const char *name, struct slot *slot);

/* The same for a slot that exists, to recover it: its lock says nothing new. */
int slot_try(struct spool *s, const char *name, struct slot *slot);
void slot_leave(struct slot *slot);

/* The attempt's own lock file, made new before anything runs. */
struct attempt_lock {
	char name[SLOT_NAME_SIZE]; /* "ID.N.lock" */
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
void slot_name(char name[SLOT_NAME_SIZE], const char *id, int n,
    const char *kind);
/* Splits such a name; false if it is none. */
bool slot_name_split(const char *name, char id[ID_SIZE], int *n,
    const char **kind);

/* A slot is free for a task when no attempt's lock is held in it. */
int slot_is_clear(const struct slot *slot);

/* The task file in the slot; 1 and its id, 0 none, -1. */
int slot_task(int slot_dir, char id[ID_SIZE]);

/* Unlinks all that is named for the attempt, its lock last. */
void slot_sweep(int slot_dir, const char *id, int n);

#endif
