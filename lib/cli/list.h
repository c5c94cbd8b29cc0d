/* Lists of tasks: in the order of the folders as they are read, or sorted. */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include "cli/choice.h"

enum list_order {
	LIST_AS_FOUND, /* state by state, what runs first */
	LIST_BY_ID,
	LIST_BY_PRIORITY,
	LIST_BY_STATE,
	LIST_BY_AGE, /* the oldest first */
	LIST_BY_QUEUE,
	LIST_ORDER_COUNT
};

struct list {
	const struct args *args;
	const struct choice *choice;
	enum list_order order;
};

/* The order of that name, or exit 64. */
enum list_order list_order(const struct args *args, const char *name);

/* Prints them; an exit status. */
int list_tasks(struct spool *s, const struct list *list, char *const *operands);

#endif
