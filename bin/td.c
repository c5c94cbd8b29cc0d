/* Runs td-VERB; alone, says what verbs there are. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "cli/verbs.h"

static void print_map(void);
static noreturn void refuse(const char *verb);

/* The umask is left alone: td-submit is to see it as it was. */
int
main(int argc, char *argv[])
{
	static const struct option none[] = { { 0 } };
	struct args args = {
		.usage = "td [-0hjqvV] [-d DIR] [VERB [ARGUMENT ...]]",
		.letters = "",
		.longs = none,
		.takes_prog = true,
		.help = print_map,
	};
	AUTO_STR path = NULL;
	char *verb;

	while (args_next(&args, argc, argv) != -1)
		continue;
	if (optind == argc) {
		print_map();
		return cli_finish(0);
	}
	verb = argv[optind];
	if (!name_ok(verb) || (path = verb_program(verb)) == NULL)
		refuse(verb);
	/* Options in front of the verb are passed on to it. */
	memmove(argv + 2, argv + 1, (size_t)(optind - 1) * sizeof(*argv));
	if (asprintf(&argv[1], "td-%s", verb) == -1)
		err(EX_OSERR, NULL);
	(void)execv(path, argv + 1);
	err(EX_OSERR, "%s", path);
}

/* A step of which no program is there is left out. */
static void
print_map(void)
{
	const struct verb *v;
	const char *step = NULL;

	for (v = verbs; v->text != NULL; v++) {
		AUTO_STR path = NULL;

		if (v->name == NULL) {
			step = v->text;
			continue;
		}
		if ((path = verb_program(v->name)) == NULL)
			continue;
		if (step != NULL)
			(void)printf("%s\n", step);
		step = NULL;
		(void)printf("  td %-10s %s\n", v->name, v->text);
	}
}

static noreturn void
refuse(const char *verb)
{
	const char *near = verb_near(verb);

	if (near != NULL)
		errx(EX_USAGE, "no verb %s: did you mean %s?", verb, near);
	errx(EX_USAGE, "no verb %s: td -h lists them", verb);
}
