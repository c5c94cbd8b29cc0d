/* KEY=VALUE as people write it, as a member of a JSON object. */
#ifndef CLI_SETTING_H
#define CLI_SETTING_H

#include <stdio.h>

#include "cli/args.h"

/* Writes "KEY":VALUE; what the value must be is for the task's reader. */
void setting_put(const struct args *args, FILE *out, const char *word);

#endif
