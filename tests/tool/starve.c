/*
 * starve SPOOL TASKS SEED: claims of 8 workers, simulated in one process on
 * the real spool: tasks on 50 paths arrive and run for some steps.  Prints
 * the longest and the mean wait in steps, of ours and of strict FIFO in
 * which nobody starts before one that came earlier:
 *
 *	ours LONGEST MEAN fifo LONGEST MEAN
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysexits.h"
#include "spool/end.h"
#include "spool/submit.h"

#define WORKERS 8
#define PATHS	50
#define EVERY	100 /* one task in so many wants all paths */

struct job {
	uint64_t paths; /* bits; all of them exclusive */
	int arrives, takes, starts;
	char id[ID_SIZE];
};

struct lane {
	int until; /* the step at whose begin it is free */
	uint64_t paths;
};

static uint32_t seed;

static uint32_t
dice(uint32_t below)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % below;
}

static void
make_jobs(struct job *jobs, int count)
{
	int i, n, at = 0;

	for (i = 0; i < count; i++) {
		jobs[i] = (struct job){ .arrives = at, .starts = -1 };
		jobs[i].takes = 1 + (int)dice(5);
		for (n = 1 + (int)dice(3); n > 0; n--)
			jobs[i].paths |= UINT64_C(1) << dice(PATHS);
		if (dice(EVERY) == 0)
			jobs[i].paths = (UINT64_C(1) << PATHS) - 1;
		at += dice(10) < 6; /* some two tasks a step */
	}
}

static void
report(const char *name, const struct job *jobs, int count, const char *end)
{
	int64_t sum = 0;
	int i, wait, longest = 0;

	for (i = 0; i < count; i++) {
		wait = jobs[i].starts - jobs[i].arrives;
		sum += wait;
		if (wait > longest)
			longest = wait;
	}
	(void)printf("%s %d %.1f%s", name, longest, (double)sum / count, end);
}

/* The k-th starts when a worker and its paths are free, and k-1 has started. */
static void
run_fifo(struct job *jobs, int count)
{
	struct lane lanes[WORKERS] = { { 0, 0 } };
	int i, j, step = 0, free;

	for (i = 0; i < count; i++) {
		if (jobs[i].arrives > step)
			step = jobs[i].arrives;
		for (;; step++) {
			for (free = -1, j = 0; j < WORKERS; j++)
				if (lanes[j].until <= step)
					free = j;
				else if ((lanes[j].paths & jobs[i].paths) != 0)
					break;
			if (j == WORKERS && free != -1)
				break;
		}
		jobs[i].starts = step;
		lanes[free] = (struct lane){ step + jobs[i].takes,
			jobs[i].paths };
	}
}

static void
submit(struct spool *s, const struct submitter *who, struct job *job,
    int64_t *place)
{
	AUTO_TASK task = NULL;
	struct submission sub = { .who = who };
	struct complaint c;
	char text[2048], *p = text;
	int i;

	p += sprintf(p, "{\"command\":[\"true\"],\"cwd\":\"/\",\"reserve\":[");
	for (i = 0; i < PATHS; i++)
		if (job->paths == (UINT64_C(1) << PATHS) - 1) {
			p += sprintf(p, "{\"path\":\"/p/**\"}");
			break;
		} else if ((job->paths >> i & 1) != 0)
			p += sprintf(p, "%s{\"path\":\"/p/%d\"}",
			    p[-1] == '[' ? "" : ",", i);
	p += sprintf(p, "]}");
	task = task_parse_submission(text, (size_t)(p - text), &c);
	if (task == NULL)
		errx(EX_SOFTWARE, "%s: %s", c.field, c.what);
	sub.task = task;
	submit_id(place, sub.id);
	if (submit_task(s, &sub, &c) != SUBMIT_QUEUED)
		err(EX_OSERR, "submit");
	memcpy(job->id, sub.id, ID_SIZE);
}

static struct job *
job_of(struct job *jobs, int count, const char *id)
{
	int i;

	for (i = 0; i < count; i++)
		if (strcmp(jobs[i].id, id) == 0)
			return &jobs[i];
	errx(EX_SOFTWARE, "%s: nobody submitted it", id);
}

static void
end(struct spool *s, struct claim *claim)
{
	struct run run = { .n = claim->n, .exit = 0, .started = 1, .ended = 2 };
	struct verdict verdict = { .then = STATE_DONE };

	if (end_attempt(s, &claim->task, &run, &verdict) == -1)
		err(EX_OSERR, "end");
	claim_close(s, claim);
}

static void
run_ours(struct spool *s, struct job *jobs, int count)
{
	struct claim_rules rules = { .set = settings_get(s, NULL) };
	struct slot slots[WORKERS];
	struct claim claims[WORKERS];
	struct submitter who;
	int until[WORKERS] = { 0 }, j, step, arrived = 0, started = 0;
	int64_t place = 0;
	char name[16];

	if (submitter_read(&who, 022) == -1)
		err(EX_OSERR, NULL);
	for (j = 0; j < WORKERS; j++) {
		(void)snprintf(name, sizeof(name), "w%d", j);
		if (slot_take(s, name, &slots[j]) == -1)
			err(EX_OSERR, "%s", name);
	}
	for (step = 0; started < count; step++) {
		for (; arrived < count && jobs[arrived].arrives <= step;
		     arrived++)
			submit(s, &who, &jobs[arrived], &place);
		for (j = 0; j < WORKERS; j++)
			if (until[j] == step && step > 0) {
				end(s, &claims[j]);
				until[j] = 0;
			}
		for (j = 0; j < WORKERS; j++) {
			struct job *job;

			if (until[j] > step || claim_next(s, &slots[j], &rules,
						   &claims[j]) != CLAIM_TAKEN)
				continue;
			entry_unlock(&claims[j].task);
			job = job_of(jobs, arrived, claims[j].task.task->id);
			job->starts = step;
			until[j] = step + job->takes;
			started++;
		}
	}
	for (j = 0; j < WORKERS; j++) {
		if (until[j] != 0)
			end(s, &claims[j]);
		slot_leave(&slots[j]);
	}
	submitter_free(&who);
}

int
main(int argc, char **argv)
{
	struct job *ours, *fifo;
	struct spool s;
	int count;

	if (argc != 4 || (count = (int)strtol(argv[2], NULL, 10)) < 1)
		errx(EX_USAGE, "usage: starve SPOOL TASKS SEED");
	seed = (uint32_t)strtoul(argv[3], NULL, 10);
	if (spool_open(argv[1], &s) == -1)
		err(EX_NOINPUT, "%s", argv[1]);
	ours = calloc((size_t)count, sizeof(*ours));
	fifo = calloc((size_t)count, sizeof(*fifo));
	if (ours == NULL || fifo == NULL)
		err(EX_OSERR, NULL);
	make_jobs(ours, count);
	memcpy(fifo, ours, (size_t)count * sizeof(*fifo));
	run_fifo(fifo, count);
	run_ours(&s, ours, count);
	report("ours", ours, count, " ");
	report("fifo", fifo, count, "\n");
	free(ours);
	free(fifo);
	spool_close(&s);
	return EX_OK;
}
