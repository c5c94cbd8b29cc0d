/* The names in a folder, sorted; names that begin with a dot are left out. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct names {
	char **v; /* each points into text */
	size_t n;
	char *text;
};

/*
 * Reads the names that want() accepts (NULL: all).  0, or -1 with errno; a
 * folder that is not there has no names.  The caller frees with names_free.
 */
int names_read(int dir, const char *path, bool (*want)(const char *),
    struct names *names);
void names_free(struct names *names);

/* The smallest such name, copied; 1 found, 0 none, -1 trouble. */
int names_first(int dir, const char *path, bool (*want)(const char *),
    char *name, size_t size);

/* Calls each() in the folder's own order; a non-zero answer ends it. */
int names_each(int dir, const char *path, int (*each)(const char *, void *),
    void *arg);

#define AUTO_NAMES __attribute__((cleanup(names_free))) struct names

#endif
