/* Looks whether a spool keeps its guarantees. */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "cli/visible.h"
#include "spool/fsck.h"
#include "task/json.h"

static const struct option longs[] = {
	{ "dry-run", no_argument, NULL, 'n' },
	{ 0 },
};

static int print_finding(const struct finding *finding, void *arg);

int
main(int argc, char *argv[])
{
	struct args args = { .usage = "td-fsck -n [-0jq] [-d DIR]",
		.letters = "n",
		.longs = longs };
	bool only_look = false;
	struct spool s;
	int found;

	(void)cli_start();
	while (args_next(&args, argc, argv) != -1)
		only_look = true;
	if (optind < argc)
		args_wrong(&args, "%s: the whole spool is looked at",
		    argv[optind]);
	if (!only_look)
		args_wrong(&args, "-n is needed: nothing is repaired");
	cli_open(&args, false, &s);
	if ((found = fsck_check(&s, clock_now(), print_finding, &args)) == -1 &&
	    ferror(stdout) == 0)
		err(EX_OSERR, "%s", s.path);
	spool_close(&s);
	return cli_finish(found == 0 ? EX_OK : EXIT_FINDINGS);
}

static void
put_json(const char *key, const char *text, char before)
{
	(void)putchar(before);
	(void)json_put_key(stdout, key);
	(void)json_put_string(stdout, text, strlen(text));
}

static int
print_finding(const struct finding *finding, void *arg)
{
	const struct args *args = arg;

	if (args->quiet)
		return 0;
	if (args->json) {
		put_json("guarantee", finding->guarantee, '{');
		put_json("kind", finding->kind, ',');
		put_json("object", finding->object, ',');
		put_json("words", finding->words, ',');
		(void)putchar('}');
	} else {
		(void)printf("%s ", finding->guarantee);
		visible_text(stdout, finding->object);
		(void)putchar(' ');
		visible_text(stdout, finding->words);
	}
	(void)putchar(args->null ? '\0' : '\n');
	return ferror(stdout);
}
