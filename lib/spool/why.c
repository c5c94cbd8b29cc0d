#include "spool/why.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "spool/find.h"
#include "spool/lane.h"
#include "spool/queues.h"
#include "spool/steer.h"

/* "running/WORKER" */
static const char *
worker_of(const struct entry *e)
{
	const char *slash = strchr(e->at.dir, '/');

	return slash == NULL ? "" : slash + 1;
}

static int
begin(struct spool *s, struct why_around *around)
{
	if (around->begun)
		return 0;
	around->begun = true;
	around->set = settings_get(s, NULL);
	if (around->set != NULL &&
	    barriers_read(s, around->set->pass_over, &around->barriers) == -1)
		return -1;
	if (pause_read(s, NULL, around->pause, sizeof(around->pause)) == -1)
		return -1;
	return workers_count(s, &around->workers);
}

void
why_around_free(struct why_around *around)
{
	barriers_free(&around->barriers);
	*around = (struct why_around){ 0 };
}

/* 1 it is paused, 0 not, -1. */
static int
look_at_pauses(struct spool *s, const struct why_around *around,
    const struct entry *e, struct why *why)
{
	struct lane lane;

	if (*around->pause != '\0') {
		(void)strlcpy(why->pause, around->pause, sizeof(why->pause));
		return 1;
	}
	lane_of(e, &lane);
	return pause_read(s, lane.queue, why->pause, sizeof(why->pause));
}

/* 1 they are not to be had, 0 they are, -1. */
static int
look_at_paths(struct spool *s, const struct why_around *around,
    const struct task *task, struct why *why)
{
	struct reserve_set set = { 0 };
	int answer;

	if (task->reserve_count == 0)
		return 0;
	if (reserve_of_task(&set, task) == -1)
		return errno == EINVAL ? 0 : -1;
	answer = reserve_look(s, &set,
	    &(struct reserve_asker){ .task = task->id, .parent = task->parent },
	    &why->conflict);
	why->kind = answer == 0 ? WHY_PATHS : WHY_BARRIER;
	if (answer == 1 &&
	    (answer = barriers_bar(&around->barriers, task->id, &set)) != -1)
		answer = !answer;
	reserve_free(&set);
	return answer == -1 ? -1 : answer == 0;
}

static int
is_full(struct spool *s, const char *before, const char *name, int most,
    struct why *why)
{
	int got;

	if (most == 0)
		return 0;
	(void)snprintf(why->limit, sizeof(why->limit), "%s%.64s", before, name);
	why->most = most;
	why->kind = WHY_LIMIT;
	got = limit_look(s, why->limit, most);
	return got == -1 ? -1 : got == 0;
}

/* 1 so many run already, 0 not, -1. */
static int
look_at_limits(struct spool *s, const struct why_around *around,
    const struct entry *e, struct why *why)
{
	const char *project = e->task->project;
	struct lane lane;
	int got;

	if (around->set == NULL)
		return 0;
	lane_of(e, &lane);
	got = is_full(s, "", lane.queue, queue_limit(around->set, lane.queue),
	    why);
	if (got != 0 || project == NULL)
		return got;
	return is_full(s, LIMIT_PROJECT, project,
	    project_limit(around->set, project), why);
}

static int
look_at_ready(struct spool *s, struct why_around *around, const struct entry *e,
    struct why *why)
{
	int got;

	if (begin(s, around) == -1)
		return -1;
	why->workers = around->workers;
	why->kind = WHY_PAUSED;
	if ((got = look_at_pauses(s, around, e, why)) == 0 &&
	    (got = look_at_limits(s, around, e, why)) == 0 &&
	    (got = look_at_paths(s, around, e->task, why)) == 0)
		why->kind = around->workers.alive > 0 ? WHY_NEXT
						      : WHY_NO_WORKER;
	return got == -1 ? -1 : 0;
}

static int
look_at_blockers(struct spool *s, const struct entry *e, struct why *why)
{
	const struct task *task = e->task;
	struct place place;
	size_t i;
	int found;

	for (i = 0; i < task->after_count; i++) {
		if ((found = find_task(s, task->after[i].id, &place)) == -1)
			return -1;
		if (found == 1 && state_ended(place.state))
			continue;
		if (why->open < WHY_BLOCKERS) {
			struct why_blocker *b = &why->blockers[why->open];

			(void)strlcpy(b->id, task->after[i].id, sizeof(b->id));
			b->when = task->after[i].when;
			b->state = found == 1 ? place.state : STATE_COUNT;
		}
		why->open++;
	}
	why->kind = why->open > 0 ? WHY_BLOCKERS_OPEN : WHY_BLOCKERS_MET;
	return 0;
}

/* The attempt's lock is made when it begins. */
static int64_t
begun_at(struct spool *s, const struct entry *e, const char *id)
{
	char name[SLOT_NAME_SIZE], path[PLACE_SIZE];
	struct stat st;

	slot_name(name, id, e->history.last + 1, "lock");
	(void)snprintf(path, sizeof(path), "%.100s/%.60s", e->at.dir, name);
	if (fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return 0;
	return st.st_mtim.tv_sec * CLOCK_SECOND + st.st_mtim.tv_nsec / 1000;
}

int
why_progress(struct spool *s, const struct entry *e, struct progress *p)
{
	char id[ID_SIZE];

	if (e->at.state != STATE_RUNNING)
		return 0;
	place_id(&e->at, id);
	return progress_get(s, worker_of(e), id, e->history.last + 1, p);
}

static int
look_at_running(struct spool *s, const struct entry *e, struct why *why)
{
	char id[ID_SIZE];
	int lives;

	place_id(&e->at, id);
	(void)strlcpy(why->worker, worker_of(e), sizeof(why->worker));
	if ((lives = worker_lives(s, why->worker)) == -1)
		return -1;
	why->kind = lives == 1 ? WHY_RUNNING : WHY_DEAD;
	why->at = begun_at(s, e, id);
	why->has_progress = why_progress(s, e, &why->progress) == 1;
	return 0;
}

/* Notes and settings bring a task nowhere. */
static int
keep_last(const struct moment *m, void *arg)
{
	if (m->event == NULL ||
	    (strcmp(m->event, "note") != 0 && strcmp(m->event, "set") != 0))
		*(struct moment *)arg = *m;
	return 0;
}

int
why_look(struct spool *s, struct why_around *around, const struct entry *e,
    struct why *why)
{
	*why = (struct why){ 0 };
	switch (e->at.state) {
	case STATE_READY:
		return look_at_ready(s, around, e, why);
	case STATE_WAITING:
		return look_at_blockers(s, e, why);
	case STATE_RUNNING:
		return look_at_running(s, e, why);
	case STATE_DELAYED:
		why->kind = WHY_TIME;
		why->at = e->history.not_before;
		return 0;
	case STATE_HELD:
	case STATE_DONE:
	case STATE_FAILED:
	case STATE_CANCELLED:
	case STATE_COUNT:
		break;
	}
	why->kind = e->at.state == STATE_HELD ? WHY_HELD : WHY_ENDED;
	(void)timeline_each(e->task, keep_last, &why->last);
	return 0;
}
