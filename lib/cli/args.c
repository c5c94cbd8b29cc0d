#include "cli/args.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sysexits.h"

static const struct option shared[] = {
	{ "directory", required_argument, NULL, 'd' },
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ "null", no_argument, NULL, '0' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
};
#define SHARED	       (sizeof(shared) / sizeof(shared[0]))
#define SHARED_LETTERS "d:hj0qvV"

static void
ignore(int signo)
{
	(void)signo;
}

int
cli_start(void)
{
	struct sigaction act = { .sa_handler = ignore, .sa_flags = SA_RESTART };
	int fd;

	/* The wrong way round, so that its use is an error, not a silence. */
	for (fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) == -1)
			_exit(EX_OSERR);
	/* A handler, unlike SIG_IGN, is not passed on to what we execute. */
	(void)sigaction(SIGXFSZ, &act, NULL);
	return (int)umask(077);
}

static void
put_usage(FILE *out, const struct args *args)
{
	(void)fprintf(out, "usage: %s\n", args->usage);
}

void
args_wrong(const struct args *args, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vwarnx(format, ap);
	va_end(ap);
	put_usage(stderr, args);
	exit(EX_USAGE);
}

static void
build(struct args *args)
{
	size_t n = 0;

	(void)snprintf(args->all_letters, sizeof(args->all_letters), "%s:%s%s",
	    args->takes_prog ? "+" : "", args->letters, SHARED_LETTERS);
	while (args->longs[n].name != NULL && n < ARGS_MAX - SHARED - 1) {
		args->table[n] = args->longs[n];
		n++;
	}
	memcpy(args->table + n, shared, sizeof(shared));
	opterr = 0;
}

static bool
is_known(const struct args *args, int c)
{
	const struct option *o;

	for (o = args->table; o->name != NULL; o++)
		if (o->val == c)
			return true;
	return false;
}

static noreturn void
refuse(const struct args *args, int c, const char *word)
{
	if (c == ':')
		args_wrong(args, "%s: a value is missing", word);
	if (optopt == 0)
		args_wrong(args, "%s: no such option", word);
	if (is_known(args, optopt))
		args_wrong(args, "%s: it takes no value", word);
	args_wrong(args, "-%c: no such option", optopt);
}

/* One a line, for people and for completion in shells. */
static void
put_options(const struct args *args)
{
	const struct option *o;

	(void)puts("options:");
	for (o = args->table; o->name != NULL; o++) {
		if (o->val > ' ' && o->val <= '~')
			(void)printf("  -%c, ", o->val);
		else
			(void)printf("      ");
		(void)printf("--%s%s\n", o->name,
		    o->has_arg == required_argument   ? "=..."
		    : o->has_arg == optional_argument ? "[=...]"
						      : "");
	}
}

static noreturn void
answer(const struct args *args, int c)
{
	if (c == 'h') {
		put_usage(stdout, args);
		if (args->help != NULL)
			args->help();
		else
			put_options(args);
	} else {
		(void)printf("%s (taskdir) %s\n", getprogname(), VERSION);
	}
	if (fflush(stdout) == EOF)
		err(EX_IOERR, "standard output");
	exit(EXIT_SUCCESS);
}

int
args_next(struct args *args, int argc, char **argv)
{
	int c;

	if (args->table[0].name == NULL)
		build(args);
	for (;;) {
		c = getopt_long(argc, argv, args->all_letters, args->table,
		    NULL);
		switch (c) {
		case 'd':
			args->directory = optarg;
			break;
		case 'j':
			args->json = true;
			break;
		case '0':
			args->null = true;
			break;
		case 'q':
			args->quiet = true;
			break;
		case 'v':
			args->verbose = true;
			break;
		case 'h':
		case 'V':
			answer(args, c);
		case ':':
		case '?':
			refuse(args, c, argv[optind - 1]);
		default:
			return c;
		}
	}
}

int
args_number(const struct args *args, const char *name, int least, int most)
{
	const char *fault;
	long long n;

	n = strtonum(optarg, least, most, &fault);
	if (fault != NULL || !isdigit((unsigned char)*optarg))
		args_wrong(args, "%s: %s is not %d to %d", name, optarg, least,
		    most);
	return (int)n;
}

int64_t
args_duration(const struct args *args, const char *name)
{
	int64_t span;

	if (clock_duration(optarg, &span) == -1)
		args_wrong(args, "%s: %s is no duration like 90s, 5m, 2h, 1d",
		    name, optarg);
	return span;
}

/* With what its file says, made fit to print. */
static noreturn void
refuse_format(const char *path)
{
	AUTO_STR name = NULL;
	AUTO_STR text = NULL;
	size_t len;
	char *p;

	if (asprintf(&name, "%s/format", path) == -1)
		err(EX_OSERR, NULL);
	if (file_read(AT_FDCWD, name, 64, &text, &len) == -1)
		err(EX_CONFIG, "%s", name);
	text[strcspn(text, "\n")] = '\0';
	for (p = text; *p != '\0'; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
	errx(EX_CONFIG, "%s: its format is \"%s\", not \"%.*s\"", path, text,
	    (int)strlen(SPOOL_FORMAT) - 1, SPOOL_FORMAT);
}

static noreturn void
refuse_spool(const char *path)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		errx(EX_NOINPUT, "%s: there is no spool; td-init makes one",
		    path);
	case EPROTO:
	case EFBIG:
		refuse_format(path);
	case EACCES:
	case EPERM:
		err(EX_NOPERM, "%s", path);
	default:
		err(EX_OSERR, "%s", path);
	}
}

void
cli_open(const struct args *args, bool make, struct spool *s)
{
	AUTO_STR path = NULL;
	bool personal;

	if ((path = spool_choose(args->directory, &personal)) == NULL) {
		if (errno == ENOENT)
			errx(EX_NOINPUT,
			    "there is no spool; td-init makes one");
		err(EX_OSERR, NULL);
	}
	if (spool_open(path, s) == 0)
		return;
	if (!make || !personal || errno != ENOENT)
		refuse_spool(path);
	if (spool_make(path) == -1 && errno != EEXIST)
		err(EX_CANTCREAT, "%s", path);
	if (spool_open(path, s) == -1)
		refuse_spool(path);
}
