/* Lists of tasks: in the order of the folders as they are read, or sorted. */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include "cli/choice.h"
#include "cli/rows.h"

struct list {
	const struct args *args;
	const struct choice *choice;
	enum rows_order order;
	bool why; /* say what each waits for */
};

/* Prints them; an exit status. */
int list_tasks(struct spool *s, const struct list *list, char *const *operands);

#endif
