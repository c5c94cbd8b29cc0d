#include "task/utf8.h"

#include <string.h>

static int32_t unescape_u(const char **, const char *, const char **);
static int32_t hex4(const char *, const char *);

static const struct {
	unsigned char mask;
	unsigned char lead;
	int32_t min;
} forms[] = {
	{ 0x80, 0x00, 0 },
	{ 0xe0, 0xc0, 0x80 },
	{ 0xf0, 0xe0, 0x800 },
	{ 0xf8, 0xf0, 0x10000 },
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

int32_t
utf8_next(const char **s, const char *end)
{
	const unsigned char *p = (const unsigned char *)*s;
	size_t n = 0, i;
	int32_t c;

	while (n < FORMS && (*p & forms[n].mask) != forms[n].lead)
		n++;
	if (n == FORMS || (size_t)(end - *s) <= n)
		return -1;
	c = *p & (unsigned char)~forms[n].mask;
	for (i = 1; i <= n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < forms[n].min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return -1;
	*s += n + 1;
	return c;
}

int32_t
utf8_unescape(const char **s, const char *end, const char **what)
{
	static const char letters[] = "\"\\/bfnrt", chars[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int32_t c;

	if ((unsigned char)**s < 0x20) {
		*what = "raw control character in a string";
		return -1;
	}
	if (**s != '\\') {
		if ((c = utf8_next(s, end)) == -1)
			*what = "not UTF-8";
		return c;
	}
	*what = "unknown escape";
	if (end - *s < 2)
		return -1;
	if ((*s)[1] == 'u')
		return unescape_u(s, end, what);
	found = memchr(letters, (*s)[1], sizeof(letters) - 1);
	if (found == NULL)
		return -1;
	*s += 2;
	return chars[found - letters];
}

static int32_t
unescape_u(const char **s, const char *end, const char **what)
{
	int32_t c = hex4(*s, end), low;

	if (c == -1)
		return -1;
	if (c == 0) {
		*what = "\\u0000 in a string";
		return -1;
	}
	if (c < 0xd800 || c > 0xdfff) {
		*s += 6;
		return c;
	}
	low = hex4(*s + 6, end);
	if (c > 0xdbff || low < 0xdc00 || low > 0xdfff) {
		*what = "lone surrogate";
		return -1;
	}
	*s += 12;
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

/* The value of \uXXXX, or -1. */
static int32_t
hex4(const char *s, const char *end)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *found;
	int32_t c = 0, i, digit;

	if (end - s < 6 || s[0] != '\\' || s[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		found = memchr(digits, s[i], sizeof(digits) - 1);
		if (found == NULL)
			return -1;
		digit = (int32_t)(found - digits);
		c = c << 4 | (digit < 16 ? digit : digit - 6);
	}
	return c;
}

size_t
utf8_put(char buf[4], int32_t c)
{
	size_t n = FORMS - 1, i;

	while (c < forms[n].min)
		n--;
	for (i = n; i > 0; i--) {
		buf[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	buf[0] = (char)(forms[n].lead | c);
	return n + 1;
}
