/* The attempt that a program runs in, as its environment names it. */
#ifndef CLI_ATTEMPT_H
#define CLI_ATTEMPT_H

#include <stdnoreturn.h>

#include "spool/order.h"

struct own_attempt {
	char id[ID_SIZE], slot[NAME_SIZE];
	int n;
};

/* Ends the program, 64 or 77, where it runs in none or no more. */
void own_attempt(struct spool *s, struct own_attempt *own);

/* Ends the program, 77: it runs no more. */
noreturn void own_ended(const struct own_attempt *own);

/* The JSON in a file ("-": standard input) on one line, or the end: 65. */
char *own_result(const char *path);

/* Who says it, and when. */
void own_sign(struct order *order);

#endif
