/* What a running attempt says about itself, kept in its task's history. */
#ifndef SPOOL_NOTE_H
#define SPOOL_NOTE_H

#include "spool/entry.h"

#define NOTE_MAX 4096 /* bytes of the text */

/*
 * Adds it, flushed.  1, 0 the attempt has ended, -1 with errno; ENOSPC: no
 * room, on the disk or in the file, EINVAL: the complaint says why.
 */
int note_add(struct spool *s, const char *worker, const char *id,
    const struct event *note, struct complaint *c);

#endif
