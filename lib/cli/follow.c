#include "cli/follow.h"

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sysexits.h"
#include "cli/await.h"
#include "cli/log.h"
#include "cli/select.h"

static char farewell[128];

static void
leave(int signo)
{
	(void)!write(STDERR_FILENO, farewell, strlen(farewell));
	_exit(128 + signo);
}

static void
leave_by_signal(const char *id)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction act = { .sa_handler = leave }, was;
	size_t i;

	(void)snprintf(farewell, sizeof(farewell), "\n%s: %s goes on\n",
	    getprogname(), id);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		/* A shell's background jobs ignore INT: here it ends little. */
		if (sigaction(signals[i], NULL, &was) == 0 &&
		    (signals[i] == SIGINT || was.sa_handler != SIG_IGN))
			(void)sigaction(signals[i], &act, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

int
follow_task(struct spool *s, const char *id)
{
	struct log log = { .all = true, .follow = true, .bare = true };
	int status;

	(void)fprintf(stderr, "%s\n", id);
	leave_by_signal(id);
	if ((status = log_print(s, id, &log)) != 0) {
		if (status == EX_IOERR)
			warnx("%s goes on, but standard output ends", id);
		return status;
	}
	switch (await_look(s, id, &status)) {
	case AWAIT_ENDED:
	case AWAIT_TROUBLE:
		return status;
	case AWAIT_LIVE:
		warnx("%s was taken up again", id);
		return EX_TEMPFAIL;
	case AWAIT_NOT_FOUND:
		break;
	}
	return select_missing(id);
}
