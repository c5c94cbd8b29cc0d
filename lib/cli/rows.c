#include "cli/rows.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysexits.h"

static int
by_id(const struct row *a, const struct row *b)
{
	return strcmp(a->id, b->id);
}

static int
by_priority(const struct row *a, const struct row *b)
{
	return a->priority - b->priority;
}

/* What runs, then what may run next as it would be claimed, then the rest. */
static int
by_state(const struct row *a, const struct row *b)
{
	int x = a->state == STATE_RUNNING ? -1 : a->state;
	int y = b->state == STATE_RUNNING ? -1 : b->state;

	return x != y ? x - y : by_priority(a, b);
}

static int
by_age(const struct row *a, const struct row *b)
{
	return (a->submitted > b->submitted) - (a->submitted < b->submitted);
}

static int
by_queue(const struct row *a, const struct row *b)
{
	return strcmp(a->queue, b->queue);
}

static const struct {
	const char *name;
	int (*compare)(const struct row *, const struct row *);
} orders[ROWS_ORDER_COUNT] = {
	[ROWS_BY_ID] = { "id", by_id },
	[ROWS_BY_PRIORITY] = { "priority", by_priority },
	[ROWS_BY_STATE] = { "state", by_state },
	[ROWS_BY_AGE] = { "age", by_age },
	[ROWS_BY_QUEUE] = { "queue", by_queue },
};

enum rows_order
rows_order(const struct args *args, const char *name)
{
	enum rows_order o;

	for (o = ROWS_BY_ID; o < ROWS_ORDER_COUNT; o++)
		if (strcmp(orders[o].name, name) == 0)
			return o;
	args_wrong(args, "--sort: %s is not id, priority, state, age or queue",
	    name);
}

static const char *
keep_word(struct rows *rows, const char *word)
{
	const char *kept = intern(&rows->words, word);

	if (kept == NULL)
		err(EX_OSERR, NULL);
	return kept;
}

void
rows_add(struct rows *rows, const struct place *place, const struct lane *lane,
    int64_t submitted)
{
	const struct row *last;
	struct row *row;

	if (rows->n == rows->room) {
		rows->room = rows->room * 2 + 64;
		rows->v = reallocarray(rows->v, rows->room, sizeof(*rows->v));
		if (rows->v == NULL)
			err(EX_OSERR, NULL);
	}
	last = rows->n > 0 ? &rows->v[rows->n - 1] : NULL;
	row = &rows->v[rows->n++];
	*row = (struct row){ .state = (unsigned char)place->state,
		.priority = (unsigned char)lane->priority,
		.submitted = submitted };
	place_id(place, row->id);
	if (last != NULL && strcmp(last->dir, place->dir) == 0)
		row->dir = last->dir;
	else
		row->dir = keep_word(rows, place->dir);
	row->queue = keep_word(rows, lane->queue);
}

static int
compare(const void *a, const void *b, void *arg)
{
	const enum rows_order *order = arg;
	int answer = orders[*order].compare(a, b);

	return answer != 0 ? answer : by_id(a, b);
}

void
rows_sort(struct rows *rows, enum rows_order order)
{
	size_t i, n = 0;

	if (rows->n == 0)
		return;
	qsort_r(rows->v, rows->n, sizeof(*rows->v), compare, &order);
	for (i = 1; i < rows->n; i++)
		if (by_id(&rows->v[n], &rows->v[i]) != 0)
			rows->v[++n] = rows->v[i];
	rows->n = n + 1;
}

void
row_place(const struct row *row, struct place *place)
{
	place->state = row->state;
	(void)strlcpy(place->dir, row->dir, sizeof(place->dir));
	(void)snprintf(place->name, sizeof(place->name), "%s.json", row->id);
}

void
rows_free(struct rows *rows)
{
	intern_free(&rows->words);
	free(rows->v);
	*rows = (struct rows){ 0 };
}
