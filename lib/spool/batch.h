/* Many submissions at once: all are checked before the first is written. */
#ifndef SPOOL_BATCH_H
#define SPOOL_BATCH_H

#include "spool/refs.h"
#include "spool/submit.h"

/*
 * Up to so many are flushed one by one: the disk waits for nobody else's
 * bytes then; more are flushed by one syncfs(2).
 */
#define BATCH_FEW 16

struct batch {
	struct spool *s;
	const struct submitter *who;
	bool held;

	int spill; /* what was checked: an unlinked file in tmp/ */
	off_t size;
	char *text; /* of one record, and the room there is for it */
	size_t room;
	int64_t last_place;
	struct refs refs; /* the only part that grows, by lines with refs */
	uint64_t count;	  /* good ones */
	uint64_t queued;  /* of them, moved into place */

	bool unknown;	/* of one in place it is not known if it is on disk */
	bool unflushed; /* some are in place, but not surely on disk */
	int few[BATCH_FEW];
	struct submission few_at[BATCH_FEW];
	size_t few_count;
};

int batch_begin(struct batch *b, struct spool *s, const struct submitter *who,
    bool held);
void batch_end(struct batch *b);

/* Takes one submission's text.  0; -1 with errno, EINVAL: the complaint. */
int batch_add(struct batch *b, uint64_t line, const char *text, size_t len,
    struct complaint *c);

/*
 * All are in: what they name of each other must be there.  Each that is bad
 * is left out, and bad() told; a non-zero answer ends it.
 */
int batch_check(struct batch *b,
    int (*bad)(uint64_t line, const struct complaint *c, void *arg), void *arg);

/*
 * Writes all, moves them in, blockers first, flushes.  When it is refused
 * only those are left behind that `queued` counts and batch_ids names: none,
 * but for those in place when the disk filled up between the moves.
 */
enum submitted batch_submit(struct batch *b, struct complaint *c);

/*
 * The ids of those in place, in the order of the lines; held: it is that of
 * the task that has the line's key.
 */
int batch_ids(struct batch *b,
    int (*each)(uint64_t line, const char *id, bool held, void *arg),
    void *arg);

#endif
