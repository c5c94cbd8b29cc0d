/* A moment as people write it. */
#ifndef CLI_TIMES_H
#define CLI_TIMES_H

#include <stdint.h>

/*
 * "+5m", RFC 3339, or what date(1) understands; a time without an offset is
 * meant in the local zone.  0, or -1 with errno: EINVAL if it is no time.
 */
int times_read(const char *text, int64_t now, int64_t *at);

#endif
