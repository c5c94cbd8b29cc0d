/* A moment as people write it, and as they read it. */
#ifndef CLI_TIMES_H
#define CLI_TIMES_H

#include <stdint.h>

/*
 * "+5m", RFC 3339, or what date(1) understands; a time without an offset is
 * meant in the local zone.  0, or -1 with errno: EINVAL if it is no time.
 */
int times_read(const char *text, int64_t now, int64_t *at);

/* In the local zone: "12:00:03" of this day, else "2026-11-21 12:00". */
#define TIMES_SHORT 24
void times_short(int64_t at, int64_t now, char text[TIMES_SHORT]);

/* "2026-11-21 12:00:03" in the local zone. */
void times_local(int64_t at, char text[TIMES_SHORT]);

#endif
