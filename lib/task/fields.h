/* The members that a task may be given: one row of a table for each. */
#ifndef TASK_FIELDS_H
#define TASK_FIELDS_H

#include <stdbool.h>

#include "task/task.h"

/*
 * Decodes one member into the task.  -1 with the complaint for a key that
 * is not known or a value that is not good; errno is ENOMEM or untouched.
 */
int fields_decode(struct task *task, const struct cJSON *item, bool submission,
    struct complaint *c);

/* Fills the complaint and answers -1. */
int complain(struct complaint *c, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
