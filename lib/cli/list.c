#include "cli/list.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/lane.h"
#include "cli/print.h"
#include "cli/select.h"
#include "spool/find.h"

struct row {
	char id[ID_SIZE];
	enum state state;
	struct lane lane;
	int64_t submitted;
};

struct listing {
	const struct list *list;
	struct print print;
	struct row *rows; /* to be sorted */
	size_t n, room;
	bool begun;
	int status;
};

static int
by_id(const struct row *a, const struct row *b)
{
	return strcmp(a->id, b->id);
}

static int
by_priority(const struct row *a, const struct row *b)
{
	return a->lane.priority - b->lane.priority;
}

/* What runs, then what may run next as it would be claimed, then the rest. */
static int
by_state(const struct row *a, const struct row *b)
{
	int x = a->state == STATE_RUNNING ? -1 : (int)a->state;
	int y = b->state == STATE_RUNNING ? -1 : (int)b->state;

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
	return strcmp(a->lane.queue, b->lane.queue);
}

static const struct {
	const char *name;
	int (*compare)(const struct row *, const struct row *);
} orders[LIST_ORDER_COUNT] = {
	[LIST_BY_ID] = { "id", by_id },
	[LIST_BY_PRIORITY] = { "priority", by_priority },
	[LIST_BY_STATE] = { "state", by_state },
	[LIST_BY_AGE] = { "age", by_age },
	[LIST_BY_QUEUE] = { "queue", by_queue },
};

enum list_order
list_order(const struct args *args, const char *name)
{
	enum list_order o;

	for (o = LIST_BY_ID; o < LIST_ORDER_COUNT; o++)
		if (strcmp(orders[o].name, name) == 0)
			return o;
	args_wrong(args, "--sort: %s is not id, priority, state, age or queue",
	    name);
}

static int
compare(const void *a, const void *b, void *arg)
{
	const struct listing *l = arg;
	int answer = orders[l->list->order].compare(a, b);

	return answer != 0 ? answer : by_id(a, b);
}

static bool
wants_ids(const struct list *list)
{
	return list->args->null || (list->args->quiet && !list->args->json);
}

/* The answer of all that print: not 0 when it is of no use to go on. */
static int
print_entry(struct listing *l, const struct entry *e)
{
	char id[ID_SIZE];

	place_id(&e->at, id);
	if (wants_ids(l->list))
		return print_word(id, l->list->args->null);
	if (l->list->args->json)
		return print_json(e);
	if (!l->begun)
		print_header(&l->print);
	l->begun = true;
	return print_task(&l->print, e);
}

static int
keep(struct listing *l, const struct entry *e)
{
	struct row *row;

	if (l->n == l->room) {
		l->room = l->room * 2 + 64;
		l->rows = reallocarray(l->rows, l->room, sizeof(*l->rows));
		if (l->rows == NULL)
			err(EX_OSERR, NULL);
	}
	row = &l->rows[l->n++];
	*row = (struct row){ .state = e->at.state,
		.submitted = e->history.submitted };
	place_id(&e->at, row->id);
	lane_of(e, &row->lane);
	return 0;
}

static void
complain(struct listing *l, const char *id, const struct complaint *why)
{
	int status = select_unreadable(id, why);

	if (l->status == 0)
		l->status = status;
}

static int
list_place(struct spool *s, const struct place *place, void *arg)
{
	struct listing *l = arg;
	const struct choice *ch = l->list->choice;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;
	char id[ID_SIZE];

	place_id(place, id);
	if (wants_ids(l->list) && l->list->order == LIST_AS_FOUND &&
	    ch->queue_count == 0 && ch->label_count == 0)
		return print_word(id, l->list->args->null);
	switch (entry_read(s, place, &e, &why)) {
	case 0:
		return 0;
	case -1:
		complain(l, id, &why);
		return 0;
	default:
		break;
	}
	if (!choice_fits(ch, &e))
		return 0;
	if (l->list->order == LIST_AS_FOUND)
		return print_entry(l, &e);
	return keep(l, &e);
}

static int
list_id(struct spool *s, const char *id, void *arg)
{
	struct listing *l = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;

	switch (entry_find_read(s, id, &e, &why)) {
	case 0:
		return select_missing(id);
	case -1:
		return select_unreadable(id, &why);
	default:
		break;
	}
	if (l->list->order == LIST_AS_FOUND)
		(void)print_entry(l, &e);
	else
		(void)keep(l, &e);
	return 0;
}

/* They are read again: to keep them all would take too much room. */
static void
print_sorted(struct spool *s, struct listing *l)
{
	size_t i;

	qsort_r(l->rows, l->n, sizeof(*l->rows), compare, l);
	for (i = 0; i < l->n; i++) {
		AUTO_ENTRY e = ENTRY_NONE;
		struct complaint why;

		if (i > 0 && strcmp(l->rows[i - 1].id, l->rows[i].id) == 0)
			continue;
		if (entry_find_read(s, l->rows[i].id, &e, &why) == 1 &&
		    print_entry(l, &e) != 0)
			break;
	}
}

int
list_tasks(struct spool *s, const struct list *list, char *const *operands)
{
	struct listing l = { .list = list };
	const struct choice *ch = list->choice;
	unsigned int states = ch->states != 0 ? ch->states : ch->look;

	print_begin(&l.print);
	if (*operands != NULL)
		l.status = select_each(s, ch, list->args, operands, list_id,
		    &l);
	else if (find_each(s, states, list_place, &l) == -1 &&
		 ferror(stdout) == 0)
		err(EX_OSERR, "%s", s->path);
	if (list->order != LIST_AS_FOUND)
		print_sorted(s, &l);
	free(l.rows);
	return l.status;
}
