#include "work/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"

/* What nohup(1) has ignored would come by the descriptor all the same. */
static bool
is_ignored(int signal)
{
	struct sigaction act;

	return sigaction(signal, NULL, &act) == 0 && act.sa_handler == SIG_IGN;
}

static void
signals(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGTERM);
	(void)sigaddset(set, SIGINT);
	if (!is_ignored(SIGHUP))
		(void)sigaddset(set, SIGHUP);
	(void)sigaddset(set, SIGCHLD);
}

int
stop_open(struct stop *stop)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t set;

	*stop = (struct stop){ .fd = -1 };
	signals(&set);
	/* Whoever started us may ignore it: no child's end would be told. */
	if (sigaction(SIGCHLD, &dfl, NULL) == -1)
		return -1;
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return -1;
	stop->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return stop->fd == -1 ? -1 : 0;
}

static void
note(struct stop *stop, pid_t sender)
{
	int64_t now = clock_steady();
	int i;

	if (stop->asked == 0)
		stop->since = now;
	if (now - stop->since > CLOCK_SECOND)
		stop->asked = 2;
	for (i = 0; i < stop->senders; i++)
		if (stop->sender[i] == sender) {
			stop->asked = 2;
			return;
		}
	if (stop->senders < STOP_SENDERS)
		stop->sender[stop->senders++] = sender;
	if (stop->asked == 0)
		stop->asked = 1;
}

void
stop_take(struct stop *stop)
{
	struct signalfd_siginfo info;

	while (read(stop->fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			note(stop, (pid_t)info.ssi_pid);
}

void
stop_close(struct stop *stop)
{
	if (stop->fd != -1)
		(void)close(stop->fd);
	stop->fd = -1;
}
