/* Holds paths while a program runs; tells who holds which. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/exec.h"
#include "base/sysexits.h"
#include "cli/print.h"
#include "cli/reservations.h"

#define PATIENCE (5 * CLOCK_SECOND) /* then it says what it waits for */

enum {
	OPT_CHECK = 256,
	OPT_LIST
};

static const struct option longs[] = {
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "literal", no_argument, NULL, 'F' },
	{ "no-wait", no_argument, NULL, 'n' },
	{ "shared", no_argument, NULL, 's' },
	{ "wait", required_argument, NULL, 'w' },
	{ 0 },
};

static const char usage[] =
    "td-reserve [-Fqsv] [-d DIR] [-n | -w DUR] GLOB ... -- PROG [ARG ...]\n"
    "       td-reserve --check [-0Fjqs] [-d DIR] [GLOB ...]\n"
    "       td-reserve --list [-0j] [-d DIR]";

struct wish {
	struct args args;
	int verb; /* OPT_CHECK, OPT_LIST, or 0 */
	bool shared, literal;
	int64_t limit; /* of the wait, -1: none */
	int umask;
};

struct waiting {
	int64_t start;
	bool told;
};

static void choose(struct wish *w, int argc, char **argv);
static noreturn void hold(struct spool *s, const struct wish *w, char **argv);
static char **after_dashes(const struct args *args, char **argv);
static char *words(char *const *argv);
static void take(struct spool *s, const struct wish *w,
    const struct reserve_set *set, const struct reserve_asker *who,
    struct hold *held);
static bool wait_for(struct spool *s, const struct wish *w,
    struct waiting *wait, const struct reserve_conflict *c);
static noreturn void refuse(struct spool *s);
static noreturn void give_up(const struct wish *w,
    const struct reserve_conflict *c, const char *why);
static void say(const struct reserve_conflict *c, const char *what);
static noreturn void become(struct spool *s, const struct wish *w,
    struct hold *held, char **argv);
static void tell_lock(const char *path, int holder);

int
main(int argc, char *argv[])
{
	struct wish w = { .limit = -1,
		.args = { .usage = usage,
		    .letters = "Fnsw:",
		    .longs = longs,
		    .takes_prog = true } };
	struct spool s;
	int status;

	w.umask = cli_start();
	choose(&w, argc, argv);
	argv += optind;
	cli_open(&w.args, false, &s);
	s.waiting = tell_lock;
	if (w.verb == 0)
		hold(&s, &w, argv);
	if (w.verb == OPT_LIST)
		status = reservations_list(&s, &w.args);
	else
		status = reservations_check(&s,
		    &(struct reservations_check){ &w.args, w.shared,
			w.literal },
		    argv);
	spool_close(&s);
	return cli_finish(status);
}

static void
choose(struct wish *w, int argc, char **argv)
{
	int c;

	while ((c = args_next(&w->args, argc, argv)) != -1)
		switch (c) {
		case 'F':
			w->literal = true;
			break;
		case 'n':
			w->limit = 0;
			break;
		case 's':
			w->shared = true;
			break;
		case 'w':
			w->limit = args_duration(&w->args, "-w");
			break;
		default:
			if (w->verb != 0 && w->verb != c)
				args_wrong(&w->args, "one verb is enough");
			w->verb = c;
		}
	if (w->verb != 0 && w->limit != -1)
		args_wrong(&w->args, "nothing is waited for");
	if (w->verb == OPT_LIST && optind < argc)
		args_wrong(&w->args, "%s: all is listed", argv[optind]);
}

static noreturn void
hold(struct spool *s, const struct wish *w, char **argv)
{
	char **prog = after_dashes(&w->args, argv);
	struct reserve_set set = { 0 };
	struct reservations_self self;
	struct hold held;

	for (; *argv != NULL; argv++)
		reservations_add(&set, *argv, w->shared, w->literal);
	reservations_self(s, &self);
	self.who.who = words(prog);
	take(s, w, &set, &self.who, &held);
	become(s, w, &held, prog);
}

/* Ends the paths at the dashes; what is behind them. */
static char **
after_dashes(const struct args *args, char **argv)
{
	char **p = argv;

	while (*p != NULL && strcmp(*p, "--") != 0)
		p++;
	if (*p == NULL || p[1] == NULL)
		args_wrong(args, "the program is missing: -- PROG");
	if (p == argv)
		args_wrong(args, "no path is given");
	*p = NULL;
	return p + 1;
}

static char *
words(char *const *argv)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		err(EX_OSERR, NULL);
	for (; *argv != NULL && ftell(out) < 60; argv++)
		(void)fprintf(out, "%s%.60s", ftell(out) > 0 ? " " : "", *argv);
	if (fclose(out) == EOF)
		err(EX_OSERR, NULL);
	return text;
}

static void
take(struct spool *s, const struct wish *w, const struct reserve_set *set,
    const struct reserve_asker *who, struct hold *held)
{
	struct reserve_conflict c = { 0 };
	struct waiting wait = { .start = clock_steady() };
	int got;

	wait.told = w->args.quiet;
	while ((got = reserve_take(s, set, who, held, &c)) == 0) {
		if (reserve_held(s, who->own) != 0 && w->limit != 0)
			give_up(w, &c, "; who holds something does not wait");
		if (!wait_for(s, w, &wait, &c))
			give_up(w, &c, "");
	}
	if (got == -1)
		refuse(s);
}

/* False when the time is up. */
static bool
wait_for(struct spool *s, const struct wish *w, struct waiting *wait,
    const struct reserve_conflict *c)
{
	int64_t patience = w->args.verbose ? 0 : PATIENCE;
	int64_t waited = clock_steady() - wait->start;
	int64_t left = w->limit < 0 ? -1 : w->limit - waited;

	if (w->limit >= 0 && left <= 0)
		return false;
	if (!wait->told && waited >= patience) {
		say(c, "; waiting");
		wait->told = true;
	}
	if (!wait->told && (left < 0 || left > patience - waited))
		left = patience - waited;
	if (reserve_wait(s, c, left) == -1 && errno != EINTR)
		err(EX_OSERR, "%s", c->holder);
	return true;
}

static noreturn void
refuse(struct spool *s)
{
	switch (errno) {
	case ENOSPC:
	case EDQUOT:
		err(EX_TEMPFAIL, "%s", s->path);
	case E2BIG:
		errx(EX_DATAERR, "the paths are too many");
	case EACCES:
	case EPERM:
		err(EX_NOPERM, "%s", s->path);
	default:
		err(EX_OSERR, "%s", s->path);
	}
}

static noreturn void
give_up(const struct wish *w, const struct reserve_conflict *c, const char *why)
{
	if (!w->args.quiet)
		say(c, why);
	exit(EX_TEMPFAIL);
}

static void
say(const struct reserve_conflict *c, const char *what)
{
	(void)fprintf(stderr, "%s: ", getprogname());
	reservations_say(stderr, c->path, c);
	(void)fprintf(stderr, "%s\n", what);
}

/* From here on the paths are held by the program, and by all it starts. */
static noreturn void
become(struct spool *s, const struct wish *w, struct hold *held, char **argv)
{
	const char *outer = getenv("TD_RESERVATION");
	AUTO_STR names = NULL;
	char **room = exec_room(argv);
	int status;

	if (room == NULL ||
	    asprintf(&names, "%s%s%s", outer == NULL ? "" : outer,
		outer == NULL ? "" : " ", held->name) == -1 ||
	    setenv("TD_RESERVATION", names, 1) == -1 ||
	    fcntl(held->fd, F_SETFD, 0) == -1)
		err(EX_OSERR, NULL);
	(void)umask((mode_t)w->umask);
	status = exec_program(argv, environ, room);
	warn("%s", argv[0]);
	reserve_release(s, held);
	exit(status);
}

static void
tell_lock(const char *path, int holder)
{
	warnx("%s: waiting for its lock, which process %d holds", path, holder);
}
