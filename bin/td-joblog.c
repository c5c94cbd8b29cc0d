/* Lists the runs of tasks, as GNU parallel does. */
#include <err.h>
#include <stdlib.h>

#include "base/sysexits.h"
#include "cli/joblog.h"
#include "cli/print.h"
#include "cli/select.h"
#include "spool/find.h"

static const struct option longs[] = {
	CHOICE_LABEL,
	CHOICE_QUEUE,
	CHOICE_STATE,
	{ 0 },
};

struct collecting {
	struct joblog log;
	size_t count; /* of tasks */
	int status;
};

static int add_task(struct spool *s, const char *id, void *arg);
static int add_place(struct spool *s, const struct place *place, void *arg);

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-joblog [-0j] [-d DIR] [-l LABEL] [-Q QUEUE] "
			 "[-s STATE] [ID ...]",
		.letters = CHOICE_LETTERS,
		.longs = longs,
	};
	struct choice choice = { .look = FIND_ENDED, .optional = true };
	struct collecting all = { 0 };
	struct spool s;
	int c, status;

	(void)cli_start();
	while ((c = args_next(&args, argc, argv)) != -1)
		(void)choice_option(&choice, &args, c);
	cli_open(&args, false, &s);
	joblog_begin(&all.log, &s, args.json);
	status = select_each(&s, &choice, &args, argv + optind, add_task, &all);
	if (all.count == 0 && status == 0 && !choice_made(&choice) &&
	    find_each(&s, FIND_ENDED, add_place, &all) == -1)
		err(EX_OSERR, "%s", s.path);
	if (joblog_print(&all.log) == -1)
		err(EX_OSERR, "a temporary file");
	spool_close(&s);
	return cli_finish(status != 0 ? status : all.status);
}

static int
add_task(struct spool *s, const char *id, void *arg)
{
	struct collecting *all = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;
	int found;

	all->count++;
	if ((found = entry_find_read(s, id, &e, &why)) == 0)
		return select_missing(id);
	if (found == -1)
		return select_unreadable(id, &why);
	joblog_add(&all->log, &e);
	return 0;
}

/* One that moves on meanwhile is no end any more. */
static int
add_place(struct spool *s, const struct place *place, void *arg)
{
	struct collecting *all = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;
	char id[ID_SIZE];
	int found = entry_read(s, place, &e, &why);

	if (found == 1)
		joblog_add(&all->log, &e);
	if (found != -1)
		return 0;
	place_id(place, id);
	all->status = select_unreadable(id, &why);
	return 0;
}
