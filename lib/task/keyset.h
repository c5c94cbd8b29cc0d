/* The keys seen so far, object by object, to find one that comes twice. */
#ifndef TASK_KEYSET_H
#define TASK_KEYSET_H

#include <stddef.h>
#include <stdint.h>

struct keyset_slot;

/* All zero is an empty set. */
struct keyset {
	struct keyset_slot *slots;
	size_t size;
	size_t used;
	uint64_t secret;
};

/*
 * Adds a checked key, as written between its quotes, of the object with that
 * number (from 1). The key's bytes must outlive the set. 1 when it is new, 0
 * when the object has it already, -1 with errno on exhaustion.
 */
int keyset_add(struct keyset *set, uint32_t object, const char *key,
    size_t len);
void keyset_free(struct keyset *set);

#endif
