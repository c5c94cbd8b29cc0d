/* The journal as one stream of lines, over the files that it was cut into. */
#ifndef SPOOL_JOURNAL_READ_H
#define SPOOL_JOURNAL_READ_H

#include "spool/spool.h"

struct journal_reader {
	struct spool *s;
	int fd;	   /* of the file that is being read, -1: none yet */
	char *buf; /* what was read of a line that is not whole */
	size_t len, room;
};

/* Begins so many lines before the end.  0, -1 with errno. */
int journal_open(struct journal_reader *r, struct spool *s, size_t lines);

/*
 * Calls each() with every whole line, its newline cut off, that is there by
 * now; an answer that is not 0 ends it and is returned.  -1 with errno.
 */
int journal_next(struct journal_reader *r,
    int (*each)(const char *line, size_t len, void *arg), void *arg);
void journal_close(struct journal_reader *r);

/* Is it the name of a file that was cut off? */
bool journal_is_old(const char *name);

#endif
