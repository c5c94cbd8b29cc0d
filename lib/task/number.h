/* Numbers as JSON writes them, and whether a double can hold them. */
#ifndef TASK_NUMBER_H
#define TASK_NUMBER_H

#include <stdbool.h>

/* Moves *s past a number; false, and *s at the fault, when it is none. */
bool number_next(const char **s, const char *end);

/*
 * Why the number from s to end does not survive a double, or NULL: a whole one
 * beyond 2^53-1, digits that would be lost, a size that it cannot have.
 */
const char *number_loss(const char *s, const char *end);

#endif
