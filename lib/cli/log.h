/* The logs of a task's attempts, printed, and followed while they grow. */
#ifndef CLI_LOG_H
#define CLI_LOG_H

#include "spool/spool.h"

struct log {
	int attempt;  /* this one only; 0: the last */
	bool all;     /* from the first on */
	bool follow;  /* until the task has ended, or the attempt */
	bool bare;    /* without the first line, which is the command */
	bool visible; /* control characters, but for newlines and tabs */
};

/* An exit status; 1 when there is no log yet. */
int log_print(struct spool *s, const char *id, const struct log *log);

/* The task whose log was begun last: 1, 0 there is none, -1 with errno. */
int log_newest(struct spool *s, char id[ID_SIZE]);

#endif
