/* All that an attempt started: awaited, and ended to the last process. */
#ifndef WORK_TREE_H
#define WORK_TREE_H

#include "base/proc.h"
#include "work/worker.h"

struct tree {
	struct proc main;
	struct proc_end end; /* of the main process, once it has ended */
	bool main_ended;
	int killed; /* processes that had to be ended */
};

/* Reaps what has ended; true when nothing of the attempt is left. */
bool tree_is_gone(struct tree *tree);

/*
 * Ends all of it: TERM, at most grace microseconds, then KILL until nothing
 * is left.  -1 EBUSY if something cannot be ended for a long time.
 */
int tree_end(struct worker *w, struct tree *tree, int64_t grace);

/* What was left behind by a main process that ended is given a moment. */
int tree_end_rest(struct worker *w, struct tree *tree);

#endif
