/*
 * Text of others, in which all is made visible that could move a cursor, hide,
 * or turn the line around: control characters as vis(3) has them, others as
 * \u202e, bytes that are no UTF-8 as \xff.
 */
#ifndef CLI_VISIBLE_H
#define CLI_VISIBLE_H

#include <stddef.h>
#include <stdio.h>

#define VISIBLE_SIZE 16

/*
 * The next character as it is shown, and *s past it.  The columns that it
 * takes, as wcwidth(3) has them in the locale.
 */
int visible_next(const char **s, const char *end, char shown[VISIBLE_SIZE]);

/*
 * Writes the text, but no more than so many columns of it (-1: all).  The
 * columns that it took.
 */
int visible_put(FILE *out, const char *text, size_t len, int columns);

/* The same for a whole string. */
void visible_text(FILE *out, const char *text);

#endif
