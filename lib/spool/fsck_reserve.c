/* Reservations that are held: does one stand in the way of another? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/names.h"
#include "spool/find.h"
#include "spool/fsck_look.h"
#include "spool/record.h"
#include "spool/reserve.h"

struct holder {
	char name[48];
	char task[ID_SIZE], parent[ID_SIZE]; /* "" for none */
	char *under; /* records that it runs under, blanks between */
	char *json;
	struct reserve_set set;
};

struct holders {
	struct fsck *f;
	struct holder *v;
	size_t n;
};

static int
add_path(const char *path, bool shared, void *arg)
{
	struct holder *h = arg;
	const char *what;

	return reserve_add(&h->set, NULL, path, shared, &what);
}

/* For whom it holds, and who waits for that. */
static int
read_task(struct fsck *f, struct holder *h, size_t len)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;

	record_word(h->json, len, "task", h->task, sizeof(h->task));
	if (!id_ok(h->task)) {
		*h->task = '\0';
		return 0;
	}
	if (entry_find_read(f->s, h->task, &e, &c) == 1 &&
	    e.task->parent != NULL)
		(void)strlcpy(h->parent, e.task->parent, sizeof(h->parent));
	return 0;
}

static int
read_record(struct fsck *f, struct holder *h)
{
	size_t len = strlen(h->json);

	if ((h->under = calloc(1, len + 1)) == NULL)
		return -1;
	record_word(h->json, len, "under", h->under, len + 1);
	if (record_paths(h->json, len, add_path, h) == -1) {
		if (errno != EINVAL)
			return -1;
		return fsck_find(f, FSCK_RECORD, h->name,
		    "what it holds cannot be read");
	}
	return read_task(f, h, len);
}

static int
keep(const char *name, const char *json, void *arg)
{
	struct holders *all = arg;
	struct holder *h = reallocarray(all->v, all->n + 1, sizeof(*h));

	if (h == NULL)
		return -1;
	all->v = h;
	h = &all->v[all->n];
	*h = (struct holder){ .task = "" };
	(void)strlcpy(h->name, name, sizeof(h->name));
	if (json == NULL)
		return fsck_find(all->f, FSCK_RECORD, h->name,
		    "it is held, but cannot be read");
	if ((h->json = strdup(json)) == NULL)
		return -1;
	all->n++;
	return read_record(all->f, h);
}

static void
free_all(struct holders *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		reserve_free(&all->v[i].set);
		free(all->v[i].under);
		free(all->v[i].json);
	}
	free(all->v);
}

static bool
same(const char *a, const char *b)
{
	return *a != '\0' && strcmp(a, b) == 0;
}

/* One attempt, one and what it runs under, a task and who waits for it. */
static bool
are_kin(const struct holder *a, const struct holder *b)
{
	return same(a->task, b->task) || same(a->parent, b->task) ||
	       same(b->parent, a->task) || word_among(a->under, b->name) ||
	       word_among(b->under, a->name);
}

static int
check_pair(struct fsck *f, const struct holder *a, const struct holder *b)
{
	int got;

	if (are_kin(a, b))
		return 0;
	if ((got = reserve_sets_meet(&a->set, &b->set)) != 1)
		return got;
	/* They were read one after the other: are both held now? */
	if ((got = reserve_held(f->s, a->name)) != 1 ||
	    (got = reserve_held(f->s, b->name)) != 1)
		return got;
	return fsck_find(f, FSCK_CONFLICT, a->name,
	    "%s holds what conflicts with it", b->name);
}

/* "ID.N" is held by attempt N and nobody else. */
static int
check_attempt(struct fsck *f, const char *name)
{
	char id[ID_SIZE];
	struct place place;
	int got;

	if (strlen(name) < ID_LEN + 2 || name[ID_LEN] != '.')
		return 0;
	(void)strlcpy(id, name, sizeof(id));
	if (!id_ok(id))
		return 0;
	if ((got = fsck_has_attempt(f, id)) == 0)
		got = find_task(f->s, id, &place);
	else if (got == 1)
		return 0;
	if (got == -1 || (got == 1 && place.state == STATE_RUNNING))
		return got == -1 ? -1 : 0;
	if ((got = reserve_held(f->s, name)) != 1)
		return got;
	return fsck_find(f, FSCK_STILL_HELD, name,
	    "it is held, but that attempt does not run");
}

static int
check_all(struct holders *all)
{
	size_t i, j;

	for (i = 0; i < all->n; i++) {
		if (check_attempt(all->f, all->v[i].name) == -1)
			return -1;
		for (j = i + 1; j < all->n; j++)
			if (check_pair(all->f, &all->v[i], &all->v[j]) == -1)
				return -1;
	}
	return 0;
}

int
fsck_reserve(struct fsck *f, const char *part)
{
	struct holders all = { .f = f };
	int answer;

	(void)part;
	answer = reserve_list(f->s, keep, &all);
	if (answer == 0)
		answer = check_all(&all);
	free_all(&all);
	return answer;
}
