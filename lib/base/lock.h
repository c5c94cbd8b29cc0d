/* flock(2): who is alive, and who may change a file. */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* 1 locked, 0 held by another, -1 trouble. */
int lock_try(int fd, bool shared);

/* Waits, at most so many microseconds (-1: for ever); 0 when time is up. */
int lock_wait(int fd, bool shared, int64_t limit);

/*
 * Opens a lock file (flags as open's) that may be removed by its holder,
 * locks it and looks that the name still leads to it.  A descriptor, -1 with
 * errno; EWOULDBLOCK when it is held by another.
 */
int lock_named(int dir, const char *name, int flags);

/* The pid of some process that holds a lock on the file, 0 if unknown. */
int lock_holder(int fd);

#endif
