/* Processes: started in a session of their own, watched, ended to the last. */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct proc_limit {
	int resource; /* as setrlimit(2) knows it */
	rlim_t soft, hard; /* no more than ours */
};

struct proc_start {
	char *const *argv; /* as exec_program takes them */
	char *const *envp;
	int cwd;	  /* a folder's descriptor, -1: stay */
	int in, out, err; /* descriptors for 0, 1 and 2, -1: /dev/null */
	const int *keep;  /* others that it inherits, by their own numbers */
	size_t keep_count;
	int umask;  /* -1: as ours */
	int cgroup; /* a cgroup v2 folder's descriptor to start in, or -1 */
	const int *joins; /* cgroups of v1 to be in: written "0" to */
	size_t join_count;
	const struct proc_limit *limits;
	size_t limit_count;
	bool own_session;
};

struct proc {
	pid_t pid;
	int fd; /* pidfd, readable when it has ended; the caller closes it */
};

/*
 * 0 started; -1 with errno: nothing runs.  A program that cannot be executed
 * ends with 127 (not found) or 126, as in a shell, the reason on its err.
 */
int proc_start(const struct proc_start *how, struct proc *p);

struct proc_end {
	int exit;   /* -1 unless it exited */
	int signal; /* 0 unless a signal ended it */
	struct rusage usage;
};
/* Reaps it, if it has ended: 1, 0 it runs, -1. */
int proc_reap(const struct proc *p, struct proc_end *end);

/* From now on orphans below this process become its children. */
int proc_adopt_orphans(void);

/*
 * Reaps every child that has ended but this one (0: none is left out); true
 * while there is another child.
 */
bool proc_reap_all(pid_t but);

/*
 * Sends a signal to every descendant of this process, and wakes the stopped
 * ones to take it; the number of processes that it was sent to.  One pass: a
 * process that forks meanwhile needs another, until proc_reap_all says no.
 */
int proc_signal_descendants(int signal);

/*
 * Ends with KILL every process that carries the variable (a whole entry,
 * "KEY=value", NULL: none) in its environment, holds the flock that lock_fd's
 * file (-1: none) is under, or lies in the cgroup (path, "" or NULL), until
 * two passes find none or the limit (microseconds) is over.  *killed counts.
 * Never ends the caller.  0 none is left; -1 with errno: EBUSY something is,
 * or the caller itself carries the variable.
 */
int proc_end_strays(const char *variable, int lock_fd, const char *cgroup,
    int64_t limit, int *killed);

/* The boot's id, 36 characters. */
int proc_boot_id(char id[37]);

#endif
