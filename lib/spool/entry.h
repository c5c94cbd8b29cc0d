/* A task's file, opened to be read or changed: grow it, move it, flush it. */
#ifndef SPOOL_ENTRY_H
#define SPOOL_ENTRY_H

#include "spool/spool.h"
#include "task/history.h"
#include "task/task.h"

struct entry {
	struct place at;
	int fd; /* flock'd while it is open for change */
	struct task *task;
	struct history history; /* as it was when opened */
	off_t tail; /* where the next entry goes */
	const char *before; /* what goes in front of it */
	int made; /* folders made by the last move */
};

/*
 * Opens for change: takes the flock, looks that the name still leads to the
 * file, cuts a torn tail back, reads.  1 open, 0 not there (any more), -1
 * with errno; EINVAL: unreadable, complained of in *c (see bad_put).
 */
int entry_open(struct spool *s, const struct place *place, struct entry *e,
    struct complaint *c);

/* The same for looking: no lock is kept, nothing is changed, fd is -1. */
int entry_read(struct spool *s, const struct place *place, struct entry *e,
    struct complaint *c);
void entry_close(struct entry *e);

/*
 * Lets the lock go and keeps the file; then takes it again and reads what
 * was added: 1 the name still leads to it, 0 it does not, -1 as entry_open.
 */
void entry_unlock(struct entry *e);
int entry_relock(struct spool *s, struct entry *e, struct complaint *c);
#define AUTO_ENTRY __attribute__((cleanup(entry_close))) struct entry
#define ENTRY_NONE { .fd = -1 }

/* Appends one entry of the history by one write. */
int entry_append(struct entry *e, const char *text, size_t len);

/*
 * Renames it to its place in another state.  1 moved, 0 it was gone, -1.
 * entry_flush then makes that durable: the file and the folder's name.
 */
int entry_move(struct spool *s, struct entry *e, const struct place *to);
int entry_flush(struct spool *s, struct entry *e);

/* Move, append what happened, flush: every change but claim and end. */
int entry_change(struct spool *s, struct entry *e, const struct place *to,
    const struct event *event);

/* Appends what happened and flushes: it stays where it is.  0, -1. */
int entry_note(struct spool *s, struct entry *e, const struct event *event);

/* Reads until it is found or surely not there, however it moves. */
int entry_find(struct spool *s, const char *id, struct entry *e,
    struct complaint *c);
int entry_find_read(struct spool *s, const char *id, struct entry *e,
    struct complaint *c);

/*
 * Quarantine: moves it whole into bad/ with a .why beside it, under its own
 * or another name.  1 moved, 0 it was gone, -1.
 */
int bad_put(struct spool *s, const char *dir, const char *name,
    const char *why);
int bad_put_as(struct spool *s, const char *dir, const char *name,
    const char *as, const char *why);

/* Why entry_open failed: is the file itself wrong, and not what passes? */
bool bad_is_unreadable(int error);

#endif
