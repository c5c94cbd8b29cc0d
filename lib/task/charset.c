#include "task/charset.h"

#include <stdlib.h>
#include <string.h>

#define RAW  0x110000
#define LAST (RAW + 0xff)

/* What no name holds: NUL, the slash, surrogates, raw bytes that are ASCII. */
static const struct span never[] = {
	{ 0, 0 },
	{ '/', '/' },
	{ 0xd800, 0xdfff },
	{ RAW, RAW + 0x7f },
};

static int by_first(const void *, const void *);
static size_t lead_length(unsigned char);
static size_t opposite(struct span *, size_t);

uint32_t
charset_read(const char **s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)*s;
	size_t len = lead_length(*p), i;
	uint32_t c;

	(*s)++;
	if (len == 1)
		return *p;
	c = *p & (0x7fU >> len);
	for (i = 1; i < len && (p[i] & 0xc0) == 0x80; i++)
		c = c << 6 | (p[i] & 0x3fU);
	if (len == 0 || i < len || c < least[len] || c >= RAW ||
	    (c >= 0xd800 && c <= 0xdfff))
		return RAW + *p;
	*s += len - 1;
	return c;
}

static size_t
lead_length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xc0 || c > 0xf7)
		return 0;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

size_t
charset_tidy(struct span *set, size_t n, bool invert)
{
	if (!invert)
		n = opposite(set, n);
	memcpy(set + n, never, sizeof(never));
	return opposite(set, n + sizeof(never) / sizeof(never[0]));
}

static size_t
opposite(struct span *set, size_t n)
{
	uint32_t from = 0;
	size_t kept = 0;

	qsort(set, n, sizeof(*set), by_first);
	for (size_t i = 0; i < n; i++) {
		struct span s = set[i];

		if (s.first > from)
			set[kept++] = (struct span){ from, s.first - 1 };
		if (s.last >= from)
			from = s.last + 1;
	}
	if (from <= LAST)
		set[kept++] = (struct span){ from, LAST };
	return kept;
}

static int
by_first(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}
