/* The folders of a spool, parents first, and what lives in each. */
#ifndef SPOOL_LAYOUT_H
#define SPOOL_LAYOUT_H

struct layout {
	const char *path; /* NULL ends the table */
	const char *text; /* one line */
};

extern const struct layout layout[];

#endif
