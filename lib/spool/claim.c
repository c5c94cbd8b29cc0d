#include "spool/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/names.h"
#include "spool/barrier.h"
#include "spool/end.h"
#include "spool/limit.h"
#include "spool/order.h"
#include "spool/queues.h"
#include "spool/ready.h"
#include "spool/steer.h"

#define ROOM_FOR_END 4096 /* preallocated behind a claimed task's text */

struct claiming {
	struct spool *s;
	const struct slot *slot;
	const struct claim_rules *rules;
	struct claim *claim;
	struct barriers barriers;
	bool paths_held; /* somebody holds paths: look before the rename */
	int blocked;
	char full[NAME_SIZE]; /* a queue that has no slot left */
};

static bool
is_record(const char *name)
{
	return *name != '.' && strcmp(name, "README") != 0;
}

/* 1 it lacks its paths now, 0 it does not, -1. */
static int
lacks_paths(struct claiming *k, const struct task *task)
{
	struct reserve_conflict conflict;
	struct reserve_set set = { 0 };
	int got;

	if (task->reserve_count == 0 || reserve_of_task(&set, task) == -1)
		return 0;
	got = barriers_bar(&k->barriers, task->id, &set);
	if (got == 0 && k->paths_held) {
		got = reserve_look(k->s, &set,
		    &(struct reserve_asker){ .task = task->id,
			.parent = task->parent },
		    &conflict);
		got = got == -1 ? -1 : got == 0;
	}
	if (got == 1)
		barrier_note(k->s, task->id);
	reserve_free(&set);
	return got;
}

static int
lacks_project_slot(struct claiming *k, const struct task *task)
{
	char name[sizeof(LIMIT_PROJECT) + NAME_SIZE];
	int most = project_limit(k->rules->set, task->project), got;

	if (most == 0)
		return 0;
	(void)snprintf(name, sizeof(name), LIMIT_PROJECT "%s", task->project);
	got = limit_look(k->s, name, most);
	return got == -1 ? -1 : got == 0;
}

/* A look at the file before it is claimed: 1 it cannot run now, 0, -1. */
static int
is_blocked(struct claiming *k, const struct place *place)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	int got;

	/* What cannot be read is met again, and put away, once claimed. */
	if (entry_read(k->s, place, &e, &c) != 1)
		return 0;
	if ((got = lacks_project_slot(k, e.task)) != 0)
		return got;
	return lacks_paths(k, e.task);
}

static int
take_paths(struct claiming *k)
{
	struct claim *claim = k->claim;
	struct reserve_conflict conflict;
	struct reserve_set set = { 0 };
	char name[SLOT_NAME_SIZE];
	int answer;

	if (claim->task.task->reserve_count == 0)
		return 1;
	if (reserve_of_task(&set, claim->task.task) == -1)
		return -1;
	(void)snprintf(name, sizeof(name), "%s.%d", claim->task.task->id,
	    claim->n);
	answer = reserve_take(k->s, &set,
	    &(struct reserve_asker){ .name = name,
		.task = claim->task.task->id,
		.parent = claim->task.task->parent },
	    &claim->hold, &conflict);
	reserve_free(&set);
	if (answer == 1)
		barrier_drop(k->s, claim->task.task->id);
	else if (answer == 0)
		barrier_note(k->s, claim->task.task->id);
	return answer;
}

static void
queue_of(const struct place *place, char queue[NAME_SIZE])
{
	const char *name = strchr(place->dir, '/') + 1;

	(void)snprintf(queue, NAME_SIZE, "%.*s", (int)strcspn(name, "/"), name);
}

/* 1 one is held or none is needed, 0 all are taken, -1. */
static int
take_queue_slot(struct claiming *k, const struct place *place)
{
	char queue[NAME_SIZE];
	int most, got;

	queue_of(place, queue);
	if ((most = queue_limit(k->rules->set, queue)) == 0)
		return 1;
	if (strcmp(queue, k->full) == 0)
		return 0;
	got = limit_take(k->s, queue, most,
	    &k->claim->limits[CLAIM_QUEUE_SLOT]);
	if (got == 0)
		(void)strlcpy(k->full, queue, sizeof(k->full));
	return got;
}

static int
take_project_slot(struct claiming *k)
{
	const struct task *task = k->claim->task.task;
	char name[sizeof(LIMIT_PROJECT) + NAME_SIZE];
	int most = project_limit(k->rules->set, task->project);

	if (most == 0)
		return 1;
	(void)snprintf(name, sizeof(name), LIMIT_PROJECT "%s", task->project);
	return limit_take(k->s, name, most,
	    &k->claim->limits[CLAIM_PROJECT_SLOT]);
}

static void
leave_slots(struct claim *claim)
{
	int i;

	for (i = 0; i < CLAIM_SLOTS; i++) {
		if (claim->limits[i] != -1)
			(void)close(claim->limits[i]);
		claim->limits[i] = -1;
	}
}

static int
keep_room(const struct entry *e)
{
	if (fallocate(e->fd, FALLOC_FL_KEEP_SIZE, e->tail, ROOM_FOR_END) == 0)
		return 0;
	return errno == ENOSPC || errno == EDQUOT ? -1 : 0;
}

/* 1 into our slot, 0 another was faster. */
static int
take_name(struct claiming *k, const struct place *place)
{
	char from[PLACE_SIZE];

	place_path(place, from);
#ifdef BUG_CLAIM_BY_COPY
	if (linkat(k->s->dir, from, k->slot->dir, place->name, 0) == 0 &&
	    usleep(2000) == 0)
		return unlinkat(k->s->dir, from, 0) == 0 || errno == ENOENT;
#endif
	if (file_move(k->s->dir, from, k->slot->dir, place->name) == 0)
		return 1;
	return errno == ENOENT ? 0 : -1;
}

/* What was claimed but cannot be had: quarantined, or back where it was. */
static int
put_away(struct claiming *k, const struct place *at, const struct place *from,
    const struct complaint *c)
{
	char why[300], path[PLACE_SIZE];
	int saved = errno;

	if (!bad_is_unreadable(errno)) {
		place_path(from, path);
		(void)file_move(k->slot->dir, at->name, k->s->dir, path);
		errno = saved;
		return -1;
	}
	(void)snprintf(why, sizeof(why), "%s%s%s", c->field,
	    *c->field == '\0' ? "" : ": ",
	    *c->what == '\0' ? strerror(errno) : c->what);
	return bad_put(k->s, at->dir, at->name, why) == -1 ? -1 : 0;
}

/* Its end was recorded, but not moved in time. */
static int
finish(struct claiming *k)
{
	struct entry *e = &k->claim->task;
	char id[ID_SIZE];

	place_id(&e->at, id);
	if (end_finish_move(k->s, e) == -1)
		return -1;
	slot_sweep(k->slot->dir, id, k->claim->n);
	return 0;
}

/* It is ours and read: 1 it can run, 0 it cannot now, -1. */
static int
prepare(struct claiming *k)
{
	struct entry *e = &k->claim->task;
	int got, saved;

	k->claim->n = e->history.last + 1;
	if (e->history.ended && e->history.then == STATE_DONE)
		return finish(k);
	if ((got = keep_room(e)) == 0 && (got = take_project_slot(k)) == 1 &&
	    (got = take_paths(k)) == 1)
		return 1;
	k->blocked += got == 0;
	saved = errno;
	if (got == -1 && (errno == EINVAL || errno == E2BIG))
		return bad_put(k->s, e->at.dir, e->at.name,
			   "its paths cannot be told") == -1
			   ? -1
			   : 0;
	/* It was seen in our hands and told to end: it need not run to. */
	if (order_to_end(k->slot->dir, e->task->id, k->claim->n))
		return 1;
	if (claim_return(k->s, k->claim) == -1)
		return -1;
	errno = saved;
	return got;
}

static int
claim_it(struct claiming *k, const struct place *place)
{
	struct complaint c;
	struct place at;
	char id[ID_SIZE];
	int got;

	if ((got = take_name(k, place)) != 1)
		return got;
	k->claim->from = *place;
	place_id(place, id);
	place_running(&at, id, k->slot->name);
	got = entry_open(k->s, &at, &k->claim->task, &c);
	if (got == -1)
		return put_away(k, &at, place, &c);
	if (got == 1)
		got = prepare(k);
	if (got != 1)
		entry_close(&k->claim->task);
	return got;
}

static int
try_candidate(struct claiming *k, const struct place *place)
{
	bool look = k->paths_held || k->barriers.n > 0 ||
		    projects_limited(k->rules->set);
	int got;

	if ((got = take_queue_slot(k, place)) == 0)
		k->blocked++;
	if (got != 1)
		return got;
	got = look ? is_blocked(k, place) : 0;
	k->blocked += got == 1;
	if (got == 0)
		got = claim_it(k, place);
	else if (got == 1)
		got = 0;
	if (got != 1)
		leave_slots(k->claim);
	return got;
}

static int
try_lanes(struct claiming *k, int priority, bool retry)
{
	struct ready_scan scan;
	struct place place;
	int got = 0;

	if (ready_open(&scan, k->s, k->rules->queues, k->rules->queue_count,
		priority, retry) == -1)
		return -1;
	while (got == 0 && (got = ready_next(&scan, &place)) == 1)
		got = try_candidate(k, &place);
	ready_close(&scan);
	return got;
}

static bool
draw(int share)
{
	return share > 0 && arc4random_uniform((uint32_t)share) == 0;
}

static int
try_priority(struct claiming *k, int priority)
{
	bool retry_first = draw(k->rules->set->retry_share);
	int got = try_lanes(k, priority, retry_first);

	return got != 0 ? got : try_lanes(k, priority, !retry_first);
}

/* Is there anything ready, in any way? */
static int
priority_has_work(struct claiming *k, int priority)
{
	struct ready_scan scan;
	struct place place;
	int got = 0, retry;

	for (retry = 0; retry < 2 && got == 0; retry++) {
		if (ready_open(&scan, k->s, k->rules->queues,
			k->rules->queue_count, priority, retry == 1) == -1)
			return -1;
		got = ready_next(&scan, &place);
		ready_close(&scan);
	}
	return got;
}

/* The turn of those below the best priority that has work. */
static int
try_below(struct claiming *k)
{
	int p = 0, got = 0;

	while (p < PRIORITY_COUNT && (got = priority_has_work(k, p)) == 0)
		p++;
	for (p++; p < PRIORITY_COUNT && got != -1; p++)
		if ((got = try_priority(k, p)) != 0)
			return got;
	return got == -1 ? -1 : 0;
}

static int
try_all(struct claiming *k)
{
	char name[256];
	int p, got;

	got = names_first(k->s->dir, "reserve", is_record, name, sizeof(name));
	if (got == -1)
		return -1;
	k->paths_held = got == 1;
	if (barriers_read(k->s, k->rules->set->pass_over, &k->barriers) == -1)
		return -1;
	got = draw(k->rules->set->yield_lower) ? try_below(k) : 0;
	for (p = 0; p < PRIORITY_COUNT && got == 0; p++)
		got = try_priority(k, p);
	return got;
}

enum claimed
claim_next(struct spool *s, const struct slot *slot,
    const struct claim_rules *rules, struct claim *claim)
{
	struct claiming k = {
		.s = s,
		.slot = slot,
		.rules = rules,
		.claim = claim,
	};
	int got;

	*claim = (struct claim){ .task = ENTRY_NONE,
		.hold = { .fd = -1 },
		.limits = { -1, -1 } };
	if (claims_paused(s, NULL))
		return CLAIM_NONE;
	got = try_all(&k);
	barriers_free(&k.barriers);
	if (got == 1)
		return CLAIM_TAKEN;
	if (got == -1)
		return CLAIM_TROUBLE;
	return k.blocked > 0 ? CLAIM_BLOCKED : CLAIM_NONE;
}

int
claim_return(struct spool *s, struct claim *claim)
{
	struct place to = claim->from;
	char bucket[ID_BUCKET + 1];
	int moved;

	if ((moved = entry_move(s, &claim->task, &to)) != -1)
		return moved;
	/* Its bucket cannot be had: straight into the priority's folder. */
	id_bucket(to.name, bucket);
	if (strcmp(strrchr(to.dir, '/') + 1, bucket) == 0)
		*strrchr(to.dir, '/') = '\0';
	return entry_move(s, &claim->task, &to);
}

void
claim_leave(struct claim *claim)
{
	entry_close(&claim->task);
	if (claim->hold.fd != -1)
		(void)close(claim->hold.fd);
	claim->hold.fd = -1;
	leave_slots(claim);
}

void
claim_close(struct spool *s, struct claim *claim)
{
	entry_close(&claim->task);
	if (claim->hold.fd != -1)
		reserve_release(s, &claim->hold);
	leave_slots(claim);
}
