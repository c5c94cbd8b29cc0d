/* Delayed tasks: when each falls due, as hints in index/due/. */
#ifndef SPOOL_DUE_H
#define SPOOL_DUE_H

#include "spool/entry.h"

int due_hint(struct spool *s, const char *id, int64_t at);
int due_is_hinted(struct spool *s, const char *id, int64_t at);

/*
 * Moves what is due at `now` to ready.  The number moved, -1 trouble; *next
 * is when the next one falls due, 0 if none is known.
 */
int due_promote(struct spool *s, int64_t now, int64_t *next);

#endif
