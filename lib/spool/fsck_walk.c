/* Every name in the state folders: is it a task, is it there once? */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/names.h"
#include "spool/find.h"
#include "spool/fsck_look.h"
#include "spool/slot.h"

#define PATH_SIZE (PLACE_SIZE + 256)

struct moved {
	char id[ID_SIZE];
	char path[PLACE_SIZE]; /* one of those where it was met */
};

struct walk {
	struct fsck *f;
	enum state state;
	char dir[PLACE_SIZE];
	int depth; /* below the state's folder */
};

/* Ids that were met twice, and then all their places. */
struct twice {
	struct fsck *f;
	struct seen ids;
	struct moved *v;
	size_t n, size;
};

struct walking {
	struct walk at;
	struct twice *twice;
};

static int walk_folder(struct walking *w, const char *dir, int depth);

bool
fsck_is_readme(const char *name)
{
	return strcmp(name, "README") == 0;
}

int
fsck_foreign(struct fsck *f, const char *path)
{
	struct stat st;

	if (fstatat(f->s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	return fsck_find(f, FSCK_FOREIGN, path, "it does not belong there");
}

static bool
is_priority(const char *name)
{
	return *name >= '0' && *name < '0' + PRIORITY_COUNT &&
	       (name[1] == '\0' || strcmp(name + 1, "r") == 0);
}

static bool
is_bucket(const char *name)
{
	return strlen(name) == ID_BUCKET &&
	       strspn(name, "0123456789abcdefghjkmnpqrstvwxyz") == ID_BUCKET;
}

static bool
is_day(const char *name)
{
	static const char shape[] = "0000-00-00";
	size_t i;

	for (i = 0; shape[i] != '\0'; i++)
		if (shape[i] == '0' ? name[i] < '0' || name[i] > '9'
				    : name[i] != shape[i])
			return false;
	return name[i] == '\0';
}

static bool
is_folder_of(const struct walk *w, const char *name)
{
	static bool (*const ready[])(
	    const char *) = { name_ok, is_priority, is_bucket };

	if (w->state == STATE_READY)
		return w->depth < 3 && ready[w->depth](name);
	return w->depth == 0 &&
	       (w->state == STATE_RUNNING ? name_ok : is_day)(name);
}

/* What else may lie in a slot. */
static bool
is_of_slot(const struct walk *w, const char *name)
{
	char id[ID_SIZE];
	const char *kind;
	int n;

	return w->state == STATE_RUNNING && w->depth == 1 &&
	       (strcmp(name, "lock") == 0 ||
		   slot_name_split(name, id, &n, &kind));
}

static int
meet_task(struct walking *w, const char *name, const char *path)
{
	struct seen_slot first;
	char id[ID_SIZE];
	int new;

	(void)strlcpy(id, name, sizeof(id));
	new = seen_add(&w->at.f->ids, id, id, w->at.state, &first);
	if (new == 0)
		new = seen_add(&w->twice->ids, id, id, w->at.state, &first);
	return new == -1 ? -1 : fsck_take(w->at.f, fsck_task, path);
}

static int
meet(const char *name, void *arg)
{
	struct walking *w = arg;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s/%s", w->at.dir, name);
	if (place_name_ok(name))
		return meet_task(w, name, path);
	if (is_folder_of(&w->at, name)) {
		if (walk_folder(w, path, w->at.depth + 1) == 0)
			return 0;
		if (errno != ENOTDIR)
			return -1;
	} else if (is_of_slot(&w->at, name) || fsck_is_readme(name))
		return 0;
	return fsck_take(w->at.f, fsck_foreign, path);
}

static int
walk_folder(struct walking *w, const char *dir, int depth)
{
	struct walking below = *w;

	below.at.depth = depth;
	(void)strlcpy(below.at.dir, dir, sizeof(below.at.dir));
	if (names_each(w->at.f->s->dir, dir, meet, &below) == -1)
		return -1;
	if (w->at.state == STATE_RUNNING && depth == 1)
		return fsck_take(w->at.f, fsck_slot, strchr(dir, '/') + 1);
	return 0;
}

static int
note_place(struct spool *s, const struct place *place, void *arg)
{
	struct twice *t = arg;
	struct moved *more;
	char id[ID_SIZE];

	(void)s;
	place_id(place, id);
	if (seen_get(&t->ids, id) == NULL)
		return 0;
	if (t->n == t->size) {
		t->size = t->size * 2 + 16;
		more = reallocarray(t->v, t->size, sizeof(*t->v));
		if (more == NULL)
			return -1;
		t->v = more;
	}
	memcpy(t->v[t->n].id, id, ID_SIZE);
	place_path(place, t->v[t->n++].path);
	return 0;
}

static int
by_id(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;
	int answer = strcmp(x->id, y->id);

	return answer != 0 ? answer : strcmp(x->path, y->path);
}

static int
stat_at(struct fsck *f, const char *path, size_t len, struct stat *st)
{
	char one[PLACE_SIZE];

	(void)snprintf(one, sizeof(one), "%.*s", (int)len, path);
	if (fstatat(f->s->dir, one, st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
}

/*
 * Two paths, a blank between.  However fast it moves, one file of one name is
 * never in two places.
 */
static int
look_twice(struct fsck *f, const char *paths)
{
	size_t len = strcspn(paths, " ");
	const char *second = paths + len + 1;
	struct stat a, b;
	char id[ID_SIZE];
	int there;

	if ((there = stat_at(f, paths, len, &a)) != 1 ||
	    (there = stat_at(f, second, strlen(second), &b)) != 1)
		return there;
	if (a.st_ino == b.st_ino && a.st_nlink < 2)
		return 0;
	(void)strlcpy(id, strrchr(second, '/') + 1, sizeof(id));
	return fsck_find(f, FSCK_TWICE, id, "it is in %.*s and in %.*s",
	    (int)(len - sizeof("/.json") + 1 - ID_LEN), paths,
	    (int)(strrchr(second, '/') - second), second);
}

static int
look_at_twice(struct twice *t)
{
	char paths[2 * PLACE_SIZE];
	size_t i;

	if (t->ids.used == 0)
		return 0;
	if (find_each(t->f->s, FIND_ALL, note_place, t) == -1)
		return -1;
	if (t->n > 1)
		qsort(t->v, t->n, sizeof(*t->v), by_id);
	for (i = 1; i < t->n; i++) {
		if (strcmp(t->v[i - 1].id, t->v[i].id) != 0 ||
		    strcmp(t->v[i - 1].path, t->v[i].path) == 0)
			continue;
		(void)snprintf(paths, sizeof(paths), "%s %s", t->v[i - 1].path,
		    t->v[i].path);
		if (fsck_take(t->f, look_twice, paths) == -1)
			return -1;
	}
	return 0;
}

/* Waiting tasks come last: their blockers have been met by then. */
int
fsck_walk(struct fsck *f)
{
	static const enum state order[] = { STATE_READY, STATE_DELAYED,
		STATE_HELD, STATE_RUNNING, STATE_DONE, STATE_FAILED,
		STATE_CANCELLED, STATE_WAITING };
	struct twice twice = { .f = f };
	struct walking w = { .at = { .f = f }, .twice = &twice };
	size_t i;
	int answer = 0;

	for (i = 0; i < STATE_COUNT && answer == 0; i++) {
		w.at.state = order[i];
		answer = walk_folder(&w, state_name(order[i]), 0);
		if (answer == -1 && errno == ENOTDIR)
			answer = 0;
	}
	if (answer == 0)
		answer = look_at_twice(&twice);
	seen_free(&twice.ids);
	free(twice.v);
	return answer;
}
