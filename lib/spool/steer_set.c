/* Settings of a task that does not run: appended, and moved where they say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "spool/due.h"
#include "spool/journal.h"
#include "spool/lane.h"
#include "spool/steer.h"
#include "spool/submit.h"
#include "spool/wake.h"
#include "task/fields.h"
#include "task/json.h"

/* Keys that may be set later; the others were settled at the submission. */
static bool
may_be_set(const struct json_member *m)
{
	static const char *const keys[] = { "priority", "queue", "title",
		"timeout", "silence", "attempts", "backoff", "labels",
		"not_before" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (json_key_is(m, keys[i]))
			return true;
	return false;
}

/* What a list of settings names, as far as it says where the task lies. */
struct given {
	struct complaint *c;
	bool queue, priority, time;
};

static int
check_key(const struct json_member *m, void *arg)
{
	struct given *given = arg;
	char key[65];

	if (may_be_set(m)) {
		given->queue |= json_key_is(m, "queue");
		given->priority |= json_key_is(m, "priority");
		given->time |= json_key_is(m, "not_before");
		return 0;
	}
	(void)snprintf(key, sizeof(key), "%.*s", (int)m->key_len, m->key);
	(void)complain(given->c, key, "it cannot be set");
	return 1;
}

/* As a submission would be checked that had these members: that, or NULL. */
static struct task *
check(const char *set, struct given *given)
{
	AUTO_STR text = NULL;
	struct json_fault fault;
	int len;

	if (json_check(set, strlen(set), NULL, &fault) == -1) {
		(void)complain(given->c, fault.key, "%s", fault.what);
		return NULL;
	}
	if (json_members(set, strlen(set), check_key, given) != 0)
		return NULL;
	len = asprintf(&text, "{\"command\":[\"true\"]%s%s",
	    strcmp(set, "{}") == 0 ? "" : ",", set + 1);
	if (len == -1)
		return NULL;
	return task_parse_submission(text, (size_t)len, given->c);
}

int
steer_check(const char *set, struct complaint *c)
{
	AUTO_TASK task = NULL;
	struct given given = { .c = c };

	memset(c, 0, sizeof(*c));
	task = check(set, &given);
	return task == NULL ? -1 : 0;
}

/* Where its time puts it: a file moved by hand stays where that was. */
static enum state
state_now(const struct entry *e, const struct given *given)
{
	bool later = e->history.not_before > clock_now();

	if (!given->time)
		return e->at.state;
	if (e->at.state == STATE_READY && later)
		return STATE_DELAYED;
	if (e->at.state == STATE_DELAYED && !later)
		return STATE_READY;
	return e->at.state;
}

/* The queue and priority that it has in ready/, but for what is set now. */
static void
lane_now(const struct entry *e, const struct given *given, struct task *lane,
    struct lane *old)
{
	*lane = *e->task;
	if (e->at.state != STATE_READY)
		return;
	lane_of(e, old);
	if (!given->queue)
		lane->queue = old->queue;
	if (!given->priority)
		lane->priority = old->priority;
}

/* 1 it lies where it should, 0 it was claimed or moved meanwhile, -1. */
static int
put_in_place(struct spool *s, struct entry *e, const struct given *given)
{
	enum state to = state_now(e, given);
	struct place place;
	struct task lane;
	struct lane old;
	char id[ID_SIZE];
	int moved;

	if (to == e->at.state &&
	    (to != STATE_READY || !(given->queue || given->priority)))
		return 1;
	place_id(&e->at, id);
	lane_now(e, given, &lane, &old);
	place_of(&place, to, id, &lane, e->history.last > 0);
	if (strcmp(place.dir, e->at.dir) == 0)
		return 1;
	if ((moved = entry_move(s, e, &place)) != 1)
		return moved;
	return entry_flush(s, e) == -1 ? -1 : 1;
}

static void
write_journal(struct spool *s, const struct entry *e, const char *set)
{
	journal_write(s, &(struct journal_line){ .event = "set",
			     .id = e->task->id,
			     .queue = e->task->queue,
			     .state = state_name(e->at.state),
			     .why = set,
			     .waited = -1,
			     .ran = -1 });
}

/* Appended and flushed, and read again: from now on it says what is set. */
static enum steered
note(struct spool *s, struct entry *e, struct steering *how)
{
	AUTO_STR by = account_name(getuid());
	AUTO_STR host = host_name();
	struct event event = { .event = "set",
		.by = by,
		.host = host,
		.why = how->why,
		.at = clock_now(),
		.set = how->set };
	off_t tail = e->tail;

	if (entry_note(s, e, &event) == -1)
		return e->tail == tail ? STEER_TROUBLE : STEER_UNKNOWN;
	return entry_relock(s, e, &how->complaint) == -1 ? STEER_TROUBLE
							 : STEER_DONE;
}

/* By itself, as soon as a worker or its time comes. */
static bool
moves_on(enum state state)
{
	return state == STATE_READY || state == STATE_DELAYED;
}

/* A claim that came between has read what was set: it is for this run. */
static enum steered
set_in(struct spool *s, struct entry *e, struct steering *how,
    const struct given *given, int64_t not_before)
{
	enum steered answer;
	char id[ID_SIZE];

	if (e->at.state == STATE_RUNNING)
		return STEER_REFUSED;
	place_id(&e->at, id);
	if (given->time && moves_on(e->at.state) &&
	    due_hint(s, id, not_before) == -1)
		return STEER_TROUBLE;
	if ((answer = note(s, e, how)) != STEER_DONE)
		return answer;
	if (put_in_place(s, e, given) == -1)
		return STEER_UNKNOWN;
	how->state = e->at.state;
	write_journal(s, e, how->set);
	if (moves_on(e->at.state))
		wake_workers(s);
	return STEER_DONE;
}

enum steered
steer_set(struct spool *s, const char *id, struct steering *how)
{
	AUTO_ENTRY e = ENTRY_NONE;
	AUTO_TASK task = NULL;
	struct given given = { .c = &how->complaint };
	enum steered answer;

	memset(&how->complaint, 0, sizeof(how->complaint));
	if ((task = check(how->set, &given)) == NULL)
		return STEER_BAD;
	if ((answer = steer_open(s, id, how, &e)) != STEER_DONE)
		return answer;
	return set_in(s, &e, how, &given, task->not_before);
}
