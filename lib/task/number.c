#include "task/number.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS	  17 /* of a decimal number that a double can hold */
#define INT_LIMIT 9007199254740991.0 /* 2^53 - 1 */
#define EXP_LIMIT 100000000 /* more than the digits of a text make up for */

static bool one_of(const char *, const char *, const char *);
static bool digits(const char **, const char *);
static const char *loss_by_size(const char *, bool);
static long exponent(const char *, const char *);

bool
number_next(const char **s, const char *end)
{
	*s += one_of(*s, end, "-");
	if (one_of(*s, end, "0"))
		(*s)++;
	else if (!digits(s, end))
		return false;
	if (one_of(*s, end, ".")) {
		(*s)++;
		if (!digits(s, end))
			return false;
	}
	if (one_of(*s, end, "eE")) {
		(*s)++;
		*s += one_of(*s, end, "+-");
		if (!digits(s, end))
			return false;
	}
	return !one_of(*s, end, "0123456789.eE+-");
}

static bool
one_of(const char *s, const char *end, const char *set)
{
	return s < end && *s != '\0' && strchr(set, *s) != NULL;
}

static bool
digits(const char **s, const char *end)
{
	const char *start = *s;

	while (one_of(*s, end, "0123456789"))
		(*s)++;
	return *s > start;
}

/*
 * strtod gets the digits as one whole number with an exponent, so the decimal
 * point of a locale cannot matter (and no program sets LC_NUMERIC).
 */
const char *
number_loss(const char *s, const char *end)
{
	char text[DIGITS + 32];
	const char *p;
	size_t n = 0, zeros = 0;
	long shift = 0;
	bool fraction = false;

	for (p = s; p < end && !one_of(p, end, "eE"); p++) {
		fraction = fraction || *p == '.';
		if (*p == '.' || *p == '-')
			continue;
		shift -= fraction;
		if (*p == '0') {
			zeros += n > 0;
			continue;
		}
		for (; zeros > 0 && n < DIGITS; zeros--)
			text[n++] = '0';
		if (n == DIGITS)
			return "more than 17 digits";
		text[n++] = *p;
	}
	if (n == 0)
		return NULL;
	shift += (long)zeros + exponent(p, end);
	(void)snprintf(text + n, sizeof(text) - n, "e%ld", shift);
	return loss_by_size(text, p == end && !fraction);
}

static const char *
loss_by_size(const char *text, bool whole)
{
	int saved = errno;
	double value = strtod(text, NULL);

	errno = saved;
	if (whole && value > INT_LIMIT)
		return "integer beyond 2^53-1";
	if (!isfinite(value))
		return "number too large";
	return value < DBL_MIN ? "number too small" : NULL;
}

static long
exponent(const char *s, const char *end)
{
	bool minus = false;
	long e = 0;

	for (; s < end; s++) {
		minus = minus || *s == '-';
		if (one_of(s, end, "0123456789") && e < EXP_LIMIT)
			e = e * 10 + (*s - '0');
	}
	return minus ? -e : e;
}
