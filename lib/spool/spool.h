/* An open spool, and where in it the folder of each thing is. */
#ifndef SPOOL_SPOOL_H
#define SPOOL_SPOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "task/state.h"
#include "task/task.h"

#define SPOOL_FORMAT "taskdir 1\n"
#define PLACE_SIZE   192

struct settings;

struct spool {
	int dir; /* every path in lib/spool is relative to it */
	char *path; /* absolute, for people and for tasks */
	uid_t owner;
	struct settings *settings; /* read when first asked for */
	/* Told when a lock was waited for 5 s; may be NULL. */
	void (*waiting)(const char *path, int holder);
};

/*
 * Which spool: the given one, $TASKDIR, the nearest .taskdir/ from here
 * upwards, the personal one.  An absolute path, the caller frees; NULL with
 * errno.  *personal: it is the one that may be made without being asked.
 */
char *spool_choose(const char *given, bool *personal);

/* -1 with errno: ENOENT no spool there, EPROTO a format not known. */
int spool_open(const char *path, struct spool *s);
void spool_close(struct spool *s);

/*
 * Lays a new spool down, or ends what somebody began.  EEXIST if the folder is
 * a spool already, ENOTEMPTY if it holds something else.
 */
int spool_make(const char *path);

/* Members of the group may drop tasks into new/, and see no other's. */
int spool_share(const char *path, gid_t group);

/* Locks exclusively, telling who holds it after 5 s.  0, -1. */
int spool_lock(struct spool *s, int fd, const char *path);

/* Flushes a folder by its path, and so many of those above it. */
int spool_flush_folder(struct spool *s, const char *path, int above);

/* A task's file: its state, its folder and its name. */
struct place {
	enum state state;
	char dir[PLACE_SIZE]; /* "ready/default/2/0c2xhnw" */
	char name[ID_SIZE + 5]; /* "ID.json" */
};

/* Where a task belongs in a state; retry: beside the fresh ones. */
void place_of(struct place *p, enum state state, const char *id,
    const struct task *task, bool retry);
void place_running(struct place *p, const char *id, const char *worker);

/* "DIR/NAME", and the same below a folder of its own. */
void place_path(const struct place *p, char path[PLACE_SIZE]);

/* Is this the name of a task's file?  Fills the id. */
bool place_name_ok(const char *name);
void place_id(const struct place *p, char id[ID_SIZE]);

/* The log of an attempt: "log/DAY/ID.N.log". */
void place_log(char path[PLACE_SIZE], const char *id, int n);

/*
 * Makes the folder and those above it as needed, opens it, and counts in
 * *made how many of them are new (and so must be flushed by their names).
 */
int place_folder(struct spool *s, const char *dir, int *made);

#endif
