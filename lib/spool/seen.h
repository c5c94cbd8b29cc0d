/* A set of words that were met, each with the task that it was met in. */
#ifndef SPOOL_SEEN_H
#define SPOOL_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "task/id.h"
#include "task/state.h"

struct seen_slot {
	uint64_t hash; /* of the word, all that is kept of it; 0: none */
	char id[ID_SIZE];
	unsigned char state;
};

/* All zero is an empty set. */
struct seen {
	struct seen_slot *slots;
	size_t size, used;
};

/*
 * Adds the word.  1 it is new; 0 it, or one with the same hash, was met
 * before, in *first; -1 with errno.
 */
int seen_add(struct seen *set, const char *word, const char *id,
    enum state state, struct seen_slot *first);

/* NULL if it was not met. */
const struct seen_slot *seen_get(const struct seen *set, const char *word);
void seen_free(struct seen *set);

#endif
