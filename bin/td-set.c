#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "cli/setting.h"
#include "cli/steer.h"
#include "spool/find.h"

static const char
    usage[] = "td-set [-0hqvV] [-d DIR] [-m WHY] [-l LABEL]... [-Q QUEUE]...\n"
	      "              [-s STATE]... KEY=VALUE... [ID]...";

static const struct option longs[] = {
	CHOICE_LABEL,
	CHOICE_QUEUE,
	CHOICE_STATE,
	{ "message", required_argument, NULL, 'm' },
	{ 0 },
};

/* The operands KEY=VALUE, which come first, as one JSON object. */
static char *
settings(const struct args *args, char ***operands)
{
	const char *comma = "";
	char *text;
	size_t len;
	FILE *out;

	if ((out = open_memstream(&text, &len)) == NULL)
		err(EX_OSERR, NULL);
	(void)fputc('{', out);
	for (; **operands != NULL && strchr(**operands, '=') != NULL;
	     (*operands)++) {
		(void)fputs(comma, out);
		comma = ",";
		setting_put(args, out, **operands);
	}
	(void)fputc('}', out);
	if (fclose(out) == EOF)
		err(EX_OSERR, NULL);
	if (*comma == '\0')
		args_wrong(args, "KEY=VALUE is missing");
	return text;
}

/* What is wrong with them is wrong for all tasks: none is changed. */
static void
check(const struct args *args, const char *set, char *const *ids)
{
	struct complaint c;

	for (; *ids != NULL; ids++)
		if (strchr(*ids, '=') != NULL)
			args_wrong(args, "%s: it stands behind an id", *ids);
	if (steer_check(set, &c) == -1)
		errx(EX_DATAERR, "%s: %s", c.field, c.what);
}

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage,
		.letters = CHOICE_LETTERS "m:",
		.longs = longs };
	struct choice choice = { .look = FIND_LIVE & ~(1U << STATE_RUNNING) };
	struct orders orders = { .give = steer_set };
	AUTO_STR set = NULL;
	struct spool s;
	int option, status;

	(void)cli_start();
	while ((option = args_next(&args, argc, argv)) != -1)
		if (option == 'm')
			orders.how.why = optarg;
		else
			(void)choice_option(&choice, &args, option);
	argv += optind;
	orders.how.set = set = settings(&args, &argv);
	check(&args, set, argv);
	orders.quiet = args.quiet;
	cli_open(&args, false, &s);
	status = select_each(&s, &choice, &args, argv, order_task, &orders);
	spool_close(&s);
	return cli_finish(status);
}
