/* cgroup v2, where one can be made below the one that we are in. */
#ifndef BASE_CGROUP_H
#define BASE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes one of that name below our own; its path into path (size bytes) and
 * an open descriptor, for proc_start.  -1 with errno where that is not to be
 * had (no cgroup v2, no right to).
 */
int cgroup_make(const char *name, char *path, size_t size);

/* Ends all that is in it (cgroup.kill); the number it held, -1 trouble. */
int cgroup_kill(const char *path);

/* 1 nothing is in it (or it is gone), 0 something is, -1 trouble. */
int cgroup_is_empty(const char *path);

int cgroup_remove(const char *path);

#endif
