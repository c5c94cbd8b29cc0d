/* What every program begins with: its options, and the spool it works on. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdnoreturn.h>

#include "spool/spool.h"

#define ARGS_MAX 48 /* long options, the shared ones among them */

/*
 * The program fills in the first five; letters and longs are its own options
 * as for getopt_long(3), longs ending with { 0 }.  Options may stand behind
 * operands, too, unless these are a PROG with options of its own.
 */
struct args {
	const char *usage; /* the lines of the manual's SYNOPSIS */
	const char *letters;
	const struct option *longs;
	bool takes_prog;
	void (*help)(void); /* prints more for -h; NULL: the options */

	const char *directory; /* -d */
	bool json, null, quiet, verbose;

	struct option table[ARGS_MAX];
	char all_letters[2 * ARGS_MAX];
};

/*
 * First in main(): descriptors 0 to 2 are open, files that we make are ours
 * alone, and a file that may not grow is an error, no signal.  Answers the
 * umask as it was.
 */
int cli_start(void);

/*
 * The next of the program's own options (its value in optarg), -1 when there
 * are no more: the operands begin at argv[optind].  Ends the program for -h,
 * -V and what it does not know.
 */
int args_next(struct args *args, int argc, char **argv);

/* Says what is wrong, and how it would be right; exit 64. */
noreturn void args_wrong(const struct args *args, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A value from the command line: a whole number or a duration, or exit 64. */
int args_number(const struct args *args, const char *name, int least, int most);
int64_t args_duration(const struct args *args, const char *name);

/*
 * Opens the spool that is meant, or says why not and ends: 66 there is none,
 * 77, 78.  make: the personal spool is made if it is not there.
 */
void cli_open(const struct args *args, bool make, struct spool *s);

#endif
