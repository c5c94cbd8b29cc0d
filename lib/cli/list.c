#include "cli/list.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/print.h"
#include "cli/select.h"
#include "cli/why.h"
#include "spool/find.h"

struct listing {
	const struct list *list;
	struct spool *s;
	struct print print;
	struct why_around around;
	struct rows rows; /* to be sorted */
	bool begun;
	int status;
};

static bool
wants_ids(const struct list *list)
{
	return list->args->null || (list->args->quiet && !list->args->json);
}

static char *
why_of(struct listing *l, const struct entry *e)
{
	struct why why;
	char *text;

	if (!l->list->why)
		return NULL;
	if (why_look(l->s, &l->around, e, &why) == -1)
		err(EX_OSERR, "%s", e->at.name);
	if ((text = why_text(&why, l->list->args->json ? 0 : l->print.now)) ==
	    NULL)
		err(EX_OSERR, NULL);
	return text;
}

/* The answer of all that print: not 0 when it is of no use to go on. */
static int
print_entry(struct listing *l, const struct entry *e)
{
	AUTO_STR why = NULL;
	struct print_more more = { 0 };
	struct progress progress;
	char id[ID_SIZE];

	place_id(&e->at, id);
	if (wants_ids(l->list))
		return print_word(id, l->list->args->null);
	more.why = why = why_of(l, e);
	if (why_progress(l->s, e, &progress) == 1)
		more.progress = &progress;
	if (l->list->args->json)
		return print_json_more(e, &more);
	if (!l->begun)
		print_header(&l->print);
	l->begun = true;
	return print_task_more(&l->print, e, &more);
}

static void
complain(struct listing *l, const char *id, const struct complaint *why)
{
	int status = select_unreadable(id, why);

	if (l->status == 0)
		l->status = status;
}

/* Does the place not say enough to choose it, and to sort it? */
static bool
must_read(const struct list *list, const struct place *place)
{
	if (list->choice->queue_count > 0 || list->choice->label_count > 0)
		return true;
	switch (list->order) {
	case ROWS_BY_ID:
		return false;
	case ROWS_BY_PRIORITY:
	case ROWS_BY_STATE:
	case ROWS_BY_QUEUE:
		return place->state != STATE_READY;
	case ROWS_AS_FOUND:
		return !wants_ids(list);
	case ROWS_BY_AGE:
	case ROWS_ORDER_COUNT:
		break;
	}
	return true;
}

static int
list_unread(struct listing *l, const struct place *place)
{
	struct lane lane = { .queue = "" };
	char id[ID_SIZE];

	place_id(place, id);
	if (l->list->order == ROWS_AS_FOUND)
		return print_word(id, l->list->args->null);
	(void)lane_of_place(place, &lane);
	rows_add(&l->rows, place, &lane, 0);
	return 0;
}

static int
list_entry(struct listing *l, const struct entry *e)
{
	struct lane lane;

	if (l->list->order == ROWS_AS_FOUND)
		return print_entry(l, e);
	lane_of(e, &lane);
	rows_add(&l->rows, &e->at, &lane, e->history.submitted);
	return 0;
}

static int
list_place(struct spool *s, const struct place *place, void *arg)
{
	struct listing *l = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;
	char id[ID_SIZE];

	if (!must_read(l->list, place))
		return list_unread(l, place);
	switch (entry_read(s, place, &e, &why)) {
	case 0:
		return 0;
	case -1:
		place_id(place, id);
		complain(l, id, &why);
		return 0;
	default:
		break;
	}
	return choice_fits(l->list->choice, &e) ? list_entry(l, &e) : 0;
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
	(void)list_entry(l, &e);
	return 0;
}

/* They are read again: to keep them all would take too much room. */
static int
print_row(struct listing *l, const struct row *row)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct place place;
	struct complaint why;
	int got;

	if (wants_ids(l->list))
		return print_word(row->id, l->list->args->null);
	row_place(row, &place);
	if ((got = entry_read(l->s, &place, &e, &why)) == 0)
		got = entry_find_read(l->s, row->id, &e, &why);
	if (got == -1)
		complain(l, row->id, &why);
	return got == 1 ? print_entry(l, &e) : 0;
}

int
list_tasks(struct spool *s, const struct list *list, char *const *operands)
{
	struct listing l = { .list = list, .s = s };
	const struct choice *ch = list->choice;
	unsigned int states = ch->states != 0 ? ch->states : ch->look;
	size_t i;

	print_begin(&l.print);
	if (*operands != NULL)
		l.status = select_each(s, ch, list->args, operands, list_id,
		    &l);
	else if (find_each(s, states, list_place, &l) == -1 &&
		 ferror(stdout) == 0)
		err(EX_OSERR, "%s", s->path);
	rows_sort(&l.rows, list->order);
	for (i = 0; i < l.rows.n; i++)
		if (print_row(&l, &l.rows.v[i]) != 0)
			break;
	rows_free(&l.rows);
	why_around_free(&l.around);
	return l.status;
}
