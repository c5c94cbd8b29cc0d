/* Reads a log whose middle may be taken out meanwhile. */
#ifndef CLI_GAP_H
#define CLI_GAP_H

#include <stddef.h>
#include <sys/types.h>

#define GAP_LAST 64

/* All zero at the beginning of the file. */
struct gap {
	off_t at; /* where to read on */
	size_t len;
	char last[GAP_LAST]; /* what stood in front of that */
};

/*
 * As read(2), but holes are left out, and what was moved towards the front
 * is read on from where it is now; where that is gone, too, from the mark
 * that tells of the cut.
 */
ssize_t gap_read(struct gap *g, int fd, char *buf, size_t size);

#endif
