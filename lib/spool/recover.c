#include "spool/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/cgroup.h"
#include "base/clock.h"
#include "base/lock.h"
#include "base/names.h"
#include "base/proc.h"
#include "spool/claim.h"
#include "spool/depend.h"
#include "spool/end.h"
#include "spool/find.h"
#include "spool/health.h"
#include "spool/journal.h"
#include "spool/order.h"
#include "spool/queues.h"
#include "spool/settings.h"
#include "spool/submit.h"
#include "spool/wake.h"

#define STRAYS_LIMIT (5 * CLOCK_SECOND)
#define PUT_OFF	     10		     /* seconds */
#define UNUSED_SLOT  INT64_C(129600) /* seconds until an empty slot goes */

struct recovering {
	struct spool *s;
	const struct slot *slot;
	bool busy, any;
};

static bool
is_attempt_lock(const char *name)
{
	char id[ID_SIZE];
	const char *kind;
	int n;

	return slot_name_split(name, id, &n, &kind) &&
	       strcmp(kind, "lock") == 0;
}

/* What cannot be ended is not tried again at once: each try takes its time. */
static bool
is_put_off(const struct attempt_lock *lock)
{
	struct stat st;
	int64_t now = clock_now() / CLOCK_SECOND;

	return fstat(lock->fd, &st) == 0 && st.st_mtim.tv_sec > now &&
	       st.st_mtim.tv_sec <= now + PUT_OFF;
}

static int
put_off(const struct attempt_lock *lock)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
		{ .tv_sec = clock_now() / CLOCK_SECOND + PUT_OFF } };

	(void)futimens(lock->fd, times);
	errno = EBUSY;
	return -1;
}

/*
 * Ends what is left of the attempt.  0, -1 EBUSY.  Processes of another user
 * may not even be seen: the lock tells that they are there.
 */
static int
end_processes(const struct attempt_lock *lock)
{
	char variable[SLOT_KEY + 8];
	int killed = 0;

	if (is_put_off(lock)) {
		errno = EBUSY;
		return -1;
	}
#ifdef BUG_NO_STRAYS
	return 0;
#endif
	(void)snprintf(variable, sizeof(variable), "TD_KEY=%s", lock->key);
	/* What can be taken nobody holds: no need to look at every descriptor.
	 */
	if (proc_end_strays(*lock->key == '\0' ? NULL : variable,
		lock_try(lock->fd, false) == 1 ? -1 : lock->fd, lock->cgroup,
		STRAYS_LIMIT, &killed) == -1)
		return errno == EBUSY ? put_off(lock) : -1;
	if (lock_try(lock->fd, false) != 1)
		return put_off(lock);
	if (*lock->cgroup != '\0')
		(void)cgroup_remove(lock->cgroup);
	return 0;
}

static bool
has_log(struct spool *s, const char *id, int n)
{
	char path[PLACE_SIZE];
	struct stat st;

	place_log(path, id, n);
	return fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* How the attempt of a dead worker ended: by its own word, by an order. */
static void
judge_lost(const struct recovering *r, const char *id, struct run *run,
    struct order *order)
{
	if (order_get(r->slot->dir, id, run->n, ORDER_FINISH, order) == 1) {
		run->exit = order->exit < 0 ? 0 : order->exit;
		run->outcome = verdict_outcome(run->exit, 0);
		run->result = order->result;
	} else if (order_get(r->slot->dir, id, run->n, ORDER_CANCEL, order) ==
		   1) {
		run->outcome = OUTCOME_CANCELLED;
		run->by = order->by;
		run->why = *order->why == '\0' ? NULL : order->why;
	} else if (order_get(r->slot->dir, id, run->n, ORDER_HOLD, order) ==
		   1) {
		run->outcome = OUTCOME_HELD;
		run->by = order->by;
		run->why = *order->why == '\0' ? NULL : order->why;
	}
}

static int
end_lost(struct recovering *r, struct entry *e, int n)
{
	const struct settings *set = settings_get(r->s, NULL);
	struct retry_rules rules = { .attempts = 4 };
	AUTO_STR host = host_name();
	struct verdict verdict;
	struct order order = { .result = NULL };
	char log[PLACE_SIZE];
	struct run run = { .n = n,
		.outcome = OUTCOME_LOST,
		.exit = -1,
		.worker = r->slot->name,
		.host = host,
		.log = log,
		.ended = clock_now() };
	int answer;

	place_log(log, e->task->id, n);
	if (set != NULL) {
		set = queue_rules(set, e->task->queue);
		rules.attempts = set->attempts;
		rules.backoff = set->backoff;
		rules.backoff_count = set->backoff_count;
	}
	judge_lost(r, e->task->id, &run, &order);
	verdict = verdict_make(e->task, &e->history, &run, &rules, run.ended,
	    arc4random());
	if (run.why == NULL)
		run.why = verdict.why;
	answer = end_attempt(r->s, e, &run, &verdict);
	order_free(&order);
	return answer;
}

/* The worker died between the claim and the attempt's first line. */
static int
give_back(struct recovering *r, struct entry *e, int n)
{
	struct event event = { .event = "returned",
		.why = "its worker died before it ran",
		.at = clock_now() };
	struct place to;

	if (order_to_end(r->slot->dir, e->task->id, n))
		return end_lost(r, e, n);
	place_of(&to, STATE_READY, e->task->id, e->task, e->history.last > 0);
	if (entry_change(r->s, e, &to, &event) == -1)
		return -1;
	journal_write(r->s, &(struct journal_line){ .event = "returned",
				.id = e->task->id,
				.queue = e->task->queue,
				.worker = r->slot->name,
				.state = state_name(STATE_READY),
				.why = event.why,
				.waited = -1,
				.ran = -1 });
	wake_workers(r->s);
	return 0;
}

/* n: the attempt that had a lock in the slot; 0, none had: which it was. */
static int
recover_task(struct recovering *r, const char *id, int *n)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	struct place at;
	int got;

	place_running(&at, id, r->slot->name);
	if ((got = entry_open(r->s, &at, &e, &c)) == 0)
		return 0;
	if (got == -1 && bad_is_unreadable(errno))
		return bad_put(r->s, at.dir, at.name,
			   *c.what == '\0' ? strerror(errno) : c.what) == -1
			   ? -1
			   : 0;
	if (got == -1)
		return -1;
	r->any = true;
#ifndef BUG_NO_END_CHECK
	if (*n > 0 && e.history.last >= *n && e.history.ended)
		return end_finish_move(r->s, &e);
#endif
	if (*n == 0)
		*n = e.history.last + 1;
	if (has_log(r->s, id, *n))
		return end_lost(r, &e, *n);
	return give_back(r, &e, *n);
}

/* Its end may be recorded and flushed, and nobody told yet. */
static void
free_dependents(struct spool *s, const char *id)
{
	struct place place;

	if (find_task(s, id, &place) == 1 && state_ended(place.state))
		(void)depend_free(s, id);
}

static int
recover_attempt(const char *name, void *arg)
{
	struct recovering *r = arg;
	struct attempt_lock lock;
	char id[ID_SIZE];
	const char *kind;
	int n, got;

	if (!is_attempt_lock(name))
		return 0;
	if ((got = attempt_lock_read(r->slot->dir, name, &lock)) != 1)
		return got;
	(void)slot_name_split(name, id, &n, &kind);
	got = end_processes(&lock);
	(void)close(lock.fd);
	if (got == -1) {
		r->busy = true;
		return errno == EBUSY ? 0 : -1;
	}
	if (recover_task(r, id, &n) == -1)
		return -1;
	free_dependents(r->s, id);
	slot_sweep(r->slot->dir, id, n);
	r->any = true;
	return 0;
}

int
recover_slot(struct spool *s, const struct slot *slot)
{
	struct recovering r = { .s = s, .slot = slot };
	char id[ID_SIZE];
	int got, n;

	if (names_each(slot->dir, ".", recover_attempt, &r) == -1)
		return -1;
	if (r.busy) {
		errno = EBUSY;
		return -1;
	}
	while ((got = slot_task(slot->dir, id)) == 1) {
		n = 0;
		if (recover_task(&r, id, &n) == -1)
			return -1;
		slot_sweep(slot->dir, id, n);
		r.any = true;
	}
	return got == -1 ? -1 : r.any;
}

static int
has_more_than_lock(const char *name, void *arg)
{
	(void)arg;
	return strcmp(name, "lock") != 0;
}

/* A slot that nobody used for long, its lock being ours, goes. */
static void
remove_unused(struct spool *s, const struct slot *slot, const char *path)
{
	struct stat st;

	if (fstat(slot->lock, &st) == -1 ||
	    st.st_mtim.tv_sec > clock_now() / CLOCK_SECOND - UNUSED_SLOT)
		return;
	(void)unlinkat(slot->dir, "lock", 0);
	(void)unlinkat(s->dir, path, AT_REMOVEDIR);
}

static int
recover_worker(struct spool *s, const char *name)
{
	char path[PLACE_SIZE];
	struct slot slot;
	struct stat st;
	int got;

	(void)snprintf(path, sizeof(path), "running/%.64s", name);
	got = names_each(s->dir, path, has_more_than_lock, NULL);
	if (got == -1)
		return errno == ENOTDIR ? 0 : -1;
	if (got == 0 &&
	    (fstatat(s->dir, path, &st, 0) == -1 ||
		st.st_mtim.tv_sec > clock_now() / CLOCK_SECOND - UNUSED_SLOT))
		return 0;
	if (slot_try(s, name, &slot) == -1)
		return errno == EWOULDBLOCK || errno == ENOENT ? 0 : -1;
	if (got == 0)
		remove_unused(s, &slot, path);
	else
		got = recover_slot(s, &slot);
	slot_leave(&slot);
	return got;
}

int
recover_dead(struct spool *s)
{
	AUTO_NAMES workers = { 0 };
	int recovered = 0, trouble = 0, got;
	size_t i;

	if (names_read(s->dir, "running", name_ok, &workers) == -1)
		return -1;
	/* One that cannot be recovered now stops no other. */
	for (i = 0; i < workers.n; i++) {
		got = recover_worker(s, workers.v[i]);
		if (got == -1)
			trouble = errno;
		else
			recovered += got;
	}
	if (trouble == 0 || trouble == EBUSY)
		return recovered;
	errno = trouble;
	return -1;
}
