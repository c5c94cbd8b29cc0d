/* Every run of tasks, one line each, in the order of their ends. */
#ifndef CLI_JOBLOG_H
#define CLI_JOBLOG_H

#include <stdio.h>

#include "spool/entry.h"

/* Lines wait in a file until all are known; of each 32 bytes are kept. */
struct joblog {
	struct spool *s;
	bool json;
	FILE *lines;
	struct joblog_line {
		int64_t ended, at;
		size_t len;
	} * v;
	size_t n, room;
};

/* Ends the program where that cannot be had. */
void joblog_begin(struct joblog *log, struct spool *s, bool json);
void joblog_add(struct joblog *log, const struct entry *e);

/* The header, unless it is JSON, and the lines.  0, -1 with errno. */
int joblog_print(struct joblog *log);

#endif
