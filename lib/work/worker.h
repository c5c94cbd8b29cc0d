/* The headless worker: one slot, and what it does in turn. */
#ifndef WORK_WORKER_H
#define WORK_WORKER_H

#include <stdio.h>

#include "spool/claim.h"
#include "spool/settings.h"
#include "work/stop.h"

enum worker_mode {
	WORKER_ONCE,	  /* the best task that can run */
	WORKER_DRAIN,	  /* until nothing is left to do */
	WORKER_DRAIN_ALL, /* delayed tasks too */
	WORKER_STAY	  /* until told to stop */
};

struct worker {
	struct spool *s;
	const struct settings *set;
	struct claim_rules rules;
	enum worker_mode mode;
	struct slot slot;
	struct stop stop;
	int watch;	       /* inotify, -1 where there is none */
	int cgroup;	       /* its folder, -1 where none can be made */
	char cgroup_path[160]; /* "" where there is none */
	char cgroup_name[NAME_SIZE + 64]; /* its own, below the one above */
	bool cgroup_spent;		  /* it was ordered to kill */
	char *host;
	bool died;  /* another worker, it seems: look twice */
	bool blind; /* not every folder could be watched */
	bool untidy; /* a claim that failed may have left its task here */
	bool verbose;
};

/*
 * Takes a slot: of that name, or the first free one of w1, w2 …  -1 with
 * errno, EWOULDBLOCK when another worker has the name, EBUSY when an attempt
 * of the one before it cannot be ended.
 */
int worker_open(struct worker *w, struct spool *s, const char *name);
void worker_close(struct worker *w);

/* What is to be said of errno after worker_open, and the exit status. */
const char *worker_refusal(int error, int *status);

/* The exit status: 0, 1 and 75 as td-work(1) says, 71 after trouble. */
int worker_run(struct worker *w, char *const *prog);

/*
 * count workers at once, each a process that dies with this one; names are
 * NAME-1, NAME-2 … if a name is given.  The exit status.
 */
int crew_run(struct worker *model, struct spool *s, const char *name,
    int count);

#endif
