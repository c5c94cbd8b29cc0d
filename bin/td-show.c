/* Shows all that is known of tasks. */
#include <err.h>
#include <errno.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/sysexits.h"
#include "cli/print.h"
#include "cli/select.h"
#include "cli/show.h"
#include "spool/find.h"
#include "spool/why.h"

static const struct option longs[] = {
	CHOICE_LABEL,
	{ "plain", no_argument, NULL, 'p' },
	CHOICE_QUEUE,
	CHOICE_STATE,
	{ 0 },
};

struct showing {
	const struct args *args;
	bool plain;
	bool begun;
};

static int show(struct spool *s, const char *id, void *arg);
static int show_json(struct spool *s, const struct entry *e);
static int show_file(struct spool *s, const char *id);

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-show [-0jp] [-d DIR] [-l LABEL] [-Q QUEUE] "
			 "[-s STATE] [ID ...]",
		.letters = "p" CHOICE_LETTERS,
		.longs = longs,
	};
	struct choice choice = { .look = FIND_ALL };
	struct showing showing = { .args = &args };
	struct spool s;
	int c, status;

	(void)cli_start();
	while ((c = args_next(&args, argc, argv)) != -1)
		if (c == 'p')
			showing.plain = true;
		else
			(void)choice_option(&choice, &args, c);
	if (args.json && showing.plain)
		args_wrong(&args, "either -j or -p");
	cli_open(&args, false, &s);
	status = select_each(&s, &choice, &args, argv + optind, show, &showing);
	spool_close(&s);
	return cli_finish(status);
}

static int
show(struct spool *s, const char *id, void *arg)
{
	struct showing *showing = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;
	int found;

	if (showing->plain)
		return show_file(s, id);
	if ((found = entry_find_read(s, id, &e, &why)) == 0)
		return select_missing(id);
	if (found == -1)
		return select_unreadable(id, &why);
	if (showing->args->json)
		return show_json(s, &e);
	if (showing->begun)
		(void)putchar('\n');
	showing->begun = true;
	show_task(s, &e);
	return 0;
}

static int
show_json(struct spool *s, const struct entry *e)
{
	struct print_more more = { 0 };
	struct progress progress;

	if (why_progress(s, e, &progress) == 1)
		more.progress = &progress;
	return print_json_more(e, &more) == -1 ? EX_OSERR : 0;
}

/* Not understood, only found and read: it may be what is wrong with it. */
static int
show_file(struct spool *s, const char *id)
{
	struct place place;
	char path[PLACE_SIZE];
	AUTO_STR text = NULL;
	size_t len;
	int found;

	while ((found = find_task(s, id, &place)) == 1) {
		place_path(&place, path);
		if (file_read(s->dir, path, TASK_FILE_MAX, &text, &len) == 0) {
			(void)fwrite(text, 1, len, stdout);
			return 0;
		}
		if (errno != ENOENT)
			break;
	}
	if (found == 0)
		return select_missing(id);
	warn("%s", id);
	return EX_OSERR;
}
