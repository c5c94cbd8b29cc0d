/* The judge: an attempt's end and the history give the task's next state. */
#ifndef TASK_VERDICT_H
#define TASK_VERDICT_H

#include "task/history.h"

#define TEMPFAIL_MAX 20
#define DEATHS_MAX   3

/* What the settings say where the task says nothing. */
struct retry_rules {
	int attempts;
	const int64_t *backoff;
	size_t backoff_count;
};

struct verdict {
	enum state then;
	int64_t not_before; /* of STATE_DELAYED */
	const char *why;    /* static words, NULL if it needs none */
};

/* The outcome that an exit status stands for. */
enum outcome verdict_outcome(int exit, int signal);

/* dice: random bits for the jitter, up to a quarter of the backoff more. */
struct verdict verdict_make(const struct task *task,
    const struct history *before, const struct run *run,
    const struct retry_rules *rules, int64_t now, uint32_t dice);

#endif
