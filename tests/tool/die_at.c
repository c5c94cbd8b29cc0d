/*
 * die_at [-lx] [-n NUMBER] [-s SIGNAL] -o REPORT PROCESS CALL PROG...: runs
 * PROG, and sends KILL to one of its processes as that enters a system call,
 * which then does not take place; -x: as it leaves it; -n: only calls of this
 * number count.  PROG is process 0, those that it forks are 1, 2 … as they
 * come; each counts its own calls from 1.  A child that executes something
 * else is let go.  REPORT says whether the point was reached and, with -l,
 * first every call: "PROCESS NUMBER".  Exits as PROG did.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sysexits.h"

#define OPTIONS                                                               \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |   \
	    PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)
#define PROCESSES 64

struct process {
	pid_t pid;
	long calls;
	bool traced, counts, at_point;
};

struct point {
	long process, call, number;
	int signal;
	bool list, leaving, reached;
	FILE *report;
};

static struct process all[PROCESSES];
static int count, traced, status_of_prog;

static void
usage(void)
{
	errx(EX_USAGE, "usage: die_at [-lx] [-n NUMBER] [-s SIGNAL] -o REPORT "
		       "PROCESS CALL PROG...");
}

/* Stopped until it is traced; its descriptors are PROG's. */
static pid_t
start(char **argv)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) == -1 || (pid = fork()) == -1)
		err(EX_OSERR, NULL);
	if (pid == 0) {
		(void)close(ready[1]);
		(void)!read(ready[0], &byte, 1);
		(void)execvp(argv[0], argv);
		err(EXIT_NOT_FOUND, "%s", argv[0]);
	}
	if (ptrace(PTRACE_SEIZE, pid, NULL, OPTIONS) == -1) {
		(void)kill(pid, SIGKILL);
		err(EX_UNAVAILABLE, "ptrace");
	}
	(void)close(ready[0]);
	(void)close(ready[1]);
	return pid;
}

static struct process *
process(pid_t pid)
{
	int i;

	for (i = 0; i < count; i++)
		if (all[i].pid == pid && all[i].traced)
			return &all[i];
	if (count == PROCESSES)
		errx(EX_SOFTWARE, "too many processes");
	traced++;
	all[count] = (struct process){
		.pid = pid, .traced = true, .counts = count > 0
	};
	return &all[count++];
}

static void
forget(struct process *p)
{
	p->traced = false;
	traced--;
}

static void
strike(struct process *p, struct point *point)
{
	point->reached = true;
	(void)kill(p->pid, point->signal);
}

static void
enter(struct process *p, unsigned long long number, struct point *point)
{
	if (point->list)
		(void)fprintf(point->report, "%d %llu\n", (int)(p - all),
		    number);
	if (point->number != -1 && number != (unsigned long long)point->number)
		return;
	p->calls++;
	p->at_point = p - all == point->process && p->calls == point->call;
	if (p->at_point && !point->leaving)
		strike(p, point);
}

static void
note_call(struct process *p, struct point *point)
{
	struct __ptrace_syscall_info info;

	if (!p->counts ||
	    ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		enter(p, info.entry.nr, point);
	else if (p->at_point && point->leaving) {
		p->at_point = false;
		strike(p, point);
	}
}

static void
note_stop(struct process *p, int status, struct point *point)
{
	enum __ptrace_request request = PTRACE_SYSCALL;
	int signal = WSTOPSIG(status), event = status >> 16;

	if (signal == (SIGTRAP | 0x80)) {
		signal = 0;
		note_call(p, point);
	} else if (event == PTRACE_EVENT_EXEC) {
		signal = 0;
		p->counts = true;
		if (p != all) {
			request = PTRACE_DETACH;
			forget(p);
		}
	} else if (event == PTRACE_EVENT_STOP) {
		if (signal != SIGTRAP)
			request = PTRACE_LISTEN;
		signal = 0;
	} else if (event != 0)
		signal = 0;
	(void)ptrace(request, p->pid, NULL, signal);
}

static void
watch(struct point *point)
{
	struct process *p;
	int status;
	pid_t pid;

	while (traced > 0) {
		pid = waitpid(-1, &status, __WALL);
		if (pid == -1 && errno == EINTR)
			continue;
		if (pid == -1)
			return;
		p = process(pid);
		if (WIFSTOPPED(status)) {
			note_stop(p, status, point);
			continue;
		}
		if (p == all)
			status_of_prog = status;
		forget(p);
	}
}

static long
number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || n < 0)
		usage();
	return n;
}

int
main(int argc, char **argv)
{
	struct point point = { .signal = SIGKILL, .number = -1 };
	const char *report = NULL;
	int c;

	while ((c = getopt(argc, argv, "+ln:o:s:x")) != -1)
		if (c == 'l')
			point.list = true;
		else if (c == 'n')
			point.number = number(optarg);
		else if (c == 'o')
			report = optarg;
		else if (c == 's')
			point.signal = (int)number(optarg);
		else if (c == 'x')
			point.leaving = true;
		else
			usage();
	if (report == NULL || argc - optind < 3)
		usage();
	point.process = number(argv[optind]);
	point.call = number(argv[optind + 1]);
	if ((point.report = fopen(report, "we")) == NULL)
		err(EX_REFUSED, "%s", report);
	(void)process(start(argv + optind + 2));
	watch(&point);
	(void)fputs(point.reached ? "reached\n" : "missed\n", point.report);
	if (fclose(point.report) == EOF)
		err(EX_IOERR, "%s", report);
	if (WIFSIGNALED(status_of_prog))
		return 128 + WTERMSIG(status_of_prog);
	return WEXITSTATUS(status_of_prog);
}
