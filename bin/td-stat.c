/* Counts tasks. */
#include <err.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "cli/stat.h"

static const struct option longs[] = {
	{ "ages", no_argument, NULL, 'a' },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-stat [-aj] [-d DIR]",
		.letters = "a",
		.longs = longs,
	};
	struct census census;
	struct spool s;
	bool ages = false;
	int columns;

	(void)cli_start();
	while (args_next(&args, argc, argv) != -1)
		ages = true;
	if (optind < argc)
		args_wrong(&args, "%s: no operand is taken", argv[optind]);
	cli_open(&args, false, &s);
	if (census_take(&s, clock_now(), &census) == -1)
		err(EX_OSERR, "%s", s.path);
	columns = isatty(STDOUT_FILENO) == 1 ? STAT_QUEUE : -1;
	if (args.json)
		stat_json(&census);
	else if (ages)
		stat_ages(&census, columns);
	else
		stat_tables(&census, columns);
	census_free(&census);
	spool_close(&s);
	return cli_finish(EXIT_SUCCESS);
}
