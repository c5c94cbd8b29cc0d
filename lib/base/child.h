/* A new process that begins in a function: as vfork(2), where that is known. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <sys/types.h>

/*
 * Its pid, and a pidfd in *fd; -1 with errno.  With cgroup (a cgroup v2
 * folder's descriptor, or -1) it starts in it.  begin() must not come back;
 * it may share our memory, and we stand still until it executes a program or
 * exits.  All signals are to be blocked by the caller.
 */
pid_t child_begin(int cgroup, void (*begin)(void *), void *arg, int *fd);

#endif
