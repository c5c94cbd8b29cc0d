/* Submits, and says how that went. */
#ifndef CLI_ENQUEUE_H
#define CLI_ENQUEUE_H

#include <stdbool.h>

#include "spool/submit.h"

struct enqueue {
	const struct submitter *who;
	bool held;
	bool quiet; /* no word on a key that is held */
};

/*
 * One task from its JSON text.  An exit status; 0: it is queued, or its key
 * is held, under this id.
 */
int enqueue_text(struct spool *s, const struct enqueue *how, const char *text,
    size_t len, char id[ID_SIZE]);

/* What is wrong with a submission: "line 3: priority: 9 is not 0 to 4". */
void enqueue_complain(uint64_t line, const struct complaint *c);

/* Prints an id; 74, and the id on stderr, where that cannot be done. */
int enqueue_print(const char *id);

#endif
