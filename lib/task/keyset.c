#include "task/keyset.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "task/utf8.h"

#define PRIME (((uint64_t)1 << 61) - 1)
#define FIRST 64

struct keyset_slot {
	uint64_t hash;
	const char *key; /* NULL in a free slot */
	size_t len;
	uint32_t object;
};

static int grow(struct keyset *);
static uint64_t secret_point(const struct keyset *);
static uint64_t key_hash(uint64_t, const struct keyset_slot *);
static struct keyset_slot *find(const struct keyset *,
    const struct keyset_slot *);
static bool same(const struct keyset_slot *, const struct keyset_slot *);

int
keyset_add(struct keyset *set, uint32_t object, const char *key, size_t len)
{
	struct keyset_slot new = { .key = key, .len = len, .object = object };
	struct keyset_slot *slot;

	if (set->used * 2 >= set->size && grow(set) == -1)
		return -1;
	new.hash = key_hash(set->secret, &new);
	slot = find(set, &new);
	if (slot->key != NULL)
		return 0;
	*slot = new;
	set->used++;
	return 1;
}

void
keyset_free(struct keyset *set)
{
	free(set->slots);
	memset(set, 0, sizeof(*set));
}

static int
grow(struct keyset *set)
{
	struct keyset larger = *set;
	size_t i;

	if (set->size == 0)
		larger.secret = secret_point(set);
	larger.size = set->size == 0 ? FIRST : set->size * 2;
	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (larger.slots == NULL)
		return -1;
	for (i = 0; i < set->size; i++)
		if (set->slots[i].key != NULL)
			*find(&larger, &set->slots[i]) = set->slots[i];
	free(set->slots);
	*set = larger;
	return 0;
}

/*
 * The kernel's gift of random bytes at exec needs no system call; where there
 * is none, the place of the stack has to do.
 */
static uint64_t
secret_point(const struct keyset *set)
{
	unsigned long at = getauxval(AT_RANDOM);
	uint64_t secret = (uintptr_t)set;
	const void *gift;

	memcpy(&gift, &at, sizeof(gift));
	if (gift != NULL)
		memcpy(&secret, gift, sizeof(secret));
	return secret % (PRIME - 2) + 2;
}

/*
 * The key is a polynomial modulo a prime, taken at a secret point: whoever
 * does not know the point cannot choose keys that meet in one slot.
 */
static uint64_t
key_hash(uint64_t secret, const struct keyset_slot *slot)
{
	const char *s = slot->key, *end = s + slot->len, *what;
	unsigned __int128 wide;
	uint64_t h = slot->object;

	while (s < end) {
		wide = (unsigned __int128)h * secret +
		       (uint64_t)utf8_unescape(&s, end, &what);
		h = (uint64_t)(wide & PRIME) + (uint64_t)(wide >> 61);
		if (h >= PRIME)
			h -= PRIME;
	}
	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

/* The slot that holds the key or, if none does, the free one meant for it. */
static struct keyset_slot *
find(const struct keyset *set, const struct keyset_slot *sought)
{
	size_t i = sought->hash & (set->size - 1);

	while (set->slots[i].key != NULL && !same(&set->slots[i], sought))
		i = (i + 1) & (set->size - 1);
	return &set->slots[i];
}

static bool
same(const struct keyset_slot *a, const struct keyset_slot *b)
{
	const char *s = a->key, *s_end = s + a->len;
	const char *t = b->key, *t_end = t + b->len, *what;

	if (a->hash != b->hash || a->object != b->object)
		return false;
	while (s < s_end && t < t_end)
		if (utf8_unescape(&s, s_end, &what) !=
		    utf8_unescape(&t, t_end, &what))
			return false;
	return s == s_end && t == t_end;
}
