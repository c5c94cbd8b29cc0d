/* What an attempt is started with: its words, variables, folder and input. */
#ifndef WORK_COMMAND_H
#define WORK_COMMAND_H

#include <stdio.h>

#include "spool/entry.h"

struct command {
	char *const *argv;	       /* the task's */
	char **envp;		       /* ends with NULL */
	size_t env_count, plain_count; /* all; those before the TD_ ones */
	int cwd, input;
};

/* What the spool adds to the task's variables. */
struct command_names {
	const char *spool;		 /* its path */
	const char *task, *log, *result; /* absolute paths */
	const char *work; /* its own folder, NULL if it has none */
	const char *key;
	const char *id;
	int n;
	const char *after; /* of its blockers, NULL if it has none */
};

/*
 * 1 ready; 0 it cannot be run, and why says the reason; -1 with errno.  Let
 * go with command_free in any case.
 */
int command_make(struct command *c, struct spool *s, const struct task *task,
    const struct command_names *names, char why[160]);
void command_free(struct command *c);

/* Only the TD_ variables, in front of an environment that is kept. */
int command_env(struct command *c, char *const *environment,
    const struct command_names *names);

/* One line that runs it again by hand, quoted for a shell. */
int command_quote(FILE *out, const struct command *c, const struct task *task,
    const char *spool);

#endif
