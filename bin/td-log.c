/* Prints what attempts have printed. */
#include <err.h>
#include <unistd.h>

#include "base/sysexits.h"
#include "cli/log.h"
#include "cli/print.h"
#include "cli/select.h"
#include "spool/find.h"

static const struct option longs[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "attempt", required_argument, NULL, 'N' },
	{ "follow", no_argument, NULL, 'f' },
	CHOICE_LABEL,
	CHOICE_QUEUE,
	{ "raw", no_argument, NULL, 'r' },
	CHOICE_STATE,
	{ 0 },
};

struct printing {
	struct log log;
	size_t count; /* of tasks */
};

static int print_log(struct spool *s, const char *id, void *arg);
static int print_newest(struct spool *s, struct printing *p);

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-log [-0afr] [-d DIR] [-l LABEL] [-N NUMBER] "
			 "[-Q QUEUE]\n              [-s STATE] [ID ...]",
		.letters = "afN:r" CHOICE_LETTERS,
		.longs = longs,
	};
	struct choice choice = { .look = FIND_ALL, .optional = true };
	struct printing printing = { 0 };
	struct log *log = &printing.log;
	struct spool s;
	int c, status;

	(void)cli_start();
	log->visible = isatty(STDOUT_FILENO) == 1;
	while ((c = args_next(&args, argc, argv)) != -1)
		if (c == 'a')
			log->all = true;
		else if (c == 'f')
			log->follow = true;
		else if (c == 'N')
			log->attempt = args_number(&args, "-N", 1, 1000000);
		else if (c == 'r')
			log->visible = false;
		else
			(void)choice_option(&choice, &args, c);
	if (log->all && log->attempt != 0)
		args_wrong(&args, "either -a or -N");
	cli_open(&args, false, &s);
	status = select_each(&s, &choice, &args, argv + optind, print_log,
	    &printing);
	if (status == 0 && printing.count == 0 && !choice_made(&choice))
		status = print_newest(&s, &printing);
	spool_close(&s);
	return cli_finish(status);
}

static int
print_log(struct spool *s, const char *id, void *arg)
{
	struct printing *p = arg;

	p->count++;
	return log_print(s, id, &p->log);
}

static int
print_newest(struct spool *s, struct printing *p)
{
	char id[ID_SIZE];
	int found = log_newest(s, id);

	if (found == -1)
		err(EX_OSERR, "%s", s->path);
	if (found == 1)
		return log_print(s, id, &p->log);
	warnx("there is no log");
	return EXIT_NO;
}
