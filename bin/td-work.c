#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/settings.h"
#include "work/worker.h"

static const char
    usage[] = "td-work [-hqvV] [-d DIR] [--once | --drain[=all]] [-n N]\n"
	      "               [-Q QUEUE]... [--name WORKER]";

enum {
	OPT_ONCE = 256,
	OPT_DRAIN,
	OPT_NAME
};

static const struct option longs[] = {
	{ "once", no_argument, NULL, OPT_ONCE },
	{ "drain", optional_argument, NULL, OPT_DRAIN },
	{ "count", required_argument, NULL, 'n' },
	{ "queue", required_argument, NULL, 'Q' },
	{ "name", required_argument, NULL, OPT_NAME },
	{ 0 },
};

struct choice {
	enum worker_mode mode;
	char **queues;
	size_t queue_count;
	const char *name;
	int count;
};

static void
choose_queue(struct args *args, struct choice *c)
{
	if (!name_ok(optarg))
		args_wrong(args, "%s: not the name of a queue", optarg);
	c->queues = reallocarray(c->queues, c->queue_count + 1,
	    sizeof(*c->queues));
	if (c->queues == NULL)
		err(EX_OSERR, NULL);
	c->queues[c->queue_count++] = optarg;
}

static void
choose_drain(struct args *args, struct choice *c)
{
	c->mode = WORKER_DRAIN;
	if (optarg == NULL)
		return;
	if (strcmp(optarg, "all") != 0)
		args_wrong(args, "--drain=%s: all is the only word", optarg);
	c->mode = WORKER_DRAIN_ALL;
}

static void
choose(struct args *args, int argc, char **argv, struct choice *c)
{
	int option;

	while ((option = args_next(args, argc, argv)) != -1)
		switch (option) {
		case OPT_ONCE:
			c->mode = WORKER_ONCE;
			break;
		case OPT_DRAIN:
			choose_drain(args, c);
			break;
		case OPT_NAME:
			if (!name_ok(optarg) || strlen(optarg) > 56)
				args_wrong(args, "%s: not a name", optarg);
			c->name = optarg;
			break;
		case 'n':
			c->count = args_number(args, "-n", 1, 1000);
			break;
		case 'Q':
			choose_queue(args, c);
			break;
		}
	if (optind < argc)
		args_wrong(args, "%s: no operand is taken", argv[optind]);
}

static int
run_one(struct worker *w, struct spool *s, const char *name)
{
	const char *why;
	int status;

	if (worker_open(w, s, name) == -1) {
		why = worker_refusal(errno, &status);
		errx(status, "%s: %s", name == NULL ? s->path : name, why);
	}
	status = worker_run(w, NULL);
	worker_close(w);
	return status;
}

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage,
		.letters = "n:Q:",
		.longs = longs };
	struct choice c = { .mode = WORKER_STAY, .count = 1 };
	struct worker w = { .watch = -1 };
	struct spool s;
	int status;

	(void)cli_start();
	choose(&args, argc, argv, &c);
	cli_open(&args, false, &s);
	w.set = cli_settings(&s);
	w.mode = c.mode;
	w.verbose = args.verbose;
	w.rules = (struct claim_rules){ c.queues, c.queue_count, w.set };
	status = c.count == 1 ? run_one(&w, &s, c.name)
			      : crew_run(&w, &s, c.name, c.count);
	free(c.queues);
	spool_close(&s);
	return status;
}
