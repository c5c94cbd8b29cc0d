/* Tasks to be sorted: of each its place and what it is sorted by. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "base/intern.h"
#include "cli/args.h"
#include "spool/lane.h"

enum rows_order {
	ROWS_AS_FOUND, /* state by state, what runs first */
	ROWS_BY_ID,
	ROWS_BY_PRIORITY,
	ROWS_BY_STATE,
	ROWS_BY_AGE, /* the oldest first */
	ROWS_BY_QUEUE,
	ROWS_ORDER_COUNT
};

/* The order of that name, or exit 64. */
enum rows_order rows_order(const struct args *args, const char *name);

/* Some 64 bytes a task, whatever is in it; words are kept once. */
struct row {
	char id[ID_SIZE];
	unsigned char state, priority;
	const char *dir, *queue;
	int64_t submitted;
};

struct rows {
	struct row *v;
	size_t n, room;
	struct interned words;
};

/* Ends the program where there is no memory. */
void rows_add(struct rows *rows, const struct place *place,
    const struct lane *lane, int64_t submitted);

/* Sorted, and those met twice once. */
void rows_sort(struct rows *rows, enum rows_order order);
void row_place(const struct row *row, struct place *place);
void rows_free(struct rows *rows);

#endif
