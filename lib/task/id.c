#include "task/id.h"

#include <stddef.h>
#include <string.h>

#define EPOCH_2020 INT64_C(1577836800000000)
#define PLACE_BITS 55
#define DICE_BITS  25

static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

static void
spell(uint64_t value, int n, char *text)
{
	for (text[n] = '\0'; n > 0; value >>= 5)
		text[--n] = digits[value & 31];
}

static uint64_t
value_of(const char *text, int n)
{
	uint64_t value = 0;
	const char *d;

	for (; n > 0; n--, text++) {
		d = *text == '\0' ? NULL : strchr(digits, *text);
		value = value << 5 | (d == NULL ? 0 : (uint64_t)(d - digits));
	}
	return value;
}

void
id_place(int64_t at, char place[ID_PLACE + 1])
{
	const uint64_t last = (UINT64_C(1) << PLACE_BITS) - 1;
	uint64_t since = 0;

	if (at > EPOCH_2020)
		since = (uint64_t)(at - EPOCH_2020);
	spell(since > last ? last : since, ID_PLACE, place);
}

int64_t
id_place_time(const char *place)
{
	return (int64_t)value_of(place, ID_PLACE) + EPOCH_2020;
}

void
id_make(int64_t at, uint32_t dice, char id[ID_SIZE])
{
	id_place(at, id);
	spell(dice & ((1U << DICE_BITS) - 1), ID_LEN - ID_PLACE, id + ID_PLACE);
}

bool
id_ok(const char *id)
{
	return strlen(id) == ID_LEN && strspn(id, digits) == ID_LEN;
}

int64_t
id_time(const char *id)
{
	return id_place_time(id);
}

void
id_bucket(const char *id, char bucket[ID_BUCKET + 1])
{
	memcpy(bucket, id, ID_BUCKET);
	bucket[ID_BUCKET] = '\0';
}

bool
name_ok(const char *name)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t len = strlen(name);

	if (len == 0 || len >= NAME_SIZE || strchr(first, *name) == NULL)
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}
