#include "work/attempt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/watch.h"
#include "spool/end.h"
#include "spool/journal.h"
#include "spool/order.h"
#include "spool/queues.h"
#include "spool/wake.h"
#include "spool/work.h"
#include "task/json.h"
#include "work/after.h"
#include "work/command.h"
#include "work/limits.h"
#include "work/tree.h"

#define RESULT_MAX 65536
#define BLIND_LOOK CLOCK_SECOND /* for orders, where nothing wakes us */

struct attempt {
	struct worker *w;
	const struct settings *set; /* of its queue */
	struct claim *claim;
	struct place at;
	char id[ID_SIZE];
	struct attempt_lock lock;
	struct command command;
	struct tree tree;
	struct run run;
	struct order order; /* the one that ended it */
	char log_path[PLACE_SIZE];
	char why[160];
	char *result, *limits;
	int log;
	struct limiter limiter;
	int64_t deadline, silence, quiet_until; /* steady; 0: none */
	int64_t warn_at;
	int warn_signal;
	bool stopped; /* by us, for the reason in run.outcome */
};

/* Paths in the spool as the task is to see them. */
static char *
absolute(const struct attempt *a, const char *path)
{
	char *whole;

	if (asprintf(&whole, "%s/%s", a->w->s->path, path) == -1)
		return NULL;
	return whole;
}

/* Its blockers' results in a file of the slot; *path stays NULL without any. */
static int
tell_blockers(struct attempt *a, char **path)
{
	char name[SLOT_NAME_SIZE], file[PLACE_SIZE];
	int got = after_write(a->w->s, a->w->slot.dir, a->claim->task.task,
	    a->claim->n, name);

	if (got != 1)
		return got;
	(void)snprintf(file, sizeof(file), "%.120s/%s", a->at.dir, name);
	*path = absolute(a, file);
	return *path == NULL ? -1 : 0;
}

static int
make_command(struct attempt *a, char *const *prog)
{
	char task[PLACE_SIZE], result[PLACE_SIZE], name[SLOT_NAME_SIZE];
	char work[PLACE_SIZE];
	AUTO_STR work_path = NULL;
	AUTO_STR task_path = NULL;
	AUTO_STR log_path = NULL;
	AUTO_STR result_path = NULL;
	AUTO_STR after_path = NULL;
	struct command_names names;

	place_path(&a->at, task);
	slot_name(name, a->id, a->claim->n, "result");
	(void)snprintf(result, sizeof(result), "%.120s/%s", a->at.dir, name);
	task_path = absolute(a, task);
	log_path = absolute(a, a->log_path);
	result_path = absolute(a, result);
	if (task_path == NULL || log_path == NULL || result_path == NULL)
		return -1;
	(void)snprintf(work, sizeof(work), WORK_PATH, a->id);
	if (a->claim->task.task->workdir &&
	    (work_make(a->w->s, a->id) == -1 ||
		(work_path = absolute(a, work)) == NULL))
		return -1;
	if (tell_blockers(a, &after_path) == -1)
		return -1;
	names = (struct command_names){ a->w->s->path, task_path, log_path,
		result_path, work_path, a->lock.key, a->id, a->claim->n,
		after_path };
	if (prog == NULL)
		return command_make(&a->command, a->w->s, a->claim->task.task,
		    &names, a->why);
	if (command_env(&a->command, environ, &names) == -1)
		return -1;
	a->command.argv = prog;
	return 1;
}

/* From here on the attempt counts. */
static int
open_log(struct attempt *a)
{
	char dir[PLACE_SIZE];
	int fd, made = 0;

	(void)strlcpy(dir, a->log_path, sizeof(dir));
	*strrchr(dir, '/') = '\0';
	while ((a->log = openat(a->w->s->dir, a->log_path,
		    O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
		    0600)) == -1) {
		if (errno != ENOENT)
			return -1;
		if ((fd = place_folder(a->w->s, dir, &made)) == -1)
			return -1;
		(void)close(fd);
	}
	return 0;
}

static int
write_first_line(struct attempt *a, const struct task *task)
{
	struct command shown = a->command;
	AUTO_STR text = NULL;
	size_t len;
	FILE *out;
	int answer;

	shown.argv = task->command;
	if ((out = open_memstream(&text, &len)) == NULL)
		return -1;
	answer = command_quote(out, &shown, task, a->w->s->path);
	if (fclose(out) == EOF || answer == -1)
		return -1;
	return file_write(a->log, text, len);
}

/* The locks that the attempt's processes inherit. */
static size_t
keep_locks(const struct attempt *a, int *keep)
{
	size_t n = 0;
	int i;

	keep[n++] = a->lock.fd;
	if (a->claim->hold.fd != -1)
		keep[n++] = a->claim->hold.fd;
	for (i = 0; i < CLAIM_SLOTS; i++)
		if (a->claim->limits[i] != -1)
			keep[n++] = a->claim->limits[i];
	return n;
}

static int
start(struct attempt *a, const struct task *task, bool ours)
{
	int keep[2 + CLAIM_SLOTS];
	struct proc_start how = {
		.argv = a->command.argv,
		.envp = a->command.envp,
		.cwd = a->command.cwd,
		.in = ours ? STDIN_FILENO : a->command.input,
		.out = ours ? STDOUT_FILENO : a->log,
		.err = ours ? STDERR_FILENO : a->log,
		.keep = keep,
		.keep_count = keep_locks(a, keep),
		.umask = (int)task->umask,
		.cgroup = a->w->cgroup,
		.own_session = !ours,
	};

	limiter_start(&a->limiter, &how);
	if (proc_start(&how, &a->tree.main) == 0)
		return 0;
	if (how.cgroup == -1)
		return -1;
	/* A cgroup that takes nobody is as good as none. */
	how.cgroup = -1;
	a->run.level = "subreaper";
	return proc_start(&how, &a->tree.main);
}

static void
write_journal(const struct attempt *a)
{
	const struct history *h = &a->claim->task.history;
	int64_t since = h->submitted;

	if (h->not_before > since)
		since = h->not_before;
	journal_write(a->w->s,
	    &(struct journal_line){ .event = "started",
		.id = a->id,
		.queue = a->claim->task.task->queue,
		.worker = a->w->slot.name,
		.attempt = a->claim->n,
		.state = state_name(STATE_RUNNING),
		.waited = a->run.started > since ? a->run.started - since : 0,
		.ran = -1 });
}

/* Is there an order for it?  Then that is the reason to stop it. */
static bool
is_ordered(struct attempt *a)
{
	int dir = a->w->slot.dir;

	if (order_get(dir, a->id, a->run.n, ORDER_CANCEL, &a->order) == 1)
		a->run.outcome = OUTCOME_CANCELLED;
	else if (order_get(dir, a->id, a->run.n, ORDER_HOLD, &a->order) == 1)
		a->run.outcome = OUTCOME_HELD;
	else
		return false;
	a->run.by = *a->order.by == '\0' ? NULL : a->order.by;
	a->run.why = *a->order.why == '\0' ? NULL : a->order.why;
	return true;
}

static bool
is_silent(struct attempt *a, int64_t now)
{
	struct stat st;
	int64_t since;

	if (a->silence == 0 || now < a->quiet_until)
		return false;
	if (fstat(a->log, &st) == -1)
		return false;
	since = clock_now() -
		(st.st_mtim.tv_sec * CLOCK_SECOND + st.st_mtim.tv_nsec / 1000);
	/* A clock that was set says nothing about silence. */
	if (since < 0)
		since = 0;
	if (since >= a->silence)
		return true;
	a->quiet_until = now + a->silence - since;
	return false;
}

/* A reason to stop it now, put into run.outcome. */
static bool
must_stop(struct attempt *a)
{
	int64_t now = clock_steady();

	if (is_ordered(a))
		return true;
	if (a->w->stop.asked >= 2)
		a->run.outcome = OUTCOME_INTERRUPTED;
	else if (a->deadline != 0 && now >= a->deadline)
		a->run.outcome = OUTCOME_TIMEOUT;
	else if (is_silent(a, now))
		a->run.outcome = OUTCOME_SILENCE;
	else if ((a->run.why = limiter_look(&a->limiter, now)) != NULL)
		a->run.outcome = OUTCOME_LIMIT;
	else
		return false;
	return true;
}

/* Only its first process asked for it; others might die of it. */
static void
warn_in_time(struct attempt *a)
{
	if (a->warn_at == 0 || clock_steady() < a->warn_at)
		return;
	a->warn_at = 0;
	(void)pidfd_send_signal(a->tree.main.fd, a->warn_signal, NULL, 0);
}

static int
milliseconds_left(const struct attempt *a)
{
	int64_t now = clock_steady(), left = -1, next[5];
	size_t i;

	next[0] = a->deadline;
	next[1] = a->quiet_until;
	next[2] = a->w->watch == -1 ? now + BLIND_LOOK : 0;
	next[3] = a->warn_at;
	next[4] = limiter_next(&a->limiter);
	for (i = 0; i < sizeof(next) / sizeof(next[0]); i++)
		if (next[i] != 0 && (left == -1 || next[i] - now < left))
			left = next[i] > now ? next[i] - now : 0;
	if (left > INT32_MAX * INT64_C(1000))
		left = INT32_MAX * INT64_C(1000);
	return left == -1 ? -1 : (int)((left + 999) / 1000);
}

/* Until the main process has ended or must be stopped. */
static void
watch_it(struct attempt *a)
{
	struct worker *w = a->w;

	while (!must_stop(a)) {
		struct pollfd fds[] = {
			{ .fd = a->tree.main.fd, .events = POLLIN },
			{ .fd = w->stop.fd, .events = POLLIN },
			{ .fd = w->watch, .events = POLLIN },
		};

		warn_in_time(a);
		(void)poll(fds, 3, milliseconds_left(a));
		stop_take(&w->stop);
		if (w->watch != -1 && (fds[2].revents & POLLIN) != 0)
			(void)watch_take(NULL, NULL);
		(void)tree_is_gone(&a->tree);
		if (a->tree.main_ended)
			return;
	}
	a->stopped = true;
}

static void
set_clocks(struct attempt *a, const struct task *task)
{
	int64_t now = clock_steady();
	int64_t timeout = task->timeout != 0 ? task->timeout : a->set->timeout;

	a->deadline = timeout == 0 ? 0 : now + timeout;
	a->silence = task->silence;
	a->quiet_until = a->silence == 0 ? 0 : now + a->silence;
	a->warn_signal = task->warn_signal;
	if (a->warn_signal != 0 && a->deadline != 0)
		a->warn_at = timeout > task->warn_before
				 ? a->deadline - task->warn_before
				 : now;
}

/* Raw JSON on one line, or NULL with a word on what was wrong. */
static char *
check_result(struct attempt *a, char *text, size_t len)
{
	struct json_fault fault;
	char *p;

	if (len > RESULT_MAX)
		a->run.why = "its result is over 64 KiB";
	else if (json_check(text, len, NULL, &fault) == -1)
		a->run.why = "its result is not JSON";
	else {
		for (p = text; *p != '\0'; p++)
			if (*p == '\n' || *p == '\r')
				*p = ' ';
		return text;
	}
	free(text);
	return NULL;
}

static void
read_result(struct attempt *a)
{
	char name[SLOT_NAME_SIZE];
	char *text;
	size_t len;

	slot_name(name, a->id, a->run.n, "result");
	if (file_read(a->w->slot.dir, name, RESULT_MAX, &text, &len) == 0)
		a->result = check_result(a, text, len);
	else if (errno == EFBIG)
		a->run.why = "its result is over 64 KiB";
}

/* By its own word if it said one, else by its exit status. */
static void
judge_by_itself(struct attempt *a)
{
	struct order said;

	a->run.exit = a->tree.end.exit;
	a->run.signal = a->tree.end.signal;
	if (order_get(a->w->slot.dir, a->id, a->run.n, ORDER_FINISH, &said) ==
	    1) {
		if (said.exit >= 0) {
			a->run.exit = said.exit;
			a->run.signal = 0;
		}
		if (said.result != NULL) {
			free(a->result);
			a->result = said.result;
		}
	}
	a->run.outcome = verdict_outcome(a->run.exit, a->run.signal);
}

static void
take_usage(struct attempt *a)
{
	const struct rusage *u = &a->tree.end.usage;

	a->run.user_us = u->ru_utime.tv_sec * CLOCK_SECOND +
			 u->ru_utime.tv_usec;
	a->run.system_us = u->ru_stime.tv_sec * CLOCK_SECOND +
			   u->ru_stime.tv_usec;
	a->run.max_rss_kib = u->ru_maxrss;
	a->run.killed = a->tree.killed;
}

/* Before they are let go: what it ran into is why it failed. */
static void
take_limits(struct attempt *a)
{
	const char *why = limiter_why(&a->limiter, &a->run);

	if (why != NULL && !a->stopped && a->run.outcome != OUTCOME_DONE)
		a->run.why = why;
	a->limits = limiter_levels(&a->limiter);
	a->run.limits = a->limits;
	limiter_close(&a->limiter);
}

/* 0, or -1 when some process of it cannot be ended: nothing is decided. */
static int
run_it(struct attempt *a, const struct task *task, bool ours)
{
	int ended;

	limiter_open(&a->limiter, a->w, task, ours ? -1 : a->log, a->log_path);
	if (start(a, task, ours) == -1) {
		(void)snprintf(a->why, sizeof(a->why),
		    "it cannot be started: %s", strerror(errno));
		a->run.outcome = OUTCOME_TEMPFAIL;
		a->run.why = a->why;
		return 0;
	}
	a->run.pid = a->tree.main.pid;
	write_journal(a);
	watch_it(a);
	ended = a->stopped ? tree_end(a->w, &a->tree, a->set->grace)
			   : tree_end_rest(a->w, &a->tree);
	(void)close(a->tree.main.fd);
	if (ended == -1)
		return -1;
	take_usage(a);
	read_result(a);
	if (a->stopped) {
		a->run.exit = a->tree.end.exit;
		a->run.signal = a->tree.end.signal;
	} else
		judge_by_itself(a);
	take_limits(a);
	return 0;
}

static struct retry_rules
rules_of(const struct settings *set)
{
	return (struct retry_rules){ set->attempts, set->backoff,
		set->backoff_count };
}

/* Under the file's lock: an order that came first wins over any retry. */
static int
record_end(struct attempt *a)
{
	struct entry *e = &a->claim->task;
	struct retry_rules rules = rules_of(a->set);
	struct verdict verdict;
	struct complaint c;

#ifdef BUG_UNLINK_LOCK_FIRST
	slot_sweep(a->w->slot.dir, a->id, a->run.n);
#endif
	/* Moved out of the slot by hand, its file still takes the end. */
	if (entry_relock(a->w->s, e, &c) == -1)
		return -1;
	/* Recorded before, it could not be moved. */
	if (e->history.last >= a->run.n)
		return end_finish_move(a->w->s, e);
	a->run.ended = clock_now();
	a->run.result = a->result;
	verdict = verdict_make(e->task, &e->history, &a->run, &rules,
	    a->run.ended, arc4random());
	if (!a->stopped && verdict.then != STATE_DONE && is_ordered(a))
		verdict = verdict_make(e->task, &e->history, &a->run, &rules,
		    a->run.ended, arc4random());
	if (a->run.why == NULL)
		a->run.why = verdict.why;
	return end_attempt(a->w->s, e, &a->run, &verdict);
}

/*
 * An end that finds no room is tried again until it does; what was moved and
 * not flushed is not.
 */
static int
record_until_done(struct attempt *a)
{
	struct pollfd fds[] = { { .fd = a->w->stop.fd, .events = POLLIN } };
	const struct place *at = &a->claim->task.at;
	int got;

	while ((got = record_end(a)) == -1 && at->state == STATE_RUNNING &&
	       (errno == ENOSPC || errno == EDQUOT) && a->w->stop.asked < 2) {
		(void)poll(fds, 1, 1000);
		stop_take(&a->w->stop);
	}
	return got;
}

static int
begin(struct attempt *a)
{
	struct worker *w = a->w;

	(void)strlcpy(a->id, a->claim->task.task->id, sizeof(a->id));
	place_running(&a->at, a->id, w->slot.name);
	place_log(a->log_path, a->id, a->claim->n);
	a->run = (struct run){ .n = a->claim->n,
		.exit = -1,
		.worker = w->slot.name,
		.host = w->host,
		.log = a->log_path,
		.level = w->cgroup == -1 ? "subreaper" : "cgroup",
		.started = clock_now() };
	return attempt_lock_make(&w->slot, a->id, a->claim->n, w->cgroup_path,
	    &a->lock);
}

/* Returned uncounted: it was not started, by no fault of its own. */
static enum attempted
give_back(struct attempt *a)
{
	if (is_ordered(a)) {
		a->stopped = true;
		if (record_until_done(a) == 0)
			return ATTEMPT_FAILED;
	}
	(void)claim_return(a->w->s, a->claim);
	return ATTEMPT_TROUBLE;
}

static int
carry_out(struct attempt *a, char *const *prog)
{
	const struct task *task = a->claim->task.task;
	int can_run;

	if ((can_run = make_command(a, prog)) == -1 || open_log(a) == -1)
		return -1;
	(void)write_first_line(a, task);
	set_clocks(a, task);
	entry_unlock(&a->claim->task);
	if (can_run == 0) {
		a->run.outcome = OUTCOME_NOT_RUN;
		a->run.why = a->why;
		(void)dprintf(a->log, "%s\n", a->why);
		return 0;
	}
	if (is_ordered(a)) {
		a->stopped = true;
		return 0;
	}
	return run_it(a, task, prog != NULL);
}

static void
let_go(struct attempt *a)
{
	bool held = a->claim->hold.fd != -1 ||
		    a->claim->limits[CLAIM_QUEUE_SLOT] != -1 ||
		    a->claim->limits[CLAIM_PROJECT_SLOT] != -1;

	claim_close(a->w->s, a->claim);
	if (held)
		wake_workers(a->w->s);
	slot_sweep(a->w->slot.dir, a->id, a->run.n);
}

/*
 * Of what may live on, or has an end that is to be finished, only our part:
 * its record and its lock tell whoever recovers it.
 */
static void
leave(struct attempt *a)
{
	claim_leave(a->claim);
	wake_workers(a->w->s);
}

enum attempted
attempt_run(struct worker *w, struct claim *claim, char *const *prog)
{
	struct attempt a = {
		.w = w,
		.set = queue_rules(w->set, claim->task.task->queue),
		.claim = claim,
		.lock = { .fd = -1 },
		.command = { .cwd = -1, .input = -1 },
		.log = -1,
	};
	enum attempted how = ATTEMPT_TROUBLE;
	bool begun = begin(&a) == 0, over = false;
	bool ended = begun && carry_out(&a, prog) == 0;

	if (!ended && a.run.pid == 0) {
		how = give_back(&a);
		over = true;
	} else if (ended && record_until_done(&a) == 0) {
		how = a.run.outcome == OUTCOME_DONE ? ATTEMPT_WELL
						    : ATTEMPT_FAILED;
		over = true;
	}
	if (over)
		let_go(&a);
	else
		leave(&a);
	limiter_close(&a.limiter);
	command_free(&a.command);
	order_free(&a.order);
	free(a.result);
	free(a.limits);
	if (a.log != -1)
		(void)close(a.log);
	if (a.lock.fd != -1)
		(void)close(a.lock.fd);
	entry_close(&claim->task);
	return how;
}
