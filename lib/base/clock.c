#include "base/clock.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t
clock_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * CLOCK_SECOND + ts.tv_nsec / 1000;
}

int64_t
clock_steady(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * CLOCK_SECOND + ts.tv_nsec / 1000;
}

static void
split(int64_t at, struct tm *tm, int *micro)
{
	time_t sec = at / CLOCK_SECOND;

	*micro = (int)(at % CLOCK_SECOND);
	if (*micro < 0) {
		*micro += (int)CLOCK_SECOND;
		sec--;
	}
	(void)gmtime_r(&sec, tm);
}

void
clock_format(int64_t at, char text[CLOCK_TEXT])
{
	struct tm tm;
	int micro;

	split(at, &tm, &micro);
	(void)snprintf(text, CLOCK_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ",
	    (unsigned int)(tm.tm_year + 1900) % 10000U,
	    (unsigned int)(tm.tm_mon + 1) % 100U,
	    (unsigned int)tm.tm_mday % 100U, (unsigned int)tm.tm_hour % 100U,
	    (unsigned int)tm.tm_min % 100U, (unsigned int)tm.tm_sec % 100U,
	    (unsigned int)micro % 1000000U);
}

void
clock_day(int64_t at, char day[CLOCK_DAY])
{
	char text[CLOCK_TEXT];

	clock_format(at, text);
	memcpy(day, text, CLOCK_DAY - 1);
	day[CLOCK_DAY - 1] = '\0';
}

/* Exactly n digits; -1 if there are not so many. */
static int
digits(const char **p, int n)
{
	int value = 0;

	for (; n > 0; n--, (*p)++) {
		if (!isdigit((unsigned char)**p))
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value;
}

static bool
after_sign(const char **p, const char *signs)
{
	if (**p == '\0' || strchr(signs, **p) == NULL)
		return false;
	(*p)++;
	return true;
}

static int
parse_offset(const char **p, int64_t *offset)
{
	int hours, minutes, sign;

	*offset = 0;
	if (**p == '\0' || after_sign(p, "Zz"))
		return 0;
	sign = **p == '-' ? -1 : 1;
	if (!after_sign(p, "+-") || (hours = digits(p, 2)) < 0 || hours > 23)
		return -1;
	if (!after_sign(p, ":") || (minutes = digits(p, 2)) < 0 || minutes > 59)
		return -1;
	*offset = 60 * CLOCK_SECOND * sign * (hours * 60 + minutes);
	return 0;
}

static int
parse_fraction(const char **p, int64_t *micro)
{
	int64_t unit = CLOCK_SECOND / 10;

	*micro = 0;
	if (!after_sign(p, "."))
		return 0;
	if (!isdigit((unsigned char)**p))
		return -1;
	for (; isdigit((unsigned char)**p); (*p)++, unit /= 10)
		*micro += (**p - '0') * unit;
	return 0;
}

int
clock_parse(const char *text, int64_t *at)
{
	struct tm tm = { 0 }, check;
	int64_t micro, offset;
	time_t sec;

	if ((tm.tm_year = digits(&text, 4)) < 1970 || !after_sign(&text, "-") ||
	    (tm.tm_mon = digits(&text, 2)) < 1 || !after_sign(&text, "-") ||
	    (tm.tm_mday = digits(&text, 2)) < 1 || !after_sign(&text, "Tt ") ||
	    (tm.tm_hour = digits(&text, 2)) < 0 || !after_sign(&text, ":") ||
	    (tm.tm_min = digits(&text, 2)) < 0 || !after_sign(&text, ":") ||
	    (tm.tm_sec = digits(&text, 2)) < 0)
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	check = tm;
	sec = timegm(&tm);
	if (tm.tm_mon != check.tm_mon || tm.tm_mday != check.tm_mday ||
	    tm.tm_hour != check.tm_hour || tm.tm_min != check.tm_min)
		return -1;
	if (parse_fraction(&text, &micro) == -1 ||
	    parse_offset(&text, &offset) == -1 || *text != '\0')
		return -1;
	*at = sec * CLOCK_SECOND + micro - offset;
	return 0;
}

#define DURATION_MAX (INT64_C(36500) * 86400 * CLOCK_SECOND)

static int64_t
unit_of(char c)
{
	switch (c) {
	case 's':
		return CLOCK_SECOND;
	case 'm':
		return 60 * CLOCK_SECOND;
	case 'h':
		return 3600 * CLOCK_SECOND;
	case 'd':
		return 86400 * CLOCK_SECOND;
	default:
		return 0;
	}
}

/* One part such as "1.5h"; less than a microsecond is left out. */
static int
duration_part(const char **p, int64_t *part)
{
	int64_t whole = 0, micro, unit;
	int digit;

	if (!isdigit((unsigned char)**p))
		return -1;
	while ((digit = digits(p, 1)) >= 0)
		if ((whole = whole * 10 + digit) > DURATION_MAX)
			return -1;
	if (parse_fraction(p, &micro) == -1 || (unit = unit_of(**p)) == 0 ||
	    whole > DURATION_MAX / unit)
		return -1;
	(*p)++;
	*part = whole * unit + micro * (unit / CLOCK_SECOND);
	return 0;
}

int
clock_duration(const char *text, int64_t *span)
{
	int64_t sum = 0, part;

	if (strcmp(text, "0") == 0) {
		*span = 0;
		return 0;
	}
	do {
		if (duration_part(&text, &part) == -1 ||
		    part > DURATION_MAX - sum)
			return -1;
		sum += part;
	} while (*text != '\0');
	*span = sum;
	return 0;
}

void
clock_duration_format(int64_t span, char text[24])
{
	static const char units[] = "dhms";
	const char *u;
	int places = 6;
	int64_t rest = span % CLOCK_SECOND;

	for (u = units; *u != 's'; u++)
		if (span >= unit_of(*u) && span % unit_of(*u) == 0)
			break;
	if (rest == 0) {
		(void)snprintf(text, 24, "%lld%c",
		    (long long)(span / unit_of(*u)), *u);
		return;
	}
	for (; rest % 10 == 0; rest /= 10)
		places--;
	(void)snprintf(text, 24, "%lld.%0*llds",
	    (long long)(span / CLOCK_SECOND), places, (long long)rest);
}
