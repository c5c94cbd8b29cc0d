#include <err.h>
#include <errno.h>
#include <stdlib.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/settings.h"
#include "work/worker.h"

static const char usage[] = "td-claim [-hqvV] [-d DIR] [-Q QUEUE]... [--name "
			    "WORKER] PROG [ARG]...";

enum {
	OPT_NAME = 256
};

static const struct option longs[] = {
	{ "queue", required_argument, NULL, 'Q' },
	{ "name", required_argument, NULL, OPT_NAME },
	{ 0 },
};

#define QUEUES_MAX 64

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage,
		.letters = "Q:",
		.longs = longs,
		.takes_prog = true };
	struct worker w = { .watch = -1, .mode = WORKER_ONCE };
	char *queues[QUEUES_MAX];
	const char *name = NULL, *why;
	size_t queue_count = 0;
	struct spool s;
	int option, status;

	(void)cli_start();
	while ((option = args_next(&args, argc, argv)) != -1) {
		if (!name_ok(optarg))
			args_wrong(&args, "%s: not a name", optarg);
		if (option == OPT_NAME)
			name = optarg;
		else if (queue_count == QUEUES_MAX)
			args_wrong(&args, "more than %d queues", QUEUES_MAX);
		else
			queues[queue_count++] = optarg;
	}
	if (optind == argc)
		args_wrong(&args, "PROG is missing");
	cli_open(&args, false, &s);
	w.set = cli_settings(&s);
	w.rules = (struct claim_rules){ queue_count == 0 ? NULL : queues,
		queue_count, w.set };
	if (worker_open(&w, &s, name) == -1) {
		why = worker_refusal(errno, &status);
		errx(status, "%s: %s", name == NULL ? s.path : name, why);
	}
	status = worker_run(&w, argv + optind);
	worker_close(&w);
	spool_close(&s);
	return status;
}
