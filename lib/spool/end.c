#include "spool/end.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "spool/depend.h"
#include "spool/due.h"
#include "spool/health.h"
#include "spool/journal.h"
#include "spool/wake.h"
#include "spool/work.h"

static int
append_run(struct entry *e, const struct run *run,
    const struct verdict *verdict)
{
	AUTO_STR text = NULL;
	size_t len;
	FILE *out;
	int answer;

	if ((out = open_memstream(&text, &len)) == NULL)
		return -1;
	answer = history_put_run(out, run, verdict->then, verdict->not_before);
	if (fclose(out) == EOF || answer == -1)
		return -1;
	return entry_append(e, text, len);
}

static bool
is_full(int error)
{
	return error == ENOSPC || error == EDQUOT;
}

/* What finds no room goes without its result, and at last on the ballast. */
static int
record(struct spool *s, struct entry *e, const struct run *run,
    const struct verdict *verdict)
{
	struct run brief = *run;

	if (append_run(e, run, verdict) == 0)
		return 0;
	if (!is_full(errno))
		return -1;
	if (run->result != NULL) {
		brief.result = NULL;
		brief.why = "its result found no room on the disk";
		if (append_run(e, &brief, verdict) == 0)
			return 0;
	}
	if (!is_full(errno) || ballast_free(s) != 1)
		return -1;
	return append_run(e, &brief, verdict);
}

static void
tell_failed(struct spool *s, const char *id)
{
	char path[PLACE_SIZE];
	int made = 0, fd;

	if ((fd = place_folder(s, "index/failed", &made)) != -1)
		(void)close(fd);
	(void)snprintf(path, sizeof(path), "index/failed/%s", id);
	(void)mknodat(s->dir, path, S_IFREG | 0600, 0);
}

static int
move_and_flush(struct spool *s, struct entry *e, enum state then,
    int64_t not_before)
{
	struct place to;
	int moved;

	if (then == STATE_DELAYED &&
	    due_hint(s, e->task->id, not_before) == -1 && !is_full(errno))
		return -1;
	place_of(&to, then, e->task->id, e->task, true);
	moved = entry_move(s, e, &to);
	if (moved == -1 && is_full(errno) && ballast_free(s) == 1)
		moved = entry_move(s, e, &to);
	if (moved == -1)
		return -1;
	/* Moved away by hand: the entry in it stands, wherever it is. */
	if (moved == 0)
		return 0;
	if (then == STATE_FAILED)
		tell_failed(s, e->task->id);
	return entry_flush(s, e);
}

static void
write_journal(struct spool *s, const struct entry *e, const struct run *run,
    const struct verdict *verdict)
{
	int64_t since = e->history.submitted;

	if (e->history.not_before > since)
		since = e->history.not_before;
	journal_write(s,
	    &(struct journal_line){ .event = "ended",
		.id = e->task->id,
		.queue = e->task->queue,
		.worker = run->worker,
		.attempt = run->n,
		.outcome = outcome_name(run->outcome),
		.state = state_name(verdict->then),
		.why = run->why,
		.waited = run->started > since ? run->started - since : 0,
		.ran = run->ended > run->started && run->started > 0
			   ? run->ended - run->started
			   : 0 });
}

static void
let_go(struct spool *s, struct entry *e, enum state then)
{
	char id[ID_SIZE];
	bool away;

	place_id(&e->at, id);
	away = then == STATE_DONE && work_put_away(s, e->task);
	entry_close(e);
	if (state_ended(then))
		(void)depend_free(s, id);
	if (then == STATE_READY)
		wake_workers(s);
	if (away)
		work_clear(s, id);
}

int
end_attempt(struct spool *s, struct entry *e, const struct run *run,
    const struct verdict *verdict)
{
#ifdef BUG_APPEND_AFTER_MOVE
	if (move_and_flush(s, e, verdict->then, verdict->not_before) == 0)
		return record(s, e, run, verdict);
#endif
	if (record(s, e, run, verdict) == -1)
		return -1;
	if (move_and_flush(s, e, verdict->then, verdict->not_before) == -1)
		return -1;
	write_journal(s, e, run, verdict);
	let_go(s, e, verdict->then);
	return 0;
}

int
end_finish_move(struct spool *s, struct entry *e)
{
	enum state then = e->history.then;
	char id[ID_SIZE];

	place_id(&e->at, id);
	if (then == STATE_COUNT)
		then = STATE_HELD;
	if (move_and_flush(s, e, then, e->history.not_before) == -1)
		return -1;
	journal_write(s, &(struct journal_line){ .event = "moved",
			     .id = id,
			     .queue = e->task->queue,
			     .state = state_name(then),
			     .why = "its end was recorded",
			     .waited = -1,
			     .ran = -1 });
	let_go(s, e, then);
	return 0;
}
