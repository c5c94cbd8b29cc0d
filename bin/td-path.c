/* Prints where tasks' files are just now. */
#include <err.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/print.h"
#include "cli/select.h"
#include "spool/find.h"

static const struct option longs[] = {
	CHOICE_LABEL,
	CHOICE_QUEUE,
	CHOICE_STATE,
	{ 0 },
};

static int print_path(struct spool *s, const char *id, void *arg);

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-path [-0] [-d DIR] [-l LABEL] [-Q QUEUE] "
			 "[-s STATE] [ID ...]",
		.letters = CHOICE_LETTERS,
		.longs = longs,
	};
	struct choice choice = { .look = FIND_ALL };
	struct spool s;
	int c, status;

	(void)cli_start();
	while ((c = args_next(&args, argc, argv)) != -1)
		(void)choice_option(&choice, &args, c);
	cli_open(&args, false, &s);
	status = select_each(&s, &choice, &args, argv + optind, print_path,
	    &args);
	spool_close(&s);
	return cli_finish(status);
}

static int
print_path(struct spool *s, const char *id, void *arg)
{
	const struct args *args = arg;
	struct place place;
	char path[PLACE_SIZE];
	AUTO_STR whole = NULL;
	int found;

	if ((found = find_task(s, id, &place)) == 0)
		return select_missing(id);
	place_path(&place, path);
	if (found == -1 || asprintf(&whole, "%s/%s", s->path, path) == -1) {
		warn("%s", id);
		return EX_OSERR;
	}
	(void)print_word(whole, args->null);
	return 0;
}
