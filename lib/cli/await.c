#include "cli/await.h"

#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/sysexits.h"
#include "base/watch.h"
#include "cli/select.h"
#include "spool/find.h"

#define RESCAN	CLOCK_SECOND
#define CHANGED (IN_MODIFY | IN_CREATE | IN_MOVED_TO)

static int
keep_run(const struct run *run, void *arg)
{
	*(struct run *)arg = *run;
	return 0;
}

int
await_status(const struct entry *e)
{
	struct run run = { .n = 0, .exit = -1, .outcome = OUTCOME_COUNT };

	if (e->at.state == STATE_DONE)
		return 0;
	if (e->at.state == STATE_CANCELLED)
		return EXIT_NEVER_RUN;
	(void)history_runs(e->task, keep_run, &run);
	if (run.outcome == OUTCOME_TIMEOUT || run.outcome == OUTCOME_SILENCE)
		return EXIT_TIMED_OUT;
	if (run.signal > 0)
		return 128 + run.signal;
	if (run.exit > 0)
		return run.exit;
	if (run.outcome == OUTCOME_NOT_RUN)
		return EXIT_NEVER_RUN;
	return EXIT_FAILURE;
}

/* 1 its end is on disk, 0 it went elsewhere meanwhile, -1 trouble. */
static int
read_end(struct spool *s, const struct place *place, const char *id,
    int *status)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;

	switch (entry_open(s, place, &e, &why)) {
	case 0:
		return 0;
	case -1:
		*status = select_unreadable(id, &why);
		return -1;
	default:
		break;
	}
	if (entry_flush(s, &e) == -1) {
		warn("%s: its end is not surely on disk", id);
		*status = EX_UNKNOWN;
		return -1;
	}
	*status = await_status(&e);
	return 1;
}

enum awaited
await_look(struct spool *s, const char *id, int *status)
{
	struct place place;
	int found, read;

	while ((found = find_task(s, id, &place)) == 1) {
		if (!state_ended(place.state))
			return AWAIT_LIVE;
		if ((read = read_end(s, &place, id, status)) != 0)
			return read == 1 ? AWAIT_ENDED : AWAIT_TROUBLE;
	}
	if (found == 0)
		return AWAIT_NOT_FOUND;
	warn("%s", id);
	*status = EX_OSERR;
	return AWAIT_TROUBLE;
}

void
await_begin(struct await *a, const struct spool *s)
{
	AUTO_STR path = NULL;

	*a = (struct await){ .fd = watch_open() };
	/* Whoever ends a task writes a line there. */
	if (asprintf(&path, "%s/journal", s->path) != -1)
		await_file(a, path);
}

void
await_file(const struct await *a, const char *path)
{
	if (a->fd != -1)
		(void)watch_add(path, CHANGED);
}

static void
ignore(const char *path, const char *name, unsigned int events, void *arg)
{
	(void)path;
	(void)name;
	(void)events;
	(void)arg;
}

void
await_change(const struct await *a, int64_t until)
{
	struct pollfd change = { .fd = a->fd, .events = POLLIN };
	int64_t span = RESCAN;

	if (until != 0 && until - clock_steady() < span)
		span = until - clock_steady();
	if (span < 0)
		span = 0;
	/* A little more, so that the time is up when we look again. */
	if (poll(&change, 1, (int)(span / 1000 + 1)) > 0)
		(void)watch_take(ignore, NULL);
}
