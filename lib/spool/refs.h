/* The lines of a batch that name each other: who is whose blocker. */
#ifndef SPOOL_REFS_H
#define SPOOL_REFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "task/task.h"

#define REFS_NONE SIZE_MAX

/* Kept in memory for as long as the batch is: some 100 bytes each. */
struct ref_line {
	uint64_t line;
	off_t at;     /* of its record */
	char *ref;    /* its own, or NULL */
	char **after; /* refs of its blockers */
	size_t after_count, next;
	enum {
		REF_NEW,
		REF_OPEN,
		REF_GOOD,
		REF_BAD
	} mark;
	bool written;
	bool renamed; /* its key is held: the id is the holder's */
	char id[ID_SIZE];
};

struct refs {
	struct ref_line *v;
	size_t n, room;
	size_t *table; /* by the hash of the ref: an index, or REFS_NONE */
	size_t slots;
};

void refs_free(struct refs *r);

/*
 * Adds a line if it has a ref or names one; *which is its index, REFS_NONE
 * if it has none.  0; -1 with errno, EINVAL with the complaint.
 */
int refs_add(struct refs *r, uint64_t line, off_t at, const char *id,
    const struct task *task, size_t *which, struct complaint *c);

/* REFS_NONE if no line has that ref. */
size_t refs_find(const struct refs *r, const char *ref);

/*
 * Marks each line: bad when a blocker is not there, bad itself, or waits for
 * it in turn.  bad() is told of each; a non-zero answer ends it.  0, -1.
 */
int refs_check(struct refs *r,
    int (*bad)(size_t which, const struct complaint *c, void *arg), void *arg);

/*
 * Calls each() for the line's blockers, and theirs, that are not written yet,
 * blockers first, then for itself, and marks them written.  A non-zero answer
 * ends it.
 */
int refs_order(struct refs *r, size_t which,
    int (*each)(size_t which, void *arg), void *arg);

#endif
