/* Patterns of paths and resources, and whether two of them share a path. */
#ifndef TASK_GLOB_H
#define TASK_GLOB_H

#include <stdbool.h>

struct glob; /* a compiled pattern */

/*
 * The pattern is an absolute path or a resource, as port:80*.  A path stands
 * for what it matches and all below that.  NULL with ENOMEM, or EINVAL and a
 * static complaint in *what.
 */
struct glob *glob_compile(const char *pattern, const char **what);
void glob_free(struct glob *);

/* Has it no wildcard? */
bool glob_literal(const struct glob *);

/* 1 when some path matches both, 0 when none does, -1 with ENOMEM. */
int glob_overlap(const struct glob *a, const struct glob *b);

/* The same for one normalised path or resource. */
int glob_match(const struct glob *, const char *path);

#endif
