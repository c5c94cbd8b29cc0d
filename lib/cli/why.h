/* In words: why a task stands where it stands, how far it has come. */
#ifndef CLI_WHY_H
#define CLI_WHY_H

#include "spool/why.h"

/*
 * One line, harmless to a terminal; the caller frees.  now: times for people,
 * in their zone; 0: in UTC as in taskdir(5).  NULL with errno.
 */
char *why_text(const struct why *why, int64_t now);

/* "42% build", "build", "42%" or "?%"; the caller frees. */
char *progress_text(const struct progress *p);

#endif
