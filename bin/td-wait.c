/* Waits until tasks have ended, and exits as they did. */
#include <err.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/await.h"
#include "cli/print.h"
#include "cli/select.h"
#include "spool/find.h"

#define LIVE (-1)

static const struct option longs[] = {
	{ "any", no_argument, NULL, 'a' },
	CHOICE_LABEL,
	CHOICE_QUEUE,
	CHOICE_STATE,
	{ "timeout", required_argument, NULL, 'T' },
	{ 0 },
};

struct waiting {
	struct args args;
	struct choice choice;
	struct ids ids;
	int *status;   /* one for each id, LIVE while it lives */
	size_t first;  /* that lives */
	int64_t until; /* on the steady clock, 0: for ever */
	bool any;
};

static void choose(struct waiting *w, struct spool *s, char *const *operands);
static void wait_for(struct waiting *w, struct spool *s);
static int tell(const struct waiting *w);

int
main(int argc, char *argv[])
{
	struct waiting w = {
		.args = { .usage = "td-wait [-0a] [-d DIR] [-l LABEL] "
				   "[-Q QUEUE] [-s STATE]\n"
				   "               [-T DURATION] [ID ...]",
		    .letters = "aT:" CHOICE_LETTERS,
		    .longs = longs },
		.choice = { .look = FIND_LIVE, .optional = true },
	};
	struct spool s;
	int c, status;

	(void)cli_start();
	while ((c = args_next(&w.args, argc, argv)) != -1)
		if (c == 'a')
			w.any = true;
		else if (c == 'T')
			w.until = clock_steady() +
				  args_duration(&w.args, "--timeout");
		else
			(void)choice_option(&w.choice, &w.args, c);
	cli_open(&w.args, false, &s);
	choose(&w, &s, argv + optind);
	wait_for(&w, &s);
	spool_close(&s);
	status = tell(&w);
	ids_free(&w.ids);
	free(w.status);
	return cli_finish(status);
}

/* An id that is wrong ends it at once; none at all means all that live. */
static void
choose(struct waiting *w, struct spool *s, char *const *operands)
{
	int status = select_ids(s, &w->choice, &w->args, operands, &w->ids);
	size_t i;

	if (status != 0)
		exit(status);
	if (w->ids.n == 0 && !choice_made(&w->choice) &&
	    choice_ids(s, &w->choice, &w->ids) == -1)
		err(EX_OSERR, "%s", s->path);
	w->status = calloc(w->ids.n + 1, sizeof(*w->status));
	if (w->status == NULL)
		err(EX_OSERR, NULL);
	for (i = 0; i < w->ids.n; i++)
		w->status[i] = LIVE;
}

/* Is what we wait for there?  All are looked at only when it must be. */
static bool
scan(struct waiting *w, struct spool *s, bool all)
{
	bool lives = false, ended = false;
	size_t i;

	for (i = w->first; i < w->ids.n && (all || w->any || !lives); i++) {
		if (w->status[i] == LIVE &&
		    await_look(s, w->ids.v[i], &w->status[i]) ==
			AWAIT_NOT_FOUND)
			exit(select_missing(w->ids.v[i]));
		if (w->status[i] != LIVE)
			ended = true;
		else if (!lives)
			w->first = i;
		lives = lives || w->status[i] == LIVE;
	}
	return w->any ? ended || !lives : !lives;
}

static void
wait_for(struct waiting *w, struct spool *s)
{
	struct await await;

	if (scan(w, s, true))
		return;
	await_begin(&await, s);
	while (!scan(w, s, false)) {
		if (w->until != 0 && clock_steady() >= w->until) {
			(void)scan(w, s, true);
			return;
		}
		await_change(&await, w->until);
	}
}

/* Of them in the order given, the first that ended, or that did not do well. */
static int
tell(const struct waiting *w)
{
	size_t i;
	int status;

	for (i = 0; i < w->ids.n; i++) {
		status = w->status[i] == LIVE ? EXIT_TIMED_OUT : w->status[i];
		if (w->any && w->status[i] == LIVE)
			continue;
		if (w->any)
			(void)print_word(w->ids.v[i], w->args.null);
		if (w->any || status != 0)
			return status;
	}
	return w->any && w->ids.n > 0 ? EXIT_TIMED_OUT : 0;
}
