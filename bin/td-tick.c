#include <err.h>
#include <stdio.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "cli/settings.h"
#include "spool/entry.h"
#include "spool/upkeep.h"

static const char usage[] = "td-tick [-0hjqvV] [-d DIR]";

static const struct option longs[] = { { 0 } };

struct printing {
	const struct args *args;
	struct print print;
};

static int
print_failed(struct spool *s, const char *id, void *arg)
{
	const struct printing *p = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;

	if (p->args->quiet || entry_find_read(s, id, &e, &c) != 1 ||
	    e.at.state != STATE_FAILED)
		return 0;
	if (p->args->json)
		return print_json(&e);
	if (p->args->null)
		return print_word(id, true);
	return print_task(&p->print, &e);
}

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage, .letters = "", .longs = longs };
	struct printing p = { .args = &args };
	struct spool s;
	int status = EX_OK;

	(void)cli_start();
	while (args_next(&args, argc, argv) != -1)
		continue;
	if (optind < argc)
		args_wrong(&args, "%s: no operand is taken", argv[optind]);
	cli_open(&args, false, &s);
	(void)cli_settings(&s);
	if (upkeep_round(&s) == -1) {
		warn("%s", s.path);
		status = EX_OSERR;
	}
	print_begin(&p.print);
	if (upkeep_failed(&s, print_failed, &p) == -1)
		err(EX_OSERR, "%s", s.path);
	spool_close(&s);
	return cli_finish(status);
}
