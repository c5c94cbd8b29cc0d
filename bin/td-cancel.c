#include <err.h>
#include <errno.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/await.h"
#include "cli/print.h"
#include "cli/select.h"
#include "spool/cancel.h"
#include "spool/find.h"
#include "spool/recover.h"

static const char
    usage[] = "td-cancel [-0hqvV] [-d DIR] [-m WHY] [--no-wait] [-l LABEL]...\n"
	      "                 [-Q QUEUE]... [-s STATE]... [ID]...";

enum {
	OPT_NO_WAIT = 256
};

static const struct option longs[] = {
	CHOICE_LABEL,
	CHOICE_QUEUE,
	CHOICE_STATE,
	{ "message", required_argument, NULL, 'm' },
	{ "no-wait", no_argument, NULL, OPT_NO_WAIT },
	{ 0 },
};

struct cancelling {
	const char *why;
	bool no_wait, quiet;
	struct await await;
	bool watching;
};

/* Until attempt n has ended; whoever ran it may be dead. */
static void
await_attempt(struct cancelling *k, struct spool *s, const char *id, int n)
{
	if (!k->watching)
		await_begin(&k->await, s);
	k->watching = true;
	for (;;) {
		AUTO_ENTRY e = ENTRY_NONE;
		struct complaint c;

		if (entry_find_read(s, id, &e, &c) != 1 ||
		    e.at.state != STATE_RUNNING || e.history.last >= n)
			return;
		(void)recover_dead(s);
		await_change(&k->await, 0);
	}
}

static int
cancel(struct spool *s, const char *id, void *arg)
{
	struct cancelling *k = arg;
	struct place at;
	int n;

	for (;;) {
		switch (cancel_task(s, id, k->why, &at, &n)) {
		case CANCEL_DONE:
			return EX_OK;
		case CANCEL_ORDERED:
			if (k->no_wait)
				return EX_OK;
			await_attempt(k, s, id, n);
			break;
		case CANCEL_ENDED:
			if (at.state == STATE_CANCELLED)
				return EX_OK;
			if (!k->quiet)
				warnx("%s: it is %s", id, state_name(at.state));
			return EXIT_NO;
		case CANCEL_NOT_FOUND:
			return select_missing(id);
		case CANCEL_NOT_ALLOWED:
			warnx("%s: not yours to cancel", id);
			return EX_NOPERM;
		case CANCEL_TROUBLE:
			warn("%s", id);
			return EX_OSERR;
		}
	}
}

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage,
		.letters = CHOICE_LETTERS "m:",
		.longs = longs };
	struct choice choice = { .look = FIND_LIVE };
	struct cancelling k = { .why = NULL };
	struct spool s;
	int option, status;

	(void)cli_start();
	while ((option = args_next(&args, argc, argv)) != -1)
		if (option == 'm')
			k.why = optarg;
		else if (option == OPT_NO_WAIT)
			k.no_wait = true;
		else
			(void)choice_option(&choice, &args, option);
	k.quiet = args.quiet;
	cli_open(&args, false, &s);
	status = select_each(&s, &choice, &args, argv + optind, cancel, &k);
	spool_close(&s);
	return cli_finish(status);
}
