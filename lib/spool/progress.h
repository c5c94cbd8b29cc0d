/* How far a running attempt says that it has come: running/W/ID.N.progress. */
#ifndef SPOOL_PROGRESS_H
#define SPOOL_PROGRESS_H

#include "spool/slot.h"

#define PROGRESS_STEP  64
#define PROGRESS_TEXT  256
#define PROGRESS_PAUSE (3 * INT64_C(1000000)) /* of the journal, at least */

struct progress {
	double percent;				       /* -1: not known */
	char step[PROGRESS_STEP], text[PROGRESS_TEXT]; /* "" for none */
	int64_t at;
	int64_t told; /* when the journal was told last */
};

/* The text, cut to fit between characters. */
void progress_cut(char *to, size_t size, const char *text);

/* Is the journal to be told?  Of a new step at once. */
bool progress_is_news(const struct progress *before, const struct progress *p);

/* Replaces what was said before. */
int progress_put(struct spool *s, const char *worker, const char *id, int n,
    const struct progress *p);

/* 1 something was said, 0 nothing, -1. */
int progress_get(struct spool *s, const char *worker, const char *id, int n,
    struct progress *p);

#endif
