/* Lists tasks. */
#include <err.h>
#include <stdlib.h>

#include "base/sysexits.h"
#include "cli/list.h"
#include "cli/print.h"
#include "cli/select.h"
#include "spool/find.h"

enum {
	OPTION_SORT = 1000,
	OPTION_WHY
};

static const struct option longs[] = {
	{ "all", no_argument, NULL, 'a' },
	CHOICE_LABEL,
	CHOICE_QUEUE,
	{ "sort", required_argument, NULL, OPTION_SORT },
	CHOICE_STATE,
	{ "why", no_argument, NULL, OPTION_WHY },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-ls [-0ajq] [-d DIR] [-l LABEL] [-Q QUEUE] "
			 "[-s STATE]\n             [--sort KEY] [--why] [ID "
			 "...]",
		.letters = "a" CHOICE_LETTERS,
		.longs = longs,
	};
	struct choice choice = { .look = FIND_LIVE };
	struct list list = { .args = &args, .choice = &choice };
	struct spool s;
	int c, status;

	(void)cli_start();
	while ((c = args_next(&args, argc, argv)) != -1)
		if (c == 'a')
			choice.look = FIND_ALL;
		else if (c == OPTION_SORT)
			list.order = rows_order(&args, optarg);
		else if (c == OPTION_WHY)
			list.why = true;
		else
			(void)choice_option(&choice, &args, c);
	if (args.json && args.null)
		args_wrong(&args, "either -j or -0");
	cli_open(&args, false, &s);
	status = list_tasks(&s, &list, argv + optind);
	spool_close(&s);
	return cli_finish(status);
}
