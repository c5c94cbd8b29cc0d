/* Which tasks: ids that are given, a choice, or ids on standard input. */
#ifndef CLI_SELECT_H
#define CLI_SELECT_H

#include "cli/choice.h"

/*
 * Calls each() with every id: whole, but not looked for unless it was given
 * by its end.  each() answers an exit status; so does this: the first that is
 * not 0, of each() or for what is no id of a task, and goes on with the rest.
 * Chosen tasks come sorted by id, each once; ids on standard input as they
 * come, the first word of each line.
 */
int select_each(struct spool *s, const struct choice *ch,
    const struct args *args, char *const *operands,
    int (*each)(struct spool *s, const char *id, void *arg), void *arg);

/* Adds them all to ids; the status as above. */
int select_ids(struct spool *s, const struct choice *ch,
    const struct args *args, char *const *operands, struct ids *ids);

/* Says that there is no such task: 66. */
int select_missing(const char *id);

/* Says why a task cannot be read: 65 for a fault in it, else 71. */
int select_unreadable(const char *id, const struct complaint *c);

#endif
