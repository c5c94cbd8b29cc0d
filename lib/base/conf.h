/* Configuration files: key = value lines under [section]. */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stddef.h>

#define CONF_LINE_MAX 198 /* characters */

struct conf_value {
	const char *section, *key, *value;
	int line;
};

/* What is wrong, where. */
struct conf_fault {
	int line; /* 0: the file as a whole */
	char what[160];
};

/*
 * Calls each() for every value; 0 goes on, -1 with what it writes into fault
 * ends it.  0; -1 with errno, EINVAL with the fault.
 */
int conf_read(int dir, const char *name,
    int (*each)(const struct conf_value *, struct conf_fault *, void *),
    void *arg, struct conf_fault *fault);

#endif
