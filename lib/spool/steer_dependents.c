/* Those that were cancelled for want of a task, and for want of those. */
#include <stdlib.h>
#include <string.h>

#include "spool/find.h"
#include "spool/steer.h"

struct dependent {
	char id[ID_SIZE];
	char (*after)[ID_SIZE];
	size_t after_count;
	bool found; /* it waited for the task, if only by another */
	bool told;
};

struct dependents {
	struct dependent *v;
	size_t n, size;
};

static void
dependents_free(struct dependents *all)
{
	while (all->n > 0)
		free(all->v[--all->n].after);
	free(all->v);
}

static int
keep_blockers(struct dependent *d, const struct task *task)
{
	const char *id;

	d->after = reallocarray(NULL, task->after_count, sizeof(*d->after));
	if (d->after == NULL)
		return -1;
	for (; d->after_count < task->after_count; d->after_count++) {
		id = task->after[d->after_count].id;
		(void)strlcpy(d->after[d->after_count], id == NULL ? "" : id,
		    ID_SIZE);
	}
	return 0;
}

static int
keep_cancelled(struct spool *s, const struct place *place, void *arg)
{
	struct dependents *all = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	void *more;

	if (entry_read(s, place, &e, &c) != 1 || e.task->after_count == 0 ||
	    !e.history.cancelled_for_want)
		return 0;
	if (all->n == all->size) {
		all->size = all->size * 2 + 16;
		more = reallocarray(all->v, all->size, sizeof(*all->v));
		if (more == NULL)
			return -1;
		all->v = more;
	}
	all->v[all->n] = (struct dependent){ .told = false };
	place_id(place, all->v[all->n].id);
	return keep_blockers(&all->v[all->n++], e.task);
}

static bool
waits_for(const struct dependent *d, const char *id)
{
	size_t i;

	for (i = 0; i < d->after_count; i++)
		if (strcmp(d->after[i], id) == 0)
			return true;
	return false;
}

static void
find_those_of(struct dependents *all, const char *id)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!all->v[i].found && waits_for(&all->v[i], id))
			all->v[i].found = true;
}

/* Until no round finds another. */
static void
find_all(struct dependents *all, const char *id)
{
	size_t i, n = 0, before;

	find_those_of(all, id);
	do {
		before = n;
		for (i = n = 0; i < all->n; i++)
			if (all->v[i].found) {
				find_those_of(all, all->v[i].id);
				n++;
			}
	} while (n != before);
}

/* Does a blocker of it have to be told first? */
static bool
is_early(const struct dependents *all, const struct dependent *d)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->v[i].found && !all->v[i].told &&
		    waits_for(d, all->v[i].id))
			return true;
	return false;
}

/* One round, blockers first; how many were told, the first bad answer. */
static size_t
tell_some(struct dependents *all, struct spool *s,
    int (*each)(struct spool *s, const char *id, void *arg), void *arg,
    int *answer)
{
	struct dependent *d;
	size_t i, told = 0;
	int one;

	for (i = 0; i < all->n; i++) {
		d = &all->v[i];
		if (!d->found || d->told || is_early(all, d))
			continue;
		one = each(s, d->id, arg);
		if (*answer == 0)
			*answer = one;
		d->told = true;
		told++;
	}
	return told;
}

int
steer_dependents(struct spool *s, const char *id,
    int (*each)(struct spool *s, const char *id, void *arg), void *arg)
{
	struct dependents all = { 0 };
	int answer;

	answer = find_each(s, 1U << STATE_CANCELLED, keep_cancelled, &all);
	if (answer == 0) {
		find_all(&all, id);
		while (tell_some(&all, s, each, arg, &answer) > 0)
			continue;
	}
	dependents_free(&all);
	return answer;
}
