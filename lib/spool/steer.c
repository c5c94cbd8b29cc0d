#include "spool/steer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "spool/depend.h"
#include "spool/due.h"
#include "spool/health.h"
#include "spool/journal.h"
#include "spool/order.h"
#include "spool/submit.h"
#include "spool/wake.h"
#include "task/fields.h"

/* One order under way: the task is open for change. */
struct steer {
	struct spool *s;
	struct steering *how;
	struct entry e;
	char id[ID_SIZE];
	bool lost; /* it was moved away under our hands */
};

static bool
is_allowed(const struct spool *s, const struct entry *e)
{
	uid_t me = getuid();

	return me == 0 || me == s->owner ||
	       (e->history.uid >= 0 && me == (uid_t)e->history.uid);
}

enum steered
steer_open(struct spool *s, const char *id, struct steering *how,
    struct entry *e)
{
	int found;

	how->n = 0;
	how->state = STATE_COUNT;
	memset(&how->complaint, 0, sizeof(how->complaint));
	if (health_check(s) != 1) {
		(void)complain(&how->complaint, "",
		    "its disk does not keep what is flushed");
		errno = EIO;
		return STEER_TROUBLE;
	}
	if ((found = entry_find(s, id, e, &how->complaint)) == 0)
		return STEER_NOT_FOUND;
	if (found == -1)
		return errno == EACCES || errno == EPERM ? STEER_NOT_ALLOWED
							 : STEER_TROUBLE;
	how->state = e->at.state;
	return is_allowed(s, e) ? STEER_DONE : STEER_NOT_ALLOWED;
}

static void
write_journal(struct spool *s, const char *event, const char *id,
    const struct entry *e, const char *why)
{
	journal_write(s, &(struct journal_line){ .event = event,
			     .id = id,
			     .queue = e->task->queue,
			     .state = state_name(e->at.state),
			     .why = why,
			     .waited = -1,
			     .ran = -1 });
}

/* A claim asks nobody: who finds the task gone from his hands looks again. */
static enum steered
steer(struct spool *s, const char *id, struct steering *how,
    enum steered (*verb)(struct steer *st))
{
	struct steer st = { .s = s, .how = how, .e = ENTRY_NONE };
	enum steered answer;

	(void)strlcpy(st.id, id, sizeof(st.id));
	do {
		st.lost = false;
		answer = steer_open(s, id, how, &st.e);
		if (answer == STEER_DONE)
			answer = verb(&st);
		entry_close(&st.e);
	} while (st.lost);
	return answer;
}

/* It stands as it is; whoever is told so is told what is on disk. */
static enum steered
stands(struct steer *st, enum steered answer)
{
	return entry_flush(st->s, &st->e) == -1 ? STEER_UNKNOWN : answer;
}

/* To a running task, for its worker to carry out. */
static enum steered
order(struct steer *st, const char *kind)
{
	AUTO_STR by = account_name(getuid());
	AUTO_STR host = host_name();
	struct order order = { .at = clock_now(), .exit = -1 };
	const char *worker = strchr(st->e.at.dir, '/') + 1;

	st->how->n = st->e.history.last + 1;
	if (by == NULL || host == NULL)
		return STEER_TROUBLE;
	(void)strlcpy(order.by, by, sizeof(order.by));
	(void)strlcpy(order.host, host, sizeof(order.host));
	if (st->how->why != NULL)
		(void)strlcpy(order.why, st->how->why, sizeof(order.why));
	if (order_put(st->s, worker, st->id, st->how->n, kind, &order) == -1)
		return STEER_TROUBLE;
	return STEER_ORDERED;
}

/* Moves it there, with who, when and why. */
static enum steered
move(struct steer *st, enum state to, const char *word, int64_t not_before)
{
	AUTO_STR by = account_name(getuid());
	AUTO_STR host = host_name();
	struct event event = { .event = word,
		.by = by,
		.host = host,
		.why = st->how->why,
		.at = clock_now(),
		.not_before = not_before };
	struct place place;

	if (to == STATE_DELAYED && due_hint(st->s, st->id, not_before) == -1)
		return STEER_TROUBLE;
	if (to == STATE_WAITING && depend_hint(st->s, st->e.task, st->id) == -1)
		return STEER_TROUBLE;
	place_of(&place, to, st->id, st->e.task, st->e.history.last > 0);
#ifdef BUG_LOST_IS_GONE
	(void)usleep(10000);
#endif
	switch (entry_change(st->s, &st->e, &place, &event)) {
	case 1:
		break;
	case 0:
#ifndef BUG_LOST_IS_GONE
		st->lost = true;
#endif
		return STEER_NOT_FOUND;
	default:
		return st->e.at.state == to ? STEER_UNKNOWN : STEER_TROUBLE;
	}
	st->how->state = to;
	write_journal(st->s, word, st->id, &st->e, st->how->why);
	entry_close(&st->e);
	if (state_ended(to))
		(void)depend_free(st->s, st->id);
	if (to == STATE_WAITING)
		(void)depend_settle(st->s, st->id);
	if (to == STATE_READY || to == STATE_DELAYED)
		wake_workers(st->s);
	return STEER_DONE;
}

static enum steered
cancel(struct steer *st)
{
	if (st->how->state == STATE_CANCELLED)
		return stands(st, STEER_ALREADY);
	if (state_ended(st->how->state))
		return stands(st, STEER_REFUSED);
	if (st->how->state == STATE_RUNNING)
		return order(st, ORDER_CANCEL);
	return move(st, STATE_CANCELLED, "cancelled", 0);
}

enum steered
steer_cancel(struct spool *s, const char *id, struct steering *how)
{
	return steer(s, id, how, cancel);
}

static enum steered
hold(struct steer *st)
{
	if (st->how->state == STATE_HELD)
		return stands(st, STEER_ALREADY);
	if (state_ended(st->how->state))
		return stands(st, STEER_REFUSED);
	if (st->how->state == STATE_RUNNING)
		return order(st, ORDER_HOLD);
	return move(st, STATE_HELD, "held", 0);
}

enum steered
steer_hold(struct spool *s, const char *id, struct steering *how)
{
	return steer(s, id, how, hold);
}

/* Where it would be if nobody had set it aside. */
static enum steered
release(struct steer *st)
{
	int64_t at = st->e.history.not_before;
	char why[96];

	if (state_ended(st->how->state))
		return stands(st, STEER_REFUSED);
	if (st->how->state == STATE_RUNNING)
		return STEER_ALREADY;
	if (st->how->state != STATE_HELD)
		return stands(st, STEER_ALREADY);
	switch (depend_look(st->s, st->e.task, why)) {
	case DEPEND_MET:
		break;
	case DEPEND_TROUBLE:
		return STEER_TROUBLE;
	case DEPEND_OPEN:
	case DEPEND_NEVER:
		return move(st, STATE_WAITING, "released", 0);
	}
	if (at > clock_now())
		return move(st, STATE_DELAYED, "released", at);
	return move(st, STATE_READY, "released", 0);
}

enum steered
steer_release(struct spool *s, const char *id, struct steering *how)
{
	return steer(s, id, how, release);
}

/*
 * A time that the task was given is kept, a backoff is not; a blocker that is
 * tried again, too, is waited for once more.
 */
static enum steered
retry(struct steer *st)
{
	int64_t at = st->e.task->not_before;
	enum depend blockers;
	char why[96];

	if (st->how->state == STATE_RUNNING)
		return STEER_REFUSED;
	if (!state_ended(st->how->state))
		return stands(st, STEER_REFUSED);
	blockers = depend_look(st->s, st->e.task, why);
	if (blockers == DEPEND_TROUBLE)
		return STEER_TROUBLE;
	if (blockers == DEPEND_OPEN || st->how->dependent)
		return move(st, STATE_WAITING, "retried", 0);
	if (at > clock_now())
		return move(st, STATE_DELAYED, "retried", at);
	return move(st, STATE_READY, "retried", 0);
}

enum steered
steer_retry(struct spool *s, const char *id, struct steering *how)
{
	return steer(s, id, how, retry);
}
