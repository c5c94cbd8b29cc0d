/*
 * mktasks STATE=COUNT ...: makes so many tasks in $TASKDIR, fast, nothing
 * flushed.  Those in waiting/ wait for the task that was made last before them.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sysexits.h"
#include "spool/index.h"
#include "spool/submit.h"
#include "task/history.h"

struct making {
	struct spool s;
	struct submitter who;
	int64_t last; /* place */
	char blocker[ID_SIZE];
};

static struct task *
make_task(const struct making *m, enum state state)
{
	char text[256], at[CLOCK_TEXT], more[80] = "";
	struct complaint c;
	struct task *task;

	clock_format(clock_now() + 3600 * CLOCK_SECOND, at);
	if (state == STATE_DELAYED)
		(void)snprintf(more, sizeof(more), ",\"not_before\":\"%s\"",
		    at);
	else if (state == STATE_WAITING)
		(void)snprintf(more, sizeof(more), ",\"after\":[\"%s\"]",
		    m->blocker);
	(void)snprintf(text, sizeof(text),
	    "{\"command\":[\"true\"],\"labels\":[\"made\"]%s}", more);
	if ((task = task_parse_submission(text, strlen(text), &c)) == NULL)
		errx(EX_SOFTWARE, "%s: %s", c.field, c.what);
	return task;
}

static void
put_run(FILE *out, enum state state)
{
	bool well = state == STATE_DONE;
	struct run run = { .n = 1,
		.outcome = well ? OUTCOME_DONE : OUTCOME_FAILED,
		.exit = !well,
		.worker = "w1",
		.host = "here",
		.log = "none",
		.pid = 1000,
		.started = clock_now(),
		.ended = clock_now() };

	(void)history_put_run(out, &run, state, 0);
}

static char *
make_text(const struct making *m, const struct task *task, const char *id,
    enum state state)
{
	AUTO_STR text = NULL;
	char *whole;
	struct task_birth birth = { .id = id,
		.by = m->who.by,
		.host = m->who.host,
		.cwd = m->who.cwd,
		.env = (const char *const *)m->who.env,
		.at = clock_now(),
		.uid = m->who.uid,
		.umask = m->who.umask };
	struct task_tail tail;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL || task_write(out, task, &birth) == -1 ||
	    fclose(out) == EOF || task_tail(text, len, &tail) == -1 ||
	    (out = open_memstream(&whole, &len)) == NULL)
		err(EX_OSERR, NULL);
	(void)fprintf(out, "%.*s", (int)tail.keep, text);
	if (state == STATE_DONE || state == STATE_FAILED) {
		(void)fputs(tail.before, out);
		put_run(out, state);
	}
	(void)fputs(TASK_TAIL, out);
	if (fclose(out) == EOF)
		err(EX_OSERR, NULL);
	return whole;
}

static void
make_one(struct making *m, enum state state)
{
	AUTO_TASK task = make_task(m, state);
	AUTO_STR text = NULL;
	struct place at;
	char id[ID_SIZE];
	int dir, made = 0;

	submit_id(&m->last, id);
	place_of(&at, state, id, task, false);
	text = make_text(m, task, id, state);
	if ((dir = place_folder(&m->s, at.dir, &made)) == -1 ||
	    file_create(dir, at.name, text, strlen(text)) == -1)
		err(EX_OSERR, "%s/%s", at.dir, at.name);
	(void)close(dir);
	if (state != STATE_WAITING)
		(void)strlcpy(m->blocker, id, sizeof(m->blocker));
}

int
main(int argc, char **argv)
{
	struct making m = { .blocker = "" };
	const char *count, *fault;
	enum state state;
	long long n;
	int i;

	if (spool_open(getenv("TASKDIR"), &m.s) == -1)
		err(EX_NOINPUT, "TASKDIR");
	if (submitter_read(&m.who, 022) == -1)
		err(EX_OSERR, NULL);
	for (i = 1; i < argc; i++) {
		if ((count = strchr(argv[i], '=')) == NULL)
			errx(EX_USAGE, "%s: STATE=COUNT", argv[i]);
		argv[i][count - argv[i]] = '\0';
		state = state_named(argv[i]);
		if (state == STATE_COUNT || state == STATE_RUNNING)
			errx(EX_USAGE, "%s: it is no such state", argv[i]);
		n = strtonum(count + 1, 0, 10000000, &fault);
		if (fault != NULL)
			errx(EX_USAGE, "%s: it is %s", count + 1, fault);
		for (; n > 0; n--)
			make_one(&m, state);
	}
	if (index_trusted(&m.s) == 0 && index_rebuild(&m.s) == -1)
		err(EX_OSERR, "index");
	spool_close(&m.s);
	submitter_free(&m.who);
	return 0;
}
