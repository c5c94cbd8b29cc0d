/* A submission in the making: options on their way to one JSON text. */
#ifndef CLI_SUBMISSION_H
#define CLI_SUBMISSION_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/args.h"
#include "spool/spool.h"
#include "task/task.h"

#define SUBMISSION_PLACE "{}" /* where an item goes */

struct words {
	const char **v;
	size_t n;
};

/* As the options gave it: what is wrong with it the task's reader says. */
struct draft {
	const char *title, *queue, *priority, *attempts, *timeout, *silence;
	const char *backoff, *cwd, *unique, *project, *parent, *signal;
	char *input; /* absolute, or "-" */
	char *after; /* JSON of an array */
	char *not_before;
	struct words reserve, share, blockers, env, labels, limits;
	char *const *command;
	bool workdir;
	bool append; /* the item becomes the last word of the command */
};

int words_add(struct words *words, const char *word);
void draft_free(struct draft *d);

/*
 * Looks up the blockers, which may be given by the ends of their ids.  0, or
 * after a word on stderr the exit status.
 */
int draft_find_blockers(struct draft *d, struct spool *s);

/* Does {} stand where an item's text is to be read or run? */
bool draft_has_place(const struct draft *d);

/*
 * The JSON text, {} replaced by the item unless that is NULL; the caller
 * frees.  NULL with errno EINVAL and the complaint, or ENOMEM.
 */
char *draft_text(const struct draft *d, const char *item, size_t *len,
    struct complaint *c);

#endif
