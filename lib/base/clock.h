/* Times are int64_t microseconds; UTC since 1970 where they name a moment. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_SECOND INT64_C(1000000)
#define CLOCK_TEXT   28 /* "2026-11-21T10:00:00.000000Z" and its NUL */
#define CLOCK_DAY    11 /* "2026-11-21" and its NUL */

int64_t clock_now(void);

/* Time that passes while the machine is awake; only differences mean much. */
int64_t clock_steady(void);

void clock_format(int64_t at, char text[CLOCK_TEXT]);
void clock_day(int64_t at, char day[CLOCK_DAY]);

/* RFC 3339, with or without fraction; without offset it is UTC.  0 or -1. */
int clock_parse(const char *text, int64_t *at);

/* "90s", "5m", "2h", "1d", "1h30m", "0", "1.5s".  0, or -1 if it is none. */
int clock_duration(const char *text, int64_t *span);

/* The shortest such text, written into at least 24 bytes. */
void clock_duration_format(int64_t span, char text[24]);

#endif
