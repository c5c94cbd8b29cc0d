#include "spool/census.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/names.h"
#include "spool/steer.h"

#define PAUSED "paused."

/* One walk: what the folder that is being read says of the tasks in it. */
struct counting {
	struct spool *s;
	struct census *c;
	struct census_queue *queue;
	char dir[PLACE_SIZE];
	int priority;
	bool again;
	enum state state;
};

static struct census_queue *
queue_named(struct census *c, const char *name)
{
	struct census_queue *more;
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->queues[i].name, name) == 0)
			return &c->queues[i];
	more = reallocarray(c->queues, c->n + 1, sizeof(*more));
	if (more == NULL)
		return NULL;
	c->queues = more;
	more = &c->queues[c->n++];
	*more = (struct census_queue){ 0 };
	(void)strlcpy(more->name, name, sizeof(more->name));
	return more;
}

static int
age_class(int64_t age)
{
	int64_t bound = 60 * CLOCK_SECOND;
	int i = 0;

	for (; i < CENSUS_AGES - 1 && age >= bound; i++)
		bound *= 2;
	return i;
}

static void
count_ready(struct counting *k, const char *name)
{
	struct census_queue *q = k->queue;
	int64_t at = id_time(name);

	k->c->states[STATE_READY]++;
	q->ready++;
	q->again += k->again;
	q->by_priority[k->priority]++;
	q->by_age[age_class(k->c->now - at)]++;
	if (q->oldest == 0 || at < q->oldest)
		q->oldest = at;
}

static int
look_in_bucket(const char *name, void *arg)
{
	if (place_name_ok(name))
		count_ready(arg, name);
	return 0;
}

/* A folder that is gone, or that is none, holds nothing. */
static int
each_in(struct counting *k, const char *dir, int (*each)(const char *, void *))
{
	int answer = names_each(k->s->dir, dir, each, k);

	return answer == -1 && errno == ENOTDIR ? 0 : answer;
}

static int
look_in_priority(const char *name, void *arg)
{
	struct counting *k = arg;
	char path[PLACE_SIZE];

	if (place_name_ok(name)) {
		count_ready(k, name);
		return 0;
	}
	if (strlen(name) != ID_BUCKET)
		return 0;
	(void)snprintf(path, sizeof(path), "%.120s/%s", k->dir, name);
	return each_in(k, path, look_in_bucket);
}

static int
look_in_queue(const char *name, void *arg)
{
	struct counting *k = arg;
	char path[PLACE_SIZE];
	int p;

	if (!name_ok(name))
		return 0;
	if ((k->queue = queue_named(k->c, name)) == NULL)
		return -1;
	for (p = 0; p < 2 * PRIORITY_COUNT; p++) {
		k->priority = p / 2;
		k->again = p % 2 == 1;
		(void)snprintf(k->dir, sizeof(k->dir), "ready/%.64s/%d%s", name,
		    k->priority, k->again ? "r" : "");
		(void)strlcpy(path, k->dir, sizeof(path));
		if (each_in(k, path, look_in_priority) == -1)
			return -1;
	}
	return 0;
}

static int
count_task(const char *name, void *arg)
{
	struct counting *k = arg;

	k->c->states[k->state] += place_name_ok(name);
	return 0;
}

/* A day's folder, or a worker's slot; or a task put here by hand. */
static int
look_in_state(const char *name, void *arg)
{
	struct counting *k = arg;
	char path[PLACE_SIZE];

	if (place_name_ok(name))
		return count_task(name, k);
	if (strchr(name, '.') != NULL || strlen(name) >= NAME_SIZE)
		return 0;
	(void)snprintf(path, sizeof(path), "%s/%s", state_name(k->state), name);
	return each_in(k, path, count_task);
}

static bool
ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len >= n && strcmp(name + len - n, end) == 0;
}

static int
count_drop(const char *name, void *arg)
{
	((struct counting *)arg)->c->drops += ends_with(name, ".json");
	return 0;
}

static int
count_bad(const char *name, void *arg)
{
	((struct counting *)arg)->c->bad += !ends_with(name, ".why") &&
					    strcmp(name, "README") != 0;
	return 0;
}

static int
look_at_pause(const char *name, void *arg)
{
	struct counting *k = arg;
	const char *queue = name + strlen(PAUSED);
	struct census_queue *q;

	if (strncmp(name, PAUSED, strlen(PAUSED)) != 0 || !name_ok(queue))
		return 0;
	if ((q = queue_named(k->c, queue)) == NULL)
		return -1;
	q->paused = pause_read(k->s, queue, q->pause, sizeof(q->pause)) == 1;
	return 0;
}

static int
look_at_health(struct counting *k)
{
	AUTO_STR text = NULL;
	size_t len;

	if (file_read(k->s->dir, "ctl/degraded", 65536, &text, &len) == -1)
		return errno == ENOENT ? 0 : -1;
	text[strcspn(text, "\n")] = '\0';
	(void)strlcpy(k->c->degraded, *text == '\0' ? "?" : text,
	    sizeof(k->c->degraded));
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct census_queue *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int
census_take(struct spool *s, int64_t now, struct census *c)
{
	struct counting k = { .s = s, .c = c };
	int paused;

	*c = (struct census){ .now = now };
	if (each_in(&k, "ready", look_in_queue) == -1)
		return -1;
	for (k.state = STATE_READY + 1; k.state < STATE_COUNT; k.state++)
		if (each_in(&k, state_name(k.state), look_in_state) == -1)
			return -1;
	if (each_in(&k, "new", count_drop) == -1 ||
	    each_in(&k, "bad", count_bad) == -1 ||
	    each_in(&k, "ctl", look_at_pause) == -1 ||
	    look_at_health(&k) == -1 || workers_count(s, &c->workers) == -1 ||
	    (paused = pause_read(s, NULL, c->pause, sizeof(c->pause))) == -1)
		return -1;
	c->paused = paused == 1;
	if (c->n > 0)
		qsort(c->queues, c->n, sizeof(*c->queues), by_name);
	return 0;
}

void
census_free(struct census *c)
{
	free(c->queues);
	*c = (struct census){ 0 };
}
