#include "spool/steer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "spool/depend.h"
#include "spool/due.h"
#include "spool/find.h"
#include "spool/journal.h"
#include "spool/order.h"
#include "spool/submit.h"
#include "spool/wake.h"

/* One order under way: the task is open for change. */
struct steer {
	struct spool *s;
	struct steering *how;
	struct entry e;
	char id[ID_SIZE];
};

bool
steer_allowed(const struct spool *s, const struct entry *e)
{
	uid_t me = getuid();

	return me == 0 || me == s->owner ||
	       (e->history.uid >= 0 && me == (uid_t)e->history.uid);
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

/* Opens the task, if whoever asks may change it. */
static enum steered
begin(struct steer *st, struct spool *s, const char *id, struct steering *how)
{
	int found;

	*st = (struct steer){ .s = s, .how = how, .e = ENTRY_NONE };
	(void)strlcpy(st->id, id, sizeof(st->id));
	how->n = 0;
	how->state = STATE_COUNT;
	memset(&how->complaint, 0, sizeof(how->complaint));
	if ((found = entry_find(s, id, &st->e, &how->complaint)) != 1)
		return found == 0 ? STEER_NOT_FOUND : STEER_TROUBLE;
	how->state = st->e.at.state;
	return steer_allowed(s, &st->e) ? STEER_DONE : STEER_NOT_ALLOWED;
}

static enum steered
finish(struct steer *st, enum steered answer)
{
	entry_close(&st->e);
	return answer;
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
	int moved;

	if (to == STATE_DELAYED && due_hint(st->s, st->id, not_before) == -1)
		return STEER_TROUBLE;
	if (to == STATE_WAITING && depend_hint(st->s, st->e.task, st->id) == -1)
		return STEER_TROUBLE;
	place_of(&place, to, st->id, st->e.task, st->e.history.last > 0);
	if ((moved = entry_change(st->s, &st->e, &place, &event)) != 1)
		return moved == 0 ? STEER_NOT_FOUND : STEER_TROUBLE;
	st->how->state = to;
	write_journal(st->s, word, st->id, &st->e, st->how->why);
	entry_close(&st->e);
	if (state_ended(to))
		(void)depend_free(st->s, st->id);
	if (to == STATE_WAITING)
		(void)depend_settle(st->s, st->id);
	if (to == STATE_READY)
		wake_workers(st->s);
	return STEER_DONE;
}

enum steered
steer_cancel(struct spool *s, const char *id, struct steering *how)
{
	struct steer st;
	enum steered answer = begin(&st, s, id, how);

	if (answer != STEER_DONE)
		return finish(&st, answer);
	if (how->state == STATE_CANCELLED)
		return finish(&st, STEER_ALREADY);
	if (state_ended(how->state))
		return finish(&st, STEER_REFUSED);
	if (how->state == STATE_RUNNING)
		return finish(&st, order(&st, ORDER_CANCEL));
	return finish(&st, move(&st, STATE_CANCELLED, "cancelled", 0));
}

enum steered
steer_hold(struct spool *s, const char *id, struct steering *how)
{
	struct steer st;
	enum steered answer = begin(&st, s, id, how);

	if (answer != STEER_DONE)
		return finish(&st, answer);
	if (how->state == STATE_HELD)
		return finish(&st, STEER_ALREADY);
	if (state_ended(how->state))
		return finish(&st, STEER_REFUSED);
	if (how->state == STATE_RUNNING)
		return finish(&st, order(&st, ORDER_HOLD));
	return finish(&st, move(&st, STATE_HELD, "held", 0));
}

/* Where it would be if nobody had set it aside. */
static enum state
state_to_go_on(const struct steer *st, int64_t *not_before)
{
	char why[96];

	*not_before = 0;
	if (depend_look(st->s, st->e.task, why) != DEPEND_MET)
		return STATE_WAITING;
	if (st->e.history.not_before > clock_now()) {
		*not_before = st->e.history.not_before;
		return STATE_DELAYED;
	}
	return STATE_READY;
}

enum steered
steer_release(struct spool *s, const char *id, struct steering *how)
{
	struct steer st;
	enum steered answer = begin(&st, s, id, how);
	int64_t not_before;
	enum state to;

	if (answer != STEER_DONE)
		return finish(&st, answer);
	if (how->state != STATE_HELD)
		return finish(&st,
		    state_ended(how->state) ? STEER_REFUSED : STEER_ALREADY);
	to = state_to_go_on(&st, &not_before);
	return finish(&st, move(&st, to, "released", not_before));
}

enum steered
steer_retry(struct spool *s, const char *id, struct steering *how)
{
	struct steer st;
	enum steered answer = begin(&st, s, id, how);
	char why[96];

	if (answer != STEER_DONE)
		return finish(&st, answer);
	if (!state_ended(how->state))
		return finish(&st, STEER_REFUSED);
	/* A blocker that is tried again, too, is waited for once more. */
	return finish(&st,
	    move(&st,
		depend_look(s, st.e.task, why) == DEPEND_OPEN ? STATE_WAITING
							      : STATE_READY,
		"retried", 0));
}

struct seeking {
	const char *blocker;
	struct ids {
		char (*v)[ID_SIZE];
		size_t n;
	} found;
};

static bool
waits_for(const struct task *task, const char *id)
{
	size_t i;

	for (i = 0; i < task->after_count; i++)
		if (strcmp(task->after[i].id, id) == 0)
			return true;
	return false;
}

static int
note_dependent(struct spool *s, const struct place *place, void *arg)
{
	struct seeking *k = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	void *more;

	/* Who waits for it was submitted after it. */
	if (strncmp(place->name, k->blocker, ID_LEN) < 0 ||
	    entry_read(s, place, &e, &c) != 1 ||
	    !waits_for(e.task, k->blocker) || e.history.cancelled_by_hand)
		return 0;
	more = reallocarray(k->found.v, k->found.n + 1, sizeof(*k->found.v));
	if (more == NULL)
		return -1;
	k->found.v = more;
	place_id(place, k->found.v[k->found.n++]);
	return 0;
}

int
steer_dependents(struct spool *s, const char *id,
    int (*each)(struct spool *s, const char *id, void *arg), void *arg)
{
	struct seeking k = { .blocker = id };
	int answer;
	size_t i;

	answer = find_each(s, 1U << STATE_CANCELLED, note_dependent, &k);
	for (i = 0; i < k.found.n && answer == 0; i++) {
		answer = each(s, k.found.v[i], arg);
		if (answer == 0)
			answer = steer_dependents(s, k.found.v[i], each, arg);
	}
	free(k.found.v);
	return answer;
}
