/* Submits tasks. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/enqueue.h"
#include "cli/follow.h"
#include "cli/many.h"
#include "cli/print.h"
#include "cli/submission.h"
#include "cli/times.h"
#include "spool/submit.h"

static const char usage[] =
    "td-submit [-Hqw] [-a ID[:WHEN]]... [-C DIR] [-d DIR] [-e K[=V]]...\n"
    "           [-i FILE] [-l LABEL]... [-p P] [-Q QUEUE] [-R N]\n"
    "           [-r GLOB]... [-s GLOB]... [-T DUR] [-t TITLE] [-u KEY]\n"
    "           [--at TIME] [--backoff LIST] [--limit K=V]... [--parent ID]\n"
    "           [--project P] [--signal NAME@DUR] [--silence DUR]\n"
    "           [--workdir] [--] CMD ...\n"
    "       td-submit -x [-0] [--keep-going] [option ...] [--] CMD ...\n"
    "       td-submit -b [-0Hq] [-d DIR] [--keep-going] [FILE]";

enum {
	AT = 256,
	BACKOFF,
	KEEP_GOING,
	LIMIT,
	PARENT,
	PROJECT,
	SIGNAL,
	SILENCE,
	WORKDIR
};

static const struct option longs[] = {
	{ "after", required_argument, NULL, 'a' },
	{ "at", required_argument, NULL, AT },
	{ "attempts", required_argument, NULL, 'R' },
	{ "backoff", required_argument, NULL, BACKOFF },
	{ "batch", no_argument, NULL, 'b' },
	{ "cwd", required_argument, NULL, 'C' },
	{ "each", no_argument, NULL, 'x' },
	{ "env", required_argument, NULL, 'e' },
	{ "held", no_argument, NULL, 'H' },
	{ "input", required_argument, NULL, 'i' },
	{ "keep-going", no_argument, NULL, KEEP_GOING },
	{ "label", required_argument, NULL, 'l' },
	{ "limit", required_argument, NULL, LIMIT },
	{ "parent", required_argument, NULL, PARENT },
	{ "priority", required_argument, NULL, 'p' },
	{ "project", required_argument, NULL, PROJECT },
	{ "queue", required_argument, NULL, 'Q' },
	{ "reserve", required_argument, NULL, 'r' },
	{ "share", required_argument, NULL, 's' },
	{ "signal", required_argument, NULL, SIGNAL },
	{ "silence", required_argument, NULL, SILENCE },
	{ "timeout", required_argument, NULL, 'T' },
	{ "title", required_argument, NULL, 't' },
	{ "unique", required_argument, NULL, 'u' },
	{ "wait", no_argument, NULL, 'w' },
	{ "workdir", no_argument, NULL, WORKDIR },
	{ 0 },
};

struct options {
	struct args args;
	struct draft draft;
	struct submitter who;
	bool task; /* one that describes a task was given */
	bool each, batch, held, wait, keep_going;
};

static bool take_text(struct draft *d, int c);
static bool take_word(struct draft *d, int c);
static void take(struct options *o, int c);
static void check(const struct options *o, int operands);
static int submit_one(struct spool *s, struct options *o);
static int submit_many(struct spool *s, struct options *o);

int
main(int argc, char **argv)
{
	struct options o = { .args = { .usage = usage,
				 .letters = "a:bC:e:Hi:l:p:Q:R:r:s:T:t:u:wx",
				 .longs = longs,
				 .takes_prog = true } };
	int c, mask = cli_start(), status;
	struct spool s;

	while ((c = args_next(&o.args, argc, argv)) != -1)
		take(&o, c);
	check(&o, argc - optind);
	o.draft.command = argv + optind;
	cli_open(&o.args, true, &s);
	if (submitter_read(&o.who, mask) == -1)
		err(EX_OSERR, "who and where this is");
	if ((status = draft_find_blockers(&o.draft, &s)) == 0)
		status = o.batch || o.each ? submit_many(&s, &o)
					   : submit_one(&s, &o);
	submitter_free(&o.who);
	draft_free(&o.draft);
	spool_close(&s);
	return status;
}

/* Options that say one thing: the last one counts. */
static bool
take_text(struct draft *d, int c)
{
	const struct {
		int option;
		const char **to;
	} texts[] = {
		{ 'p', &d->priority },
		{ 'Q', &d->queue },
		{ 't', &d->title },
		{ 'T', &d->timeout },
		{ 'R', &d->attempts },
		{ 'u', &d->unique },
		{ 'C', &d->cwd },
		{ BACKOFF, &d->backoff },
		{ SIGNAL, &d->signal },
		{ SILENCE, &d->silence },
		{ PARENT, &d->parent },
		{ PROJECT, &d->project },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].option == c) {
			*texts[i].to = optarg;
			return true;
		}
	return false;
}

/* Options that may be given more than once. */
static bool
take_word(struct draft *d, int c)
{
	const struct {
		int option;
		struct words *to;
	} words[] = {
		{ 'a', &d->blockers },
		{ 'r', &d->reserve },
		{ 's', &d->share },
		{ 'e', &d->env },
		{ 'l', &d->labels },
		{ LIMIT, &d->limits },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].option == c) {
			if (words_add(words[i].to, optarg) == -1)
				err(EX_OSERR, NULL);
			return true;
		}
	return false;
}

static void
take_input(struct draft *d)
{
	AUTO_STR cwd = NULL;

	free(d->input);
	d->input = NULL;
	if (strcmp(optarg, "-") == 0 || *optarg == '/' || *optarg == '\0')
		d->input = strdup(optarg);
	else if ((cwd = getcwd(NULL, 0)) == NULL ||
		 asprintf(&d->input, "%s/%s", cwd, optarg) == -1)
		err(EX_OSERR, NULL);
	if (d->input == NULL)
		err(EX_OSERR, NULL);
}

static void
take_time(struct draft *d)
{
	int64_t at, now = clock_now();

	if (times_read(optarg, now, &at) == -1) {
		if (errno != EINVAL)
			err(EX_OSERR, NULL);
		errx(EX_DATAERR, "not_before: %s is not a time", optarg);
	}
	free(d->not_before);
	if ((d->not_before = malloc(CLOCK_TEXT)) == NULL)
		err(EX_OSERR, NULL);
	clock_format(at, d->not_before);
}

static void
take(struct options *o, int c)
{
	switch (c) {
	case 'b':
		o->batch = true;
		return;
	case 'H':
		o->held = true;
		return;
	case 'w':
		o->wait = true;
		return;
	case 'x':
		o->each = true;
		return;
	case KEEP_GOING:
		o->keep_going = true;
		return;
	case 'i':
		take_input(&o->draft);
		break;
	case AT:
		take_time(&o->draft);
		break;
	case WORKDIR:
		o->draft.workdir = true;
		break;
	default:
		if (!take_text(&o->draft, c))
			(void)take_word(&o->draft, c);
	}
	o->task = true;
}

static void
check(const struct options *o, int operands)
{
	const struct args *args = &o->args;
	bool many = o->batch || o->each;

	if (o->batch && (o->each || o->task))
		args_wrong(args, "-b: each line says all of its task");
	if (o->batch && operands > 1)
		args_wrong(args, "-b: one file at a time");
	if (!o->batch && operands == 0)
		args_wrong(args, "a command is missing");
	if (many && o->wait)
		args_wrong(args, "-w: it waits for a single task");
	if (o->each && o->draft.input != NULL &&
	    strcmp(o->draft.input, "-") == 0)
		args_wrong(args, "-i -: -x reads the standard input");
	if (!many && (o->keep_going || o->args.null))
		args_wrong(args, "%s: only with -b or -x",
		    o->args.null ? "-0" : "--keep-going");
}

static int
submit_one(struct spool *s, struct options *o)
{
	AUTO_STR text = NULL;
	struct enqueue how = { &o->who, o->held, o->args.quiet };
	struct complaint c;
	char id[ID_SIZE];
	size_t len;
	int status;

	if ((text = draft_text(&o->draft, NULL, &len, &c)) == NULL) {
		if (errno != EINVAL)
			err(EX_OSERR, NULL);
		enqueue_complain(0, &c);
		return EX_DATAERR;
	}
	status = enqueue_text(s, &how, text, len, id);
	if (status != 0)
		return status;
	return o->wait ? follow_task(s, id) : enqueue_print(id);
}

static int
submit_many(struct spool *s, struct options *o)
{
	struct many how = { .who = &o->who,
		.in = stdin,
		.null = o->args.null,
		.keep_going = o->keep_going,
		.held = o->held,
		.quiet = o->args.quiet };
	const char *file = o->batch ? *o->draft.command : NULL;

	if (o->each) {
		o->draft.append = !draft_has_place(&o->draft);
		how.each = &o->draft;
	}
	if (file != NULL && strcmp(file, "-") != 0 &&
	    (how.in = fopen(file, "re")) == NULL)
		err(EX_NOINPUT, "%s", file);
	return many_submit(s, &how);
}
