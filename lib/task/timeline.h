/* A task's history, entry by entry, as it is told to people. */
#ifndef TASK_TIMELINE_H
#define TASK_TIMELINE_H

#include "task/task.h"

/* Strings belong to the task and are NULL where the entry has none. */
struct moment {
	const char *at, *event, *then, *outcome, *by, *worker, *why;
	const char *not_before, *text;
	int n;	    /* the attempt's number, 0: it is of none */
	int exit;   /* -1 unless it exited */
	int signal; /* 0 unless a signal ended it */
};

/* Calls each() with every entry, the oldest first, while it answers 0. */
int timeline_each(const struct task *task,
    int (*each)(const struct moment *, void *), void *arg);

#endif
