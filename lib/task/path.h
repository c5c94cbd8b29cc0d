/* Paths and patterns as text; the disk is never asked. */
#ifndef TASK_PATH_H
#define TASK_PATH_H

#include <stdbool.h>

/*
 * Makes a path or pattern absolute and resolves "", ".", ".." and doubled
 * slashes; the caller frees.  cwd is used when path is relative.  NULL with
 * ENOMEM, or EINVAL when a relative path has no absolute cwd or ".." follows
 * what is not one component for certain: braces, an open [ or a "**".
 */
char *path_absolute(const char *cwd, const char *path);

/* Puts a \ before what a pattern would take as special; the caller frees. */
char *path_quote(const char *path);

/* Does it name a resource that is no path, as port:8080? */
bool path_is_resource(const char *s);

#endif
