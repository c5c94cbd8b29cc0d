#include "cli/choice.h"

#include <stdlib.h>
#include <string.h>

#include "cli/select.h"
#include "spool/find.h"
#include "spool/lane.h"

static void
keep_word(const struct args *args, const char **words, size_t *n)
{
	if (!name_ok(optarg))
		args_wrong(args, "%s: it is no name", optarg);
	if (*n == CHOICE_WORDS)
		args_wrong(args, "%s: that is one too many", optarg);
	words[(*n)++] = optarg;
}

static void
keep_states(struct choice *ch, const struct args *args)
{
	char *word, *words = optarg;
	enum state state;

	while ((word = strsep(&words, ",")) != NULL) {
		if ((state = state_named(word)) == STATE_COUNT)
			args_wrong(args, "%s: it is no state", word);
		ch->states |= 1U << state;
	}
}

bool
choice_option(struct choice *ch, const struct args *args, int c)
{
	switch (c) {
	case 'l':
		keep_word(args, ch->labels, &ch->label_count);
		return true;
	case 'Q':
		keep_word(args, ch->queues, &ch->queue_count);
		return true;
	case 's':
		keep_states(ch, args);
		return true;
	default:
		return false;
	}
}

bool
choice_made(const struct choice *ch)
{
	return ch->states != 0 || ch->label_count > 0 || ch->queue_count > 0;
}

static bool
has_label(const struct task *task, const char *label)
{
	size_t i;

	for (i = 0; i < task->label_count; i++)
		if (strcmp(task->labels[i], label) == 0)
			return true;
	return false;
}

bool
choice_fits(const struct choice *ch, const struct entry *e)
{
	bool fits = ch->queue_count == 0;
	struct lane lane;
	size_t i;

	if (ch->states != 0 && (ch->states & 1U << e->at.state) == 0)
		return false;
	lane_of(e, &lane);
	for (i = 0; i < ch->queue_count && !fits; i++)
		fits = strcmp(ch->queues[i], lane.queue) == 0;
	for (i = 0; i < ch->label_count && fits; i++)
		fits = has_label(e->task, ch->labels[i]);
	return fits;
}

int
ids_add(struct ids *ids, const char *id)
{
	char(*more)[ID_SIZE];

	if (ids->n == ids->room) {
		ids->room = ids->room * 2 + 64;
		more = reallocarray(ids->v, ids->room, sizeof(*more));
		if (more == NULL)
			return -1;
		ids->v = more;
	}
	(void)strlcpy(ids->v[ids->n++], id, ID_SIZE);
	return 0;
}

void
ids_free(struct ids *ids)
{
	free(ids->v);
	*ids = (struct ids){ 0 };
}

struct collecting {
	const struct choice *choice;
	struct ids *ids;
};

static int
keep_place(struct spool *s, const struct place *place, void *arg)
{
	struct collecting *c = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;
	char id[ID_SIZE];

	place_id(place, id);
	if (c->choice->queue_count == 0 && c->choice->label_count == 0)
		return ids_add(c->ids, id);
	switch (entry_read(s, place, &e, &why)) {
	case 1:
		return choice_fits(c->choice, &e) ? ids_add(c->ids, id) : 0;
	case 0:
		return 0;
	default:
		(void)select_unreadable(id, &why);
		return 0;
	}
}

static int
by_id(const void *a, const void *b)
{
	return strcmp(a, b);
}

int
choice_ids(struct spool *s, const struct choice *ch, struct ids *ids)
{
	struct collecting c = { .choice = ch, .ids = ids };
	unsigned int states = ch->states != 0 ? ch->states : ch->look;
	size_t i, n = 0;

	*ids = (struct ids){ 0 };
	if (find_each(s, states, keep_place, &c) == -1)
		return -1;
	if (ids->n == 0)
		return 0;
	qsort(ids->v, ids->n, ID_SIZE, by_id);
	/* Who moves while we walk is met twice. */
	for (i = 0; i < ids->n; i++)
		if (n == 0 || strcmp(ids->v[n - 1], ids->v[i]) != 0)
			memmove(ids->v[n++], ids->v[i], ID_SIZE);
	ids->n = n;
	return 0;
}
