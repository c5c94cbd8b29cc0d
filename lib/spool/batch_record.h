/* What a batch spills: one record for each line that is good so far. */
#ifndef SPOOL_BATCH_RECORD_H
#define SPOOL_BATCH_RECORD_H

#include "spool/batch.h"

enum stand {
	STAND_GOOD,
	STAND_KEYED, /* good, and its key is asked for when its turn comes */
	STAND_BAD,
	STAND_IN_PLACE,
	STAND_HELD /* its key is: the id is the holder's */
};

/* In front of each text in the spill. */
struct record {
	uint64_t line;
	size_t len, ref;
	enum stand stand;
	char id[ID_SIZE];
};

int record_get(struct batch *b, struct record *rec, off_t at);
int record_put(struct batch *b, const struct record *rec, off_t at);

/* Its text, in b->text until the next one is asked for. */
int record_text(struct batch *b, const struct record *rec, off_t at);

/*
 * Calls each() for every good record, in the order of the lines; a non-zero
 * answer ends it.
 */
int record_each(struct batch *b,
    int (*each)(struct batch *b, struct record *rec, off_t at, void *arg),
    void *arg);

#endif
