#include "work/worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/cgroup.h"
#include "base/clock.h"
#include "base/names.h"
#include "base/proc.h"
#include "base/quota.h"
#include "base/sysexits.h"
#include "base/watch.h"
#include "spool/depend.h"
#include "spool/find.h"
#include "spool/health.h"
#include "spool/journal.h"
#include "spool/recover.h"
#include "spool/submit.h"
#include "spool/upkeep.h"
#include "work/attempt.h"
#include "work/idle.h"

#define SLOTS_MAX    1000
#define BUSY_UPKEEP  (CLOCK_SECOND / 10)
#define ONCE_PAUSE   (5 * CLOCK_SECOND)
/* Three tries, and whenever something changes in between. */
#define ONCE_LONGEST (2 * ONCE_PAUSE)
#define NAME_WAIT    (5 * CLOCK_SECOND)

/* A slot in which an old attempt still lives is no use to anybody. */
static int
clear_slot(struct worker *w)
{
	if (recover_slot(w->s, &w->slot) == -1 && errno != EBUSY)
		return -1;
	return slot_is_clear(&w->slot);
}

/* Somebody who recovers the slot has its lock for a moment. */
static int
take_named_slot(struct worker *w, const char *name)
{
	int64_t until = clock_steady() + NAME_WAIT;
	int clear;

	while (slot_take(w->s, name, &w->slot) == -1) {
		if (errno != EWOULDBLOCK || clock_steady() >= until)
			return -1;
		(void)usleep(10 * 1000);
	}
	if ((clear = clear_slot(w)) == 1)
		return 0;
	slot_leave(&w->slot);
	if (clear == 0)
		errno = EBUSY;
	return -1;
}

static int
take_free_slot(struct worker *w)
{
	char name[NAME_SIZE];
	int i, clear, trouble = EWOULDBLOCK;

	for (i = 1; i <= SLOTS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "w%d", i);
		if (slot_take(w->s, name, &w->slot) == -1) {
			if (errno != EWOULDBLOCK)
				return -1;
			continue;
		}
		if ((clear = clear_slot(w)) == 1)
			return 0;
		if (clear == -1)
			trouble = errno;
		slot_leave(&w->slot);
	}
	errno = trouble;
	return -1;
}

/*
 * One for the slot, whoever works in it: found again by its name.  It is made
 * new each time: what is started into a cgroup that was ordered to kill some
 * kernels kill at once, for ever after.
 */
static void
make_cgroup(struct worker *w)
{
	char own[sizeof(w->cgroup_path)];
	struct stat st;

	w->cgroup = -1;
	w->cgroup_spent = false;
	w->cgroup_path[0] = '\0';
	if (fstat(w->s->dir, &st) == -1)
		return;
	(void)snprintf(w->cgroup_name, sizeof(w->cgroup_name),
	    "taskdir-%llx-%llx-%s", (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino, w->slot.name);
	if (cgroup_own(own, sizeof(own)) == 0 &&
	    (size_t)snprintf(w->cgroup_path, sizeof(w->cgroup_path), "%s/%s",
		own, w->cgroup_name) < sizeof(w->cgroup_path) &&
	    cgroup_remove(w->cgroup_path) == 0)
		w->cgroup = cgroup_make(own, w->cgroup_name, w->cgroup_path,
		    sizeof(w->cgroup_path));
	if (w->cgroup == -1)
		w->cgroup_path[0] = '\0';
	quota_sweep(w->cgroup_path, w->cgroup_name);
}

static void
renew_cgroup(struct worker *w)
{
	if (!w->cgroup_spent)
		return;
	(void)close(w->cgroup);
	make_cgroup(w);
}

int
worker_open(struct worker *w, struct spool *s, const char *name)
{
	char path[PLACE_SIZE];
	AUTO_STR whole = NULL;

	w->s = s;
	w->watch = w->cgroup = -1;
	w->stop.fd = -1;
	if ((w->host = host_name()) == NULL || stop_open(&w->stop) == -1 ||
	    proc_adopt_orphans() == -1)
		return -1;
	if ((name == NULL ? take_free_slot(w) : take_named_slot(w, name)) == -1)
		return -1;
	make_cgroup(w);
	w->watch = watch_open();
	(void)snprintf(path, sizeof(path), "running/%s", w->slot.name);
	if (w->watch != -1 &&
	    (asprintf(&whole, "%s/%s", s->path, path) == -1 ||
		watch_add(whole,
		    IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE) == -1)) {
		/* Orders would not be told: look for them. */
		watch_close();
		w->watch = -1;
	}
	return 0;
}

const char *
worker_refusal(int error, int *status)
{
	*status = EX_TEMPFAIL;
	if (error == EWOULDBLOCK)
		return "another worker has it";
	if (error == EBUSY)
		return "an attempt before cannot be ended";
	*status = EX_OSERR;
	return strerror(error);
}

void
worker_close(struct worker *w)
{
	if (w->watch != -1)
		watch_close();
	if (w->cgroup != -1) {
		(void)close(w->cgroup);
		(void)cgroup_remove(w->cgroup_path);
	}
	slot_leave(&w->slot);
	stop_close(&w->stop);
	free(w->host);
}

struct remains {
	const struct worker *w;
	bool any;
};

static int
note_remaining(struct spool *s, const struct place *place, void *arg)
{
	struct remains *r = arg;
	char queue[NAME_SIZE];
	size_t i;

	(void)s;
	r->any = place->state != STATE_READY || r->w->rules.queues == NULL;
	for (i = 0; !r->any && i < r->w->rules.queue_count; i++) {
		(void)snprintf(queue, sizeof(queue), "/%s/",
		    r->w->rules.queues[i]);
		r->any = strncmp(place->dir + strlen("ready"), queue,
			     strlen(queue)) == 0;
	}
	return r->any;
}

/* 1 nothing is left that could be run or set something free, 0, -1. */
static int
is_drained(struct worker *w)
{
	struct remains r = { w, false };
	unsigned int states = 1U << STATE_READY | 1U << STATE_RUNNING;

	if (w->mode == WORKER_DRAIN_ALL)
		states |= 1U << STATE_DELAYED;
	if (find_each(w->s, states, note_remaining, &r) == -1)
		return -1;
	return !r.any;
}

/* Two passes that agree, and all that waited for an end that was is freed. */
static int
has_drained(struct worker *w)
{
	int drained;

	if ((drained = is_drained(w)) != 1)
		return drained;
	if (depend_sweep(w->s) == -1)
		return -1;
	return is_drained(w);
}

/* May it take a task?  What it promises to record must find room. */
static bool
may_claim(struct worker *w)
{
	return health_check(w->s) == 1 && ballast_keep(w->s) == 1 &&
	       slot_is_clear(&w->slot) == 1;
}

/* What the mode says when nothing was to be had: an exit status, -1 go on. */
static int
status_of(struct worker *w, enum claimed found, int64_t *since)
{
	int64_t now = clock_steady();
	int drained;

	switch (w->mode) {
	case WORKER_ONCE:
		if (found == CLAIM_NONE)
			return EX_TEMPFAIL;
		if (*since == 0)
			*since = now;
		return now - *since >= ONCE_LONGEST ? EXIT_NO : -1;
	case WORKER_DRAIN:
	case WORKER_DRAIN_ALL:
		if (found == CLAIM_TROUBLE)
			return -1;
		drained = has_drained(w);
		return drained == 1 ? EX_OK : -1;
	case WORKER_STAY:
		break;
	}
	return -1;
}

/* How long to wait at most for what makes no noise. */
static int64_t
longest_rest(const struct worker *w, enum claimed found, int64_t next)
{
	int64_t limit = w->set->rescan, now = clock_now();

	if (found == CLAIM_TROUBLE)
		limit = CLOCK_SECOND;
	if (w->mode == WORKER_ONCE)
		limit = ONCE_PAUSE;
	if (next != 0 && next - now < limit)
		limit = next > now ? next - now : 0;
	return limit;
}

/* What changed in etc/ holds from now on; a fault in it changes nothing. */
static void
take_new_settings(struct worker *w)
{
	struct settings_fault fault = { .line = 0 };
	char why[480];

	switch (settings_reload(w->s, &fault)) {
	case 1:
		w->set = w->rules.set = settings_get(w->s, NULL);
		break;
	case 0:
		break;
	default:
		(void)snprintf(why, sizeof(why), "%s:%d: %s", fault.file,
		    fault.line, fault.what);
		journal_write(w->s,
		    &(struct journal_line){ .event = "bad-settings",
			.worker = w->slot.name,
			.why = why,
			.waited = -1,
			.ran = -1 });
	}
}

/*
 * After a look that found nothing to claim: upkeep, then sleep.  A folder
 * may be new since that look, so only the second empty look in a row sleeps.
 */
static int
rest(struct worker *w, enum claimed found, int64_t *since, bool *again)
{
	int64_t next;
	int status;

	idle_watch(w);
	take_new_settings(w);
	if (upkeep_due(w->s, &next) == -1)
		found = CLAIM_TROUBLE;
	if (*again) {
		*again = false;
		return -1;
	}
	if ((status = status_of(w, found, since)) != -1)
		return status;
	if (found == CLAIM_TROUBLE)
		idle_nap(w);
	*again = idle_wait(w, longest_rest(w, found, next));
	return -1;
}

static enum claimed
look_for_work(struct worker *w, struct claim *claim, int64_t *last_upkeep)
{
	int64_t next, now = clock_steady();
	enum claimed found;

	if (now - *last_upkeep >= BUSY_UPKEEP) {
		*last_upkeep = now;
		take_new_settings(w);
		(void)upkeep_due(w->s, &next);
	}
	if ((w->untidy && clear_slot(w) != 1) || !may_claim(w))
		return CLAIM_TROUBLE;
	found = claim_next(w->s, &w->slot, &w->rules, claim);
	w->untidy = found == CLAIM_TROUBLE;
	return found;
}

int
worker_run(struct worker *w, char *const *prog)
{
	struct claim claim;
	enum attempted how;
	enum claimed found;
	int64_t last_upkeep = 0, since = 0;
	bool again = true;
	int status;

	idle_watch(w);
	for (;;) {
		stop_take(&w->stop);
		if (w->stop.asked > 0)
			return w->mode == WORKER_ONCE ? EX_TEMPFAIL : EX_OK;
		found = look_for_work(w, &claim, &last_upkeep);
		if (found != CLAIM_TAKEN) {
			status = rest(w, found, &since, &again);
			if (status != -1)
				return status;
			continue;
		}
		again = true;
		how = attempt_run(w, &claim, prog);
		renew_cgroup(w);
		/* What lies there now must be moved on first. */
		if (how == ATTEMPT_TROUBLE && clear_slot(w) != 1)
			return EX_OSERR;
		if (how == ATTEMPT_TROUBLE) {
			idle_nap(w);
			(void)idle_wait(w, CLOCK_SECOND);
		} else if (w->mode == WORKER_ONCE)
			return how == ATTEMPT_WELL ? EX_OK : EXIT_NO;
	}
}
