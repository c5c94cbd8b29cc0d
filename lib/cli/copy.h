/* Copies a file that may still grow to standard output. */
#ifndef CLI_COPY_H
#define CLI_COPY_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/gap.h"

#define COPY_CHUNK 65536
#define COPY_KEPT  4

struct copy {
	int fd;
	bool skip;    /* what stands in front of the first newline */
	bool visible; /* show control characters but newlines and tabs */
	size_t kept;  /* bytes in front: a character that is not whole yet */
	struct gap gap;
	char buf[COPY_KEPT + COPY_CHUNK];
};

/*
 * Copies from where it is to the end as it is now, and flushes; last: nothing
 * more will come.  0, or -1 with errno.
 */
int copy_rest(struct copy *c, bool last);

#endif
