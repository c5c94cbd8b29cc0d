#include "work/limits.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/auto.h"
#include "base/cgroup.h"
#include "base/clock.h"
#include "base/watch.h"
#include "spool/queues.h"
#include "spool/work.h"

#define CPU_KILL  5 /* seconds from XCPU to KILL */
#define CPU_NEAR  (CLOCK_SECOND / 20)
#define DISK_LOOK (2 * CLOCK_SECOND)
#define DISK_PART 20 /* a look may take one part in so many of the time */
#define BLIND	  CLOCK_SECOND
#define OF_SHELL  128 /* what a shell adds to a signal */

#define BY_CGROUP2 "cgroup v2"
#define BY_RLIMIT  "rlimit"
#define BY_WORKER  "worker"
#define BY_NOTHING "none"

struct limits
limits_of(const struct settings *set, const struct task *task)
{
	struct limits most = queue_rules(set, task->queue)->limits;
	enum limit i;

	for (i = 0; i < LIMIT_COUNT; i++)
		if (task->limits.v[i] != 0)
			most.v[i] = task->limits.v[i];
	return most;
}

static void
add_row(struct limiter *l, int resource, int64_t soft, int64_t hard)
{
	l->rows[l->row_count++] = (struct proc_limit){ resource, (rlim_t)soft,
		(rlim_t)hard };
}

static bool
open_quota(struct limiter *l, enum limit limit, struct quota *q,
    enum quota_kind kind)
{
	if (quota_open(q, kind, l->most.v[limit], l->w->cgroup_path,
		l->w->cgroup_name) == -1)
		return false;
	l->level[limit] = q->level;
	if (q->join != -1)
		l->joins[l->join_count++] = q->join;
	return true;
}

/* What a process may map is more than what it uses: the last resort. */
static void
open_memory(struct limiter *l)
{
	int64_t most = l->most.v[LIMIT_MEMORY];

	if (most == 0 || open_quota(l, LIMIT_MEMORY, &l->memory, QUOTA_MEMORY))
		return;
	add_row(l, RLIMIT_AS, most, most);
	l->level[LIMIT_MEMORY] = BY_RLIMIT;
}

/* RLIMIT_NPROC counts what the whole account runs: that would harm others. */
static void
open_processes(struct limiter *l)
{
	if (l->most.v[LIMIT_PROCESSES] != 0 &&
	    !open_quota(l, LIMIT_PROCESSES, &l->processes, QUOTA_PROCESSES))
		l->level[LIMIT_PROCESSES] = BY_NOTHING;
}

/* The kernel ends a single process that takes all of it, the rest we do. */
static void
open_cpu_time(struct limiter *l, int64_t now)
{
	int64_t most = l->most.v[LIMIT_CPU_TIME], whole;

	if (most == 0)
		return;
	whole = (most + CLOCK_SECOND - 1) / CLOCK_SECOND;
	add_row(l, RLIMIT_CPU, whole, whole + CPU_KILL);
	l->level[LIMIT_CPU_TIME] = BY_RLIMIT;
	if (l->w->cgroup != -1 &&
	    (l->cpu_before = cgroup_cpu_time(l->w->cgroup_path)) != -1) {
		l->level[LIMIT_CPU_TIME] = BY_CGROUP2;
		l->next_cpu = now;
	}
}

static void
open_file_size(struct limiter *l)
{
	int64_t most = l->most.v[LIMIT_FILE_SIZE];

	if (most == 0)
		return;
	add_row(l, RLIMIT_FSIZE, most, most);
	l->level[LIMIT_FILE_SIZE] = BY_RLIMIT;
}

static void
open_output(struct limiter *l, int log, int64_t now)
{
	if (l->most.v[LIMIT_OUTPUT] == 0)
		return;
	l->level[LIMIT_OUTPUT] = BY_NOTHING;
	if (log == -1)
		return;
	output_open(&l->output, log, l->most.v[LIMIT_OUTPUT]);
	l->level[LIMIT_OUTPUT] = BY_WORKER;
	l->next_output = now + CLOCK_SECOND / 10;
}

static void
open_disk(struct limiter *l, bool has_folder, int64_t now)
{
	if (l->most.v[LIMIT_DISK] == 0)
		return;
	l->level[LIMIT_DISK] = has_folder ? BY_WORKER : BY_NOTHING;
	l->next_disk = has_folder ? now + DISK_LOOK : 0;
}

void
limiter_open(struct limiter *l, struct worker *w, const struct task *task,
    int log, const char *log_path)
{
	int64_t now = clock_steady();

	*l = (struct limiter){ .w = w,
		.most = limits_of(w->set, task),
		.memory = QUOTA_NONE,
		.processes = QUOTA_NONE,
		.output = OUTPUT_NONE,
		.log = log_path };
	(void)strlcpy(l->id, task->id, sizeof(l->id));
	add_row(l, RLIMIT_CORE, 0, 0);
	open_memory(l);
	open_processes(l);
	open_cpu_time(l, now);
	open_file_size(l);
	open_output(l, log, now);
	open_disk(l, task->workdir, now);
}

void
limiter_start(const struct limiter *l, struct proc_start *how)
{
	how->limits = l->rows;
	how->limit_count = l->row_count;
	how->joins = l->joins;
	how->join_count = l->join_count;
}

/* One watch for the next line, and none while it prints. */
static void
look_at_output(struct limiter *l, int64_t now)
{
	AUTO_STR whole = NULL;

	if (l->output.most == 0 ||
	    (l->next_output != 0 && now < l->next_output))
		return;
	l->next_output = output_look(&l->output, now);
	if (l->output.failed)
		l->level[LIMIT_OUTPUT] = BY_NOTHING;
	if (l->next_output != 0 || l->output.failed)
		return;
	if (l->w->watch == -1 ||
	    asprintf(&whole, "%s/%s", l->w->s->path, l->log) == -1 ||
	    watch_add(whole, IN_MODIFY | IN_ONESHOT) == -1)
		l->next_output = now + BLIND;
	else /* what came before the watch did not wake us */
		l->next_output = output_look(&l->output, now);
}

/* It cannot be over the limit before all processors have worked on it. */
static bool
is_over_cpu_time(struct limiter *l, int64_t now)
{
	int64_t used, left;

	if (l->next_cpu == 0 || now < l->next_cpu)
		return false;
	used = cgroup_cpu_time(l->w->cgroup_path) - l->cpu_before;
	if ((left = l->most.v[LIMIT_CPU_TIME] - used) <= 0)
		return true;
	left /= sysconf(_SC_NPROCESSORS_ONLN);
	l->next_cpu = now + (left > CPU_NEAR ? left : CPU_NEAR);
	return false;
}

static bool
is_over_disk(struct limiter *l, int64_t now)
{
	int64_t bytes, took;

	if (l->next_disk == 0 || now < l->next_disk)
		return false;
	bytes = work_size(l->w->s, l->id);
	took = clock_steady() - now;
	l->next_disk = now + took +
		       (took * DISK_PART > DISK_LOOK ? took * DISK_PART
						     : DISK_LOOK);
	return bytes > l->most.v[LIMIT_DISK];
}

const char *
limiter_look(struct limiter *l, int64_t now)
{
	look_at_output(l, now);
	if (is_over_cpu_time(l, now))
		return "cpu_time limit";
	return is_over_disk(l, now) ? "disk limit" : NULL;
}

int64_t
limiter_next(const struct limiter *l)
{
	const int64_t times[] = { l->next_output, l->next_cpu, l->next_disk };
	int64_t next = 0;
	size_t i;

	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (times[i] != 0 && (next == 0 || times[i] < next))
			next = times[i];
	return next;
}

static bool
died_of(const struct run *run, int signal)
{
	return run->signal == signal || run->exit == OF_SHELL + signal;
}

const char *
limiter_why(const struct limiter *l, const struct run *run)
{
	if (quota_hits(&l->memory) > 0)
		return "memory limit";
	if (l->most.v[LIMIT_CPU_TIME] != 0 &&
	    (died_of(run, SIGXCPU) ||
		(died_of(run, SIGKILL) && run->user_us + run->system_us >=
					      l->most.v[LIMIT_CPU_TIME])))
		return "cpu_time limit";
	if (l->most.v[LIMIT_FILE_SIZE] != 0 && died_of(run, SIGXFSZ))
		return "file_size limit";
	if (quota_hits(&l->processes) > 0)
		return "processes limit";
	return NULL;
}

char *
limiter_levels(const struct limiter *l)
{
	const char *comma = "{";
	char *text = NULL;
	size_t len;
	enum limit i;
	FILE *out;

	if ((out = open_memstream(&text, &len)) == NULL)
		return NULL;
	for (i = 0; i < LIMIT_COUNT; i++) {
		if (l->level[i] == NULL)
			continue;
		(void)fprintf(out, "%s\"%s\":\"%s\"", comma, limit_name(i),
		    l->level[i]);
		comma = ",";
	}
	(void)fputc('}', out);
	if (fclose(out) == 0 && *comma == ',')
		return text;
	free(text);
	return NULL;
}

void
limiter_close(struct limiter *l)
{
	AUTO_STR whole = NULL;

	if (l->w == NULL)
		return;
	if (l->output.most != 0) {
		(void)output_look(&l->output, clock_steady());
		/* There may be one also while it prints. */
		if (l->w->watch != -1 &&
		    asprintf(&whole, "%s/%s", l->w->s->path, l->log) != -1)
			(void)watch_remove(whole);
	}
	output_close(&l->output);
	quota_close(&l->memory);
	quota_close(&l->processes);
}
