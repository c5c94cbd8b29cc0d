#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "cli/steer.h"
#include "spool/find.h"

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

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage,
		.letters = CHOICE_LETTERS "m:",
		.longs = longs };
	struct choice choice = { .look = FIND_LIVE };
	struct orders orders = { .give = steer_cancel };
	struct spool s;
	int option, status;

	(void)cli_start();
	while ((option = args_next(&args, argc, argv)) != -1)
		if (option == 'm')
			orders.how.why = optarg;
		else if (option == OPT_NO_WAIT)
			orders.no_wait = true;
		else
			(void)choice_option(&choice, &args, option);
	orders.quiet = args.quiet;
	cli_open(&args, false, &s);
	status = select_each(&s, &choice, &args, argv + optind, order_task,
	    &orders);
	spool_close(&s);
	return cli_finish(status);
}
