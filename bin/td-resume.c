#include <err.h>
#include <errno.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "spool/steer.h"
#include "spool/submit.h"

static const char usage[] = "td-resume [-hqvV] [-d DIR] [QUEUE]...";

static const struct option longs[] = {
	{ 0 },
};

static int refused(const char *what);

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage, .letters = "", .longs = longs };
	struct spool s;
	int i, status = EX_OK;

	(void)cli_start();
	while (args_next(&args, argc, argv) != -1)
		continue;
	for (i = optind; i < argc; i++)
		if (!name_ok(argv[i]))
			args_wrong(&args, "%s: not a queue's name", argv[i]);
	cli_open(&args, false, &s);
	i = optind;
	do {
		if (resume_claims(&s, i < argc ? argv[i] : NULL) == -1) {
			status = refused(i < argc ? argv[i] : s.path);
		}
	} while (++i < argc);
	spool_close(&s);
	return cli_finish(status);
}

static int
refused(const char *what)
{
	int error = errno;

	warn("%s", what);
	if (error == EACCES || error == EPERM)
		return EX_NOPERM;
	return submit_refusal(error) == EX_TEMPFAIL ? EX_TEMPFAIL : EX_OSERR;
}
