/* Keys: one task for each while it is not archived. */
#ifndef SPOOL_UNIQUE_H
#define SPOOL_UNIQUE_H

#include "spool/spool.h"

/* Held from the check to the answer; the descriptor is the lock. */
int unique_lock(struct spool *s, const char *key);

/*
 * Under the lock: 1 the key is held by the task in id (flushed, so that it
 * may be told), 0 free, -1 trouble; EAGAIN: not to be decided just now.
 */
int unique_holder(struct spool *s, const char *key, char id[ID_SIZE]);

/*
 * Under the lock, before the move: writes the hint and flushes it.  1 it is
 * new, 0 it was there, -1.
 */
int unique_hint(struct spool *s, const char *key, const char *id, bool flush);
int unique_is_hinted(struct spool *s, const char *key, const char *id);

/* Under the lock: the task that it was for did not come to be. */
void unique_drop_hint(struct spool *s, const char *key, const char *id);

#endif
