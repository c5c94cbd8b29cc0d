#include <err.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "cli/steer.h"
#include "spool/find.h"

static const char usage
    [] = "td-retry [-0hqvV] [-d DIR] [-m WHY] [--dependents] [-l LABEL]...\n"
	 "                [-Q QUEUE]... [-s STATE]... [ID]...";

enum {
	OPT_DEPENDENTS = 256
};

static const struct option longs[] = {
	CHOICE_LABEL,
	CHOICE_QUEUE,
	CHOICE_STATE,
	{ "dependents", no_argument, NULL, OPT_DEPENDENTS },
	{ "message", required_argument, NULL, 'm' },
	{ 0 },
};

/* Those of a task that is being tried again already come back as well. */
static int
retry_with_dependents(struct spool *s, const char *id, void *arg)
{
	struct orders *o = arg;
	int status = order_task(s, id, o), others;

	if (status != EX_OK && status != EXIT_NO)
		return status;
	o->how.dependent = true;
	others = steer_dependents(s, id, order_task, o);
	o->how.dependent = false;
	if (others == -1)
		err(EX_OSERR, "%s", id);
	return status == EX_OK ? others : status;
}

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage,
		.letters = CHOICE_LETTERS "m:",
		.longs = longs };
	struct choice choice = { .look = 1U << STATE_FAILED };
	struct orders orders = { .give = steer_retry };
	struct spool s;
	bool dependents = false;
	int option, status;

	(void)cli_start();
	while ((option = args_next(&args, argc, argv)) != -1)
		if (option == 'm')
			orders.how.why = optarg;
		else if (option == OPT_DEPENDENTS)
			dependents = true;
		else
			(void)choice_option(&choice, &args, option);
	orders.quiet = args.quiet;
	cli_open(&args, false, &s);
	status = select_each(&s, &choice, &args, argv + optind,
	    dependents ? retry_with_dependents : order_task, &orders);
	spool_close(&s);
	return cli_finish(status);
}
