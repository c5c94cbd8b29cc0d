/* Prints what happens in a spool. */
#include <err.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/await.h"
#include "cli/print.h"
#include "cli/tail.h"
#include "spool/journal_read.h"

#define LINES 10

static const struct option longs[] = {
	{ "follow", no_argument, NULL, 'f' },
	{ "lines", required_argument, NULL, 'n' },
	{ 0 },
};

struct telling {
	const struct args *args;
	struct print print;
};

static int tell(const char *line, size_t len, void *arg);

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-tail [-fj] [-d DIR] [-n NUMBER]",
		.letters = "fn:",
		.longs = longs,
	};
	struct telling t = { .args = &args };
	struct journal_reader r;
	struct await await;
	struct spool s;
	int c, answer, lines = LINES;
	bool follow = false;

	(void)cli_start();
	while ((c = args_next(&args, argc, argv)) != -1)
		if (c == 'f')
			follow = true;
		else
			lines = args_number(&args, "-n", 0, 1000000000);
	if (optind < argc)
		args_wrong(&args, "%s: no operand is taken", argv[optind]);
	cli_open(&args, false, &s);
	print_begin(&t.print);
	if (follow)
		await_begin(&await, &s);
	if (journal_open(&r, &s, (size_t)lines) == -1)
		err(EX_OSERR, "%s", s.path);
	if (t.print.columns > 0 && !args.json)
		tail_header(t.print.columns);
	while ((answer = journal_next(&r, tell, &t)) == 0 && follow &&
	       fflush(stdout) == 0)
		await_change(&await, 0);
	if (answer == -1)
		err(EX_OSERR, "%s", s.path);
	journal_close(&r);
	spool_close(&s);
	return cli_finish(EXIT_SUCCESS);
}

/* Not 0 when it is of no use to go on. */
static int
tell(const char *line, size_t len, void *arg)
{
	const struct telling *t = arg;

	if (t->args->json) {
		(void)fwrite(line, 1, len, stdout);
		return putchar('\n') == EOF;
	}
	tail_line(line, len, clock_now(),
	    t->print.columns > 0 ? t->print.columns : -1);
	return ferror(stdout);
}
