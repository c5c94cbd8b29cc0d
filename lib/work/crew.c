/* Several workers, a process each, that live and die with one head. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sysexits.h"
#include "work/worker.h"

struct crew {
	pid_t *pids;
	int count, living;
	bool done, failed, trouble;
};

static int
work(struct worker *model, struct spool *s, const char *name, pid_t head)
{
	struct worker w = *model;
	int status;

	/* What kills the head must free its slots, too. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != head)
		return EX_OSERR;
	if (worker_open(&w, s, name) == -1) {
		const char *why = worker_refusal(errno, &status);

		(void)fprintf(stderr, "%s: %s: %s\n",
		    program_invocation_short_name,
		    name == NULL ? s->path : name, why);
		return status;
	}
	status = worker_run(&w, NULL);
	worker_close(&w);
	return status;
}

static int
start(struct crew *crew, struct worker *model, struct spool *s,
    const char *name)
{
	pid_t head = getpid(), pid;
	char slot[NAME_SIZE + 16];
	int i;

	for (i = 0; i < crew->count; i++) {
		(void)snprintf(slot, sizeof(slot), "%s-%d",
		    name == NULL ? "" : name, i + 1);
		if ((pid = fork()) == -1)
			return -1;
		if (pid == 0)
			_exit(work(model, s, name == NULL ? NULL : slot, head));
		crew->pids[i] = pid;
		crew->living++;
	}
	return 0;
}

static void
tell_all(const struct crew *crew, int signal)
{
	int i;

	for (i = 0; i < crew->count; i++)
		if (crew->pids[i] > 0)
			(void)kill(crew->pids[i], signal);
}

static void
note_end(struct crew *crew, pid_t pid, int status)
{
	int i;

	for (i = 0; i < crew->count; i++)
		if (crew->pids[i] == pid)
			crew->pids[i] = 0;
	crew->living--;
	switch (WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE) {
	case EX_OK:
		crew->done = true;
		break;
	case EXIT_NO:
		crew->failed = true;
		break;
	case EX_TEMPFAIL:
		break;
	default:
		crew->trouble = true;
	}
}

static void
reap(struct crew *crew)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		note_end(crew, pid, status);
}

int
crew_run(struct worker *model, struct spool *s, const char *name, int count)
{
	struct crew crew = { .count = count };
	struct stop stop;
	int told = 0;

	if ((crew.pids = calloc((size_t)count, sizeof(*crew.pids))) == NULL ||
	    stop_open(&stop) == -1) {
		free(crew.pids);
		return EX_OSERR;
	}
	if (start(&crew, model, s, name) == -1) {
		crew.trouble = true;
		tell_all(&crew, SIGTERM);
	}
	while (crew.living > 0) {
		struct pollfd fd = { .fd = stop.fd, .events = POLLIN };

		reap(&crew);
		if (crew.living == 0)
			break;
		(void)poll(&fd, 1, -1);
		stop_take(&stop);
		for (; told < stop.asked; told++)
			tell_all(&crew, SIGTERM);
	}
	stop_close(&stop);
	free(crew.pids);
	if (crew.trouble)
		return EX_OSERR;
	if (crew.failed)
		return EXIT_NO;
	return crew.done ? EX_OK : EX_TEMPFAIL;
}
