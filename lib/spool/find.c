#include "spool/find.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/names.h"

#define RECENT (7 * INT64_C(86400) * CLOCK_SECOND)

/* Set in every place that is looked at; the folder differs. */
struct looking {
	struct spool *s;
	struct place *place;
	const char *bucket;
};

static bool
is_there(struct looking *l)
{
	char path[PLACE_SIZE];
	struct stat st;

	place_path(l->place, path);
	return fstatat(l->s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode);
}

static int
look_in_queue(const char *queue, void *arg)
{
	struct looking *l = arg;
	int p;

	if (!name_ok(queue))
		return 0;
	for (p = 0; p < 2 * PRIORITY_COUNT; p++) {
		(void)snprintf(l->place->dir, sizeof(l->place->dir),
		    "ready/%s/%d%s/%s", queue, p / 2, p % 2 ? "r" : "",
		    l->bucket);
		if (is_there(l))
			return 1;
		*strrchr(l->place->dir, '/') = '\0';
		if (is_there(l))
			return 1;
	}
	return 0;
}

static int
look_in_slot(const char *worker, void *arg)
{
	struct looking *l = arg;

	(void)snprintf(l->place->dir, sizeof(l->place->dir), "running/%.64s",
	    worker);
	return is_there(l);
}

static int
look_in_day(struct looking *l, enum state state)
{
	char day[CLOCK_DAY];

	clock_day(id_time(l->place->name), day);
	(void)snprintf(l->place->dir, sizeof(l->place->dir), "%s/%s",
	    state_name(state), day);
	if (is_there(l))
		return 1;
	(void)strlcpy(l->place->dir, state_name(state), sizeof(l->place->dir));
	return is_there(l);
}

static int
look(struct looking *l)
{
	enum state state;
	int found = 0;

	for (state = 0; state < STATE_COUNT && found == 0; state++) {
		l->place->state = state;
		if (state == STATE_READY)
			found = names_each(l->s->dir, "ready", look_in_queue,
			    l);
		else if (state == STATE_RUNNING)
			found = names_each(l->s->dir, "running", look_in_slot,
			    l);
		else
			found = look_in_day(l, state);
	}
	return found;
}

int
find_task(struct spool *s, const char *id, struct place *place)
{
	char bucket[ID_BUCKET + 1];
	struct looking l = { s, place, bucket };
	int pass, found = 0;

	if (!id_ok(id)) {
		errno = EINVAL;
		return -1;
	}
	id_bucket(id, bucket);
	(void)snprintf(place->name, sizeof(place->name), "%s.json", id);
	/* It may have moved from a folder not yet to one already seen. */
	for (pass = 0; pass < 2 && found == 0; pass++)
		found = look(&l);
	return found;
}

struct walk {
	struct spool *s;
	struct place place;
	int (*each)(struct spool *, const struct place *, void *);
	void *arg;
};

static int
walk_files(struct walk *w)
{
	AUTO_NAMES names = { 0 };
	size_t i;
	int answer;

	if (names_read(w->s->dir, w->place.dir, place_name_ok, &names) == -1)
		return -1;
	for (i = 0; i < names.n; i++) {
		(void)strlcpy(w->place.name, names.v[i], sizeof(w->place.name));
		if ((answer = w->each(w->s, &w->place, w->arg)) != 0)
			return answer;
	}
	return 0;
}

static bool
is_folder_name(const char *name)
{
	return !place_name_ok(name) && strlen(name) < NAME_SIZE &&
	       strchr(name, '.') == NULL;
}

/* The files in a folder, then those of the folders below it, so deep. */
static int
walk_folder(struct walk *w, const char *dir, int depth)
{
	AUTO_NAMES names = { 0 };
	char below[PLACE_SIZE];
	size_t i;
	int answer;

	(void)strlcpy(w->place.dir, dir, sizeof(w->place.dir));
	if ((answer = walk_files(w)) != 0 || depth == 0)
		return answer;
	if (names_read(w->s->dir, dir, is_folder_name, &names) == -1)
		return errno == ENOTDIR ? 0 : -1;
	for (i = 0; i < names.n; i++) {
		(void)snprintf(below, sizeof(below), "%.120s/%.65s", dir,
		    names.v[i]);
		answer = walk_folder(w, below, depth - 1);
		if (answer == -1 && errno == ENOTDIR)
			answer = 0;
		if (answer != 0)
			return answer;
	}
	return 0;
}

int
find_each(struct spool *s, unsigned int states,
    int (*each)(struct spool *s, const struct place *place, void *arg),
    void *arg)
{
	struct walk w = { .s = s, .each = each, .arg = arg };
	enum state state;
	int answer;

	for (state = 0; state < STATE_COUNT; state++) {
		if ((states & 1U << state) == 0)
			continue;
		w.place.state = state;
		answer = walk_folder(&w, state_name(state),
		    state == STATE_READY ? 3 : 1);
		if (answer != 0)
			return answer;
	}
	return 0;
}

struct ending {
	const char *text;
	size_t len;
	char (*ids)[ID_SIZE];
	int most, found;
	int64_t since;
};

static int
compare_ending(struct spool *s, const struct place *place, void *arg)
{
	struct ending *e = arg;
	char id[ID_SIZE];
	int i;

	(void)s;
	place_id(place, id);
	if (strcmp(id + ID_LEN - e->len, e->text) != 0)
		return 0;
	if (state_ended(place->state) && id_time(id) < e->since)
		return 0;
	for (i = 0; i < e->found && i < e->most; i++)
		if (strcmp(e->ids[i], id) == 0)
			return 0;
	if (e->found < e->most)
		memcpy(e->ids[e->found], id, ID_SIZE);
	e->found++;
	return 0;
}

int
find_ending(struct spool *s, const char *ending, char (*ids)[ID_SIZE], int most)
{
	struct ending e = { .text = ending,
		.len = strlen(ending),
		.ids = ids,
		.most = most,
		.since = clock_now() - RECENT };

	if (e.len == 0 || e.len > ID_LEN)
		return 0;
	if (find_each(s, FIND_ALL, compare_ending, &e) == -1)
		return -1;
	return e.found;
}
