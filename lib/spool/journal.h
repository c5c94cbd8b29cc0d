/* One line an event, one write each: for people, audit and metrics. */
#ifndef SPOOL_JOURNAL_H
#define SPOOL_JOURNAL_H

#include "spool/spool.h"

struct journal_line {
	const char *event; /* "submitted", "started", "ended" … */
	const char *id;	   /* NULL for the spool itself, and so on below */
	const char *queue;
	const char *worker;
	const char *outcome;
	const char *state; /* where the task is now */
	const char *why;
	int attempt;	     /* 0: none */
	int64_t waited, ran; /* microseconds, -1: none */
};

/* A line that cannot be written is no failure of what it tells. */
void journal_write(struct spool *s, const struct journal_line *line);

/*
 * Renames a journal that grew past the settings' size; drops the oldest.
 * 1 renamed, 0 not now, -1 trouble.  Who has it open still writes to it.
 */
int journal_rotate(struct spool *s);

#endif
