/* A folder with all that is below it: its size, its removal. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include <stdint.h>

/*
 * What it takes on the disk, in bytes; a file with names elsewhere, too,
 * counts by its share of them.  It looks 64 folders deep.  0; -1 with errno;
 * what goes away meanwhile is no fault.
 */
int folder_size(int dir, const char *name, int64_t *bytes);

/* Links are removed, not followed.  Gone already is well. */
int folder_remove(int dir, const char *name);

#endif
