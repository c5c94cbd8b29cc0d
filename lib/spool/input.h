/* Standard input that is kept for a task: work/ID/stdin. */
#ifndef SPOOL_INPUT_H
#define SPOOL_INPUT_H

#include "spool/spool.h"

#define INPUT_FILE "work/%s/stdin"

/* Copies all that can be read, flushed; nothing is left of it on error. */
int input_keep(struct spool *s, const char *id, int fd);
void input_drop(struct spool *s, const char *id);

#endif
