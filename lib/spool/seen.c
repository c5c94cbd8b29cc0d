#include "spool/seen.h"

#include <stdlib.h>
#include <string.h>

static uint64_t
hash(const char *word)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *word != '\0'; word++)
		h = (h ^ (unsigned char)*word) * UINT64_C(1099511628211);
	h ^= h >> 32;
	return h == 0 ? 1 : h;
}

/* The slot that has it or would take it; there is always a free one. */
static struct seen_slot *
place(struct seen_slot *slots, size_t size, uint64_t h)
{
	size_t i = (size_t)h & (size - 1);

	while (slots[i].hash != 0 && slots[i].hash != h)
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static int
grow(struct seen *set)
{
	size_t i, size = set->size == 0 ? 1024 : 2 * set->size;
	struct seen_slot *slots = calloc(size, sizeof(*slots));

	if (slots == NULL)
		return -1;
	for (i = 0; i < set->size; i++)
		if (set->slots[i].hash != 0)
			*place(slots, size, set->slots[i].hash) = set->slots[i];
	free(set->slots);
	set->slots = slots;
	set->size = size;
	return 0;
}

int
seen_add(struct seen *set, const char *word, const char *id, enum state state,
    struct seen_slot *first)
{
	uint64_t h = hash(word);
	struct seen_slot *slot;

	if (set->used >= set->size / 4 * 3 && grow(set) == -1)
		return -1;
	slot = place(set->slots, set->size, h);
	if (slot->hash != 0) {
		*first = *slot;
		return 0;
	}
	*slot = (struct seen_slot){ .hash = h, .state = (unsigned char)state };
	(void)strlcpy(slot->id, id, sizeof(slot->id));
	set->used++;
	return 1;
}

const struct seen_slot *
seen_get(const struct seen *set, const char *word)
{
	const struct seen_slot *slot;

	if (set->size == 0)
		return NULL;
	slot = place(set->slots, set->size, hash(word));
	return slot->hash == 0 ? NULL : slot;
}

void
seen_free(struct seen *set)
{
	free(set->slots);
	*set = (struct seen){ 0 };
}
