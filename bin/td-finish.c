#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/attempt.h"
#include "spool/order.h"

static const char
    usage[] = "td-finish [-hqvV] [-d DIR] [--exit N] [--result FILE]";

enum {
	OPT_EXIT = 256,
	OPT_RESULT
};

static const struct option longs[] = {
	{ "exit", required_argument, NULL, OPT_EXIT },
	{ "result", required_argument, NULL, OPT_RESULT },
	{ 0 },
};

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage, .letters = "", .longs = longs };
	struct order order = { .exit = 0 };
	const char *result = NULL;
	struct own_attempt own;
	struct spool s;
	int option;

	(void)cli_start();
	while ((option = args_next(&args, argc, argv)) != -1)
		if (option == OPT_EXIT)
			order.exit = args_number(&args, "--exit", 0, 255);
		else
			result = optarg;
	if (optind < argc)
		args_wrong(&args, "%s: no operand is taken", argv[optind]);
	cli_open(&args, false, &s);
	own_attempt(&s, &own);
	if (result != NULL)
		order.result = own_result(result);
	own_sign(&order);
	switch (order_put(&s, own.slot, own.id, own.n, ORDER_FINISH, &order)) {
	case 1:
		break;
	case 0:
		errx(EXIT_NO, "attempt %d of %s has finished before", own.n,
		    own.id);
	default:
		err(errno == ENOSPC || errno == EDQUOT ? EX_TEMPFAIL : EX_OSERR,
		    "%s", own.id);
	}
	order_free(&order);
	spool_close(&s);
	return EX_OK;
}
