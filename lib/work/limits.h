/* The limits of one attempt: put in force, looked after, told. */
#ifndef WORK_LIMITS_H
#define WORK_LIMITS_H

#include "base/proc.h"
#include "base/quota.h"
#include "task/limits.h"
#include "work/output.h"
#include "work/worker.h"

#define LIMITER_ROWS 4

struct limiter {
	struct worker *w;
	char id[ID_SIZE];
	struct limits most;
	const char *level[LIMIT_COUNT]; /* NULL: there is no such limit */
	struct quota memory, processes;
	struct proc_limit rows[LIMITER_ROWS];
	int joins[2];
	size_t row_count, join_count;
	struct output output;
	const char *log; /* its path in the spool */
	int64_t cpu_before;
	int64_t next_output, next_cpu, next_disk; /* steady; 0: none */
};

/* What holds for a task: its own limits, else those of its queue. */
struct limits limits_of(const struct settings *set, const struct task *task);

/*
 * Before the start.  log: the attempt's, open to append, and its path; -1
 * where it prints elsewhere.
 */
void limiter_open(struct limiter *l, struct worker *w, const struct task *task,
    int log, const char *log_path);
void limiter_start(const struct limiter *l, struct proc_start *how);

/* Why it must be ended now, or NULL. */
const char *limiter_look(struct limiter *l, int64_t now);

/* The steady time of the next look, 0 for none. */
int64_t limiter_next(const struct limiter *l);

/* When all of it has ended: which limit it ran into, or NULL. */
const char *limiter_why(const struct limiter *l, const struct run *run);

/* {"memory":"cgroup v1", …}, or NULL; the caller frees. */
char *limiter_levels(const struct limiter *l);
void limiter_close(struct limiter *l);

#endif
