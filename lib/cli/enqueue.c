#include "cli/enqueue.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/visible.h"
#include "spool/input.h"

void
enqueue_complain(uint64_t line, const struct complaint *c)
{
	(void)fprintf(stderr, "%s: ", getprogname());
	if (line > 0)
		(void)fprintf(stderr, "line %" PRIu64 ": ", line);
	if (*c->field != '\0') {
		visible_text(stderr, c->field);
		(void)fputs(": ", stderr);
	}
	visible_text(stderr, c->what);
	(void)fputc('\n', stderr);
}

static int
say_refused(const struct complaint *c)
{
	int status = submit_refusal(errno);

	if (*c->what != '\0')
		warn("refused: %s", c->what);
	else
		warn("refused");
	return status;
}

static int
say_unknown(const struct submission *sub)
{
	if (sub->task->unique != NULL)
		warn("outcome unknown: %s; the same command with the same -u "
		     "is safe",
		    sub->id);
	else
		warn("outcome unknown: %s; td-show tells whether it is there",
		    sub->id);
	return EX_UNKNOWN;
}

static void
say_held_key(const struct submission *sub)
{
	char since[CLOCK_TEXT];

	clock_format(sub->since, since);
	(void)fprintf(stderr, "%s: ", getprogname());
	visible_text(stderr, sub->task->unique);
	(void)fprintf(stderr, ": held by %s since %s, %s\n", sub->id, since,
	    state_name(sub->at.state));
}

static int
submit(struct spool *s, const struct enqueue *how, struct submission *sub)
{
	bool input = sub->task->input != NULL &&
		     strcmp(sub->task->input, "-") == 0;
	char id[ID_SIZE];
	struct complaint c = { 0 };
	enum submitted answer;
	int saved;

	memcpy(id, sub->id, ID_SIZE);
	if (input && input_keep(s, id, STDIN_FILENO) == -1)
		return say_refused(&c);
	answer = submit_task(s, sub, &c);
	saved = errno;
	if (input && (answer == SUBMIT_REFUSED || answer == SUBMIT_HELD_KEY))
		input_drop(s, id);
	errno = saved;
	switch (answer) {
	case SUBMIT_REFUSED:
		return say_refused(&c);
	case SUBMIT_UNKNOWN:
		return say_unknown(sub);
	case SUBMIT_HELD_KEY:
		if (!how->quiet)
			say_held_key(sub);
		break;
	case SUBMIT_QUEUED:
		break;
	}
	return 0;
}

int
enqueue_text(struct spool *s, const struct enqueue *how, const char *text,
    size_t len, char id[ID_SIZE])
{
	struct submission sub = { .who = how->who, .held = how->held };
	struct complaint c;
	AUTO_TASK task = task_parse_submission(text, len, &c);
	int64_t last = 0;
	int status;

	if (task == NULL || submit_check_after(s, task, false, &c) == -1) {
		if (errno != EINVAL)
			err(EX_OSERR, "%s", s->path);
		enqueue_complain(0, &c);
		return EX_DATAERR;
	}
	sub.task = task;
	submit_id(&last, sub.id);
#ifdef BUG_PRINT_FIRST
	(void)enqueue_print(sub.id);
#endif
	status = submit(s, how, &sub);
	memcpy(id, sub.id, ID_SIZE);
	return status;
}

int
enqueue_print(const char *id)
{
	(void)signal(SIGPIPE, SIG_IGN);
	if (printf("%s\n", id) > 0 && fflush(stdout) == 0)
		return 0;
	warn("%s is queued, but standard output", id);
	return EX_IOERR;
}
