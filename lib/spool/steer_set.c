/* Settings of a task that does not run: appended, and moved where they say. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "spool/due.h"
#include "spool/journal.h"
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

static int
check_key(const struct json_member *m, void *arg)
{
	struct complaint *c = arg;
	char key[65];

	if (may_be_set(m))
		return 0;
	(void)snprintf(key, sizeof(key), "%.*s", (int)m->key_len, m->key);
	(void)complain(c, key, "it cannot be set");
	return 1;
}

/* As a submission would be checked that had these members. */
static int
check(const char *set, struct complaint *c)
{
	AUTO_STR text = NULL;
	AUTO_TASK task = NULL;
	struct json_fault fault;
	int len;

	if (json_check(set, strlen(set), NULL, &fault) == -1)
		return complain(c, fault.key, "%s", fault.what);
	if (json_members(set, strlen(set), check_key, c) != 0)
		return -1;
	len = asprintf(&text, "{\"command\":[\"true\"]%s%s",
	    strcmp(set, "{}") == 0 ? "" : ",", set + 1);
	if (len == -1)
		return -1;
	task = task_parse_submission(text, (size_t)len, c);
	return task == NULL ? -1 : 0;
}

/* Read again, it says what it says from now on. */
static int
reread(struct spool *s, struct entry *e, struct complaint *c)
{
	entry_unlock(e);
	return entry_relock(s, e, c) == -1 ? -1 : 0;
}

static enum state
state_now(const struct entry *e)
{
	bool later = e->history.not_before > clock_now();

	if (e->at.state == STATE_READY && later)
		return STATE_DELAYED;
	if (e->at.state == STATE_DELAYED && !later)
		return STATE_READY;
	return e->at.state;
}

/* Where its queue, priority and time put it, if that is elsewhere. */
static enum steered
put_in_place(struct spool *s, struct entry *e, struct steering *how)
{
	enum state to = state_now(e);
	struct place place;
	char id[ID_SIZE];

	place_id(&e->at, id);
	if (to == STATE_DELAYED && due_hint(s, id, e->history.not_before) == -1)
		return STEER_TROUBLE;
	how->state = to;
	place_of(&place, to, id, e->task, e->history.last > 0);
	if ((to == STATE_READY || to != e->at.state) &&
	    strcmp(place.dir, e->at.dir) != 0) {
		if (entry_move(s, e, &place) == -1 || entry_flush(s, e) == -1)
			return STEER_TROUBLE;
	}
	if (to == STATE_READY)
		wake_workers(s);
	return STEER_DONE;
}

static enum steered
set_in(struct spool *s, struct entry *e, struct steering *how)
{
	AUTO_STR by = account_name(getuid());
	AUTO_STR host = host_name();
	struct event event = { .event = "set",
		.by = by,
		.host = host,
		.why = how->why,
		.at = clock_now(),
		.set = how->set };

	how->state = e->at.state;
	if (!steer_allowed(s, e))
		return STEER_NOT_ALLOWED;
	if (e->at.state == STATE_RUNNING)
		return STEER_REFUSED;
	if (entry_note(s, e, &event) == -1 ||
	    reread(s, e, &how->complaint) == -1)
		return STEER_TROUBLE;
	journal_write(s, &(struct journal_line){ .event = "set",
			     .id = e->task->id,
			     .queue = e->task->queue,
			     .state = state_name(e->at.state),
			     .why = how->set,
			     .waited = -1,
			     .ran = -1 });
	return put_in_place(s, e, how);
}

enum steered
steer_set(struct spool *s, const char *id, struct steering *how)
{
	AUTO_ENTRY e = ENTRY_NONE;
	int found;

	memset(&how->complaint, 0, sizeof(how->complaint));
	if (check(how->set, &how->complaint) == -1)
		return STEER_BAD;
	if ((found = entry_find(s, id, &e, &how->complaint)) != 1)
		return found == 0 ? STEER_NOT_FOUND : STEER_TROUBLE;
	return set_in(s, &e, how);
}
