/* A task's history: what its entries say, and the words for new ones. */
#ifndef TASK_HISTORY_H
#define TASK_HISTORY_H

#include <stdint.h>

#include "task/task.h"

enum outcome {
	OUTCOME_DONE,
	OUTCOME_FAILED,	     /* exit status not 0 */
	OUTCOME_TEMPFAIL,    /* exit status 75: try again later */
	OUTCOME_SIGNAL,	     /* died of a signal that was not ours */
	OUTCOME_TIMEOUT,
	OUTCOME_SILENCE,
	OUTCOME_LIMIT,	     /* ended because it went over one */
	OUTCOME_CANCELLED,
	OUTCOME_HELD,	     /* stopped by an order to hold it */
	OUTCOME_INTERRUPTED, /* the worker was told to stop at once */
	OUTCOME_LOST,	     /* the worker died */
	OUTCOME_NOT_RUN,     /* could not be started: no cwd, no program */
	OUTCOME_COUNT
};

const char *outcome_name(enum outcome outcome);
enum outcome outcome_named(const char *name);

/* The end of one attempt, as it is recorded. */
struct run {
	int n;
	enum outcome outcome;
	int exit;   /* -1 unless it exited */
	int signal; /* 0 unless a signal ended it */
	int killed; /* processes that had to be */
	const char *worker, *host, *log;
	const char *why;    /* in words, or NULL */
	const char *by;	    /* who ordered it, or NULL */
	const char *result; /* raw JSON, or NULL */
	const char *level;  /* how processes were held together */
	const char *limits; /* raw JSON: how each was kept to, or NULL */
	int64_t pid, started, ended;
	int64_t user_us, system_us, max_rss_kib;
};

/* What matters of a history for judging, told from its entries. */
struct history {
	int last;	/* the highest attempt that has an end */
	int counted;	/* failures that count against attempts */
	int tempfails;	/* ends with 75 */
	int deaths;	/* of workers */
	bool cancelled_for_want; /* of a blocker, by nobody's order */
	bool ended;	/* the newest entry is the end of an attempt … */
	enum outcome outcome;
	enum state then;     /* … and where it said that the task goes */
	int64_t not_before;  /* of the newest entry that gave one */
	int64_t submitted;
	int64_t uid;	/* of who submitted, -1 unknown */
	const char *by; /* belongs to the task; NULL unknown */
};

void history_read(const struct task *task, struct history *h);

/* Calls each() with every run, oldest first; strings belong to the task. */
int history_runs(const struct task *task,
    int (*each)(const struct run *, void *), void *arg);

/* One entry, one line, no newline; then: where the task goes. */
int history_put_run(FILE *out, const struct run *run, enum state then,
    int64_t not_before);

/* "moved", "cancelled", "held" …: any event but a run. */
struct event {
	const char *event; /* what is done: "promoted", "cancelled" … */
	const char *by, *host, *why;
	int64_t at, not_before;
	const char *set;  /* raw JSON object of later settings, or NULL */
	const char *text; /* of a note, or NULL */
	int n;		  /* the attempt that says it, 0: none */
};
int history_put_event(FILE *out, const struct event *event, enum state then);

#endif
