/* cgroups, where one can be made below the one that we are in. */
#ifndef BASE_CGROUP_H
#define BASE_CGROUP_H

#include <stddef.h>
#include <stdint.h>

/* The path of our own; -1 with errno (ENOENT) where there is no cgroup v2. */
int cgroup_own(char *path, size_t size);

/* The same in the v1 hierarchy of a controller: "memory", "pids". */
int cgroup_own_v1(const char *controller, char *path, size_t size);

/*
 * Makes (or finds) one of that name below `own`; its path into path (size
 * bytes) and an open descriptor, for proc_start.  -1 with errno where that is
 * not to be had (no right to).
 */
int cgroup_make(const char *own, const char *name, char *path, size_t size);

/*
 * Ends all that is in it and waits until nothing is, at most so many
 * microseconds.  The number it held, 0 if it is gone; -1 trouble: EBUSY
 * something lives, EPERM it is where we ourselves are.
 */
int cgroup_kill(const char *path, int64_t limit);

/* 1 nothing is in it (or it is gone), 0 something is, -1 trouble. */
int cgroup_is_empty(const char *path);

/* Removes it and those made in it; gone already is well. */
int cgroup_remove(const char *path);

/* Microseconds of processor time that all in it have taken, -1. */
int64_t cgroup_cpu_time(const char *path);

/* The number behind a word in one of its files, 0 if it is not there. */
int64_t cgroup_figure(const char *path, const char *file, const char *word);

#endif
