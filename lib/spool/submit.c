#include "spool/submit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sysexits.h"
#include "spool/depend.h"
#include "spool/due.h"
#include "spool/entry.h"
#include "spool/find.h"
#include "spool/health.h"
#include "spool/index.h"
#include "spool/journal.h"
#include "spool/settings.h"
#include "spool/unique.h"
#include "spool/wake.h"
#include "task/fields.h"

void
submit_id(int64_t *last_place, char id[ID_SIZE])
{
	int64_t at = clock_now();

	if (at < *last_place + ID_SPACING)
		at = *last_place + ID_SPACING;
	*last_place = at;
	id_make(at, arc4random(), id);
}

int
submit_refusal(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
	case EAGAIN:
	case EBUSY:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
	case EIO:
		return EX_TEMPFAIL;
	default:
		return EX_REFUSED;
	}
}

int
submit_check_after(struct spool *s, const struct task *task, bool refs,
    struct complaint *c)
{
	struct place place;
	size_t i;

	for (i = 0; i < task->after_count; i++) {
		if (task->after[i].id == NULL && refs)
			continue;
		if (task->after[i].id == NULL) {
			errno = EINVAL;
			return complain(c, "after",
			    "the ref %.64s is outside of a batch",
			    task->after[i].ref);
		}
		switch (find_task(s, task->after[i].id, &place)) {
		case 1:
			break;
		case 0:
			errno = EINVAL;
			return complain(c, "after", "no task %s is known",
			    task->after[i].id);
		default:
			return complain(c, "after", "%s cannot be looked for",
			    task->after[i].id);
		}
	}
	return 0;
}

static int
write_text(FILE *out, const struct submission *sub)
{
	struct task_birth birth = {
		.id = sub->id,
		.by = sub->who->by,
		.host = sub->who->host,
		.cwd = sub->who->cwd,
		.env = (const char *const *)sub->who->env,
		.at = clock_now(),
		.uid = sub->who->uid,
		.umask = sub->who->umask,
	};

	return task_write(out, sub->task, &birth);
}

static void
tmp_path(const struct submission *sub, char path[PLACE_SIZE])
{
	(void)snprintf(path, PLACE_SIZE, "tmp/%s.json", sub->id);
}

/* The text, whole, in tmp/: the id is ours from now on.  A descriptor. */
static int
write_tmp(struct spool *s, const struct submission *sub, const char *tmp)
{
	AUTO_STR text = NULL;
	AUTO_FD fd = -1;
	size_t len;
	FILE *out;
	int answer, saved;

	if ((out = open_memstream(&text, &len)) == NULL)
		return -1;
	answer = write_text(out, sub);
	if (fclose(out) == EOF || answer == -1)
		return -1;
	fd = openat(s->dir, tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	if (file_write(fd, text, len) == -1) {
		saved = errno;
		(void)unlinkat(s->dir, tmp, 0);
		errno = saved;
		return -1;
	}
	return fd_take(&fd);
}

static enum state
first_state(struct spool *s, const struct submission *sub)
{
	char why[96];
	bool later = sub->task->not_before > clock_now();

	if (sub->held)
		return STATE_HELD;
	if (depend_look(s, sub->task, why) != DEPEND_MET)
		return STATE_WAITING;
	return later ? STATE_DELAYED : STATE_READY;
}

/* Hints are there before the task is, so that no end can miss it. */
static int
put_hints(struct spool *s, const struct submission *sub, enum state state)
{
	if (depend_hint(s, sub->task, sub->id) == -1)
		return -1;
	if (state == STATE_DELAYED)
		return due_hint(s, sub->id, sub->task->not_before);
	return 0;
}

static int
hint_key(struct spool *s, const struct submission *sub, bool flush)
{
#ifdef BUG_KEY_AFTER_MOVE
	if (flush)
		return 0;
#endif
	if (sub->task->unique == NULL)
		return 0;
	if (unique_hint(s, sub->task->unique, sub->id, flush) == -1)
		return -1;
	if (!flush || index_trusted(s) == 1)
		return 0;
	errno = ESTALE;
	return -1;
}

static int
move_in(struct spool *s, struct submission *sub, const char *tmp)
{
	char path[PLACE_SIZE];
	int fd;

	place_path(&sub->at, path);
	while (file_move(s->dir, tmp, s->dir, path) == -1) {
		if (errno != ENOENT)
			return -1;
		if ((fd = place_folder(s, sub->at.dir, &sub->made)) == -1)
			return -1;
		(void)close(fd);
	}
	return 0;
}

int
submit_write(struct spool *s, const struct submission *sub)
{
	char tmp[PLACE_SIZE];

	tmp_path(sub, tmp);
	return write_tmp(s, sub, tmp);
}

int
submit_reopen(struct spool *s, const struct submission *sub)
{
	char tmp[PLACE_SIZE];

	tmp_path(sub, tmp);
	return openat(s->dir, tmp, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

void
submit_forget(struct spool *s, const struct submission *sub)
{
	char tmp[PLACE_SIZE];
	int saved = errno;

	tmp_path(sub, tmp);
	(void)unlinkat(s->dir, tmp, 0);
	errno = saved;
}

int
submit_move(struct spool *s, struct submission *sub)
{
	enum state state = first_state(s, sub);
	char tmp[PLACE_SIZE];

	tmp_path(sub, tmp);
	place_of(&sub->at, state, sub->id, sub->task, false);
	if (put_hints(s, sub, state) == 0 && hint_key(s, sub, true) == 0 &&
	    move_in(s, sub, tmp) == 0) {
		/* Somebody may have deleted index/ since, and rebuilt it. */
		(void)put_hints(s, sub, state);
		(void)hint_key(s, sub, false);
		return 0;
	}
	if (sub->task->unique != NULL)
		unique_drop_hint(s, sub->task->unique, sub->id);
	submit_forget(s, sub);
	return -1;
}

void
submit_tell(struct spool *s, const struct submission *sub)
{
	journal_write(s, &(struct journal_line){ .event = "submitted",
			     .id = sub->id,
			     .queue = sub->task->queue,
			     .state = state_name(sub->at.state),
			     .waited = -1,
			     .ran = -1 });
	/* A blocker may have ended between the look and the move. */
	if (sub->at.state == STATE_WAITING)
		(void)depend_settle(s, sub->id);
}

int
submit_flush(struct spool *s, const struct submission *sub, int fd)
{
	if (fsync(fd) == 0 &&
	    spool_flush_folder(s, sub->at.dir, sub->made) == 0)
		return 0;
	health_degrade(s, "a flush of a submission failed");
	return -1;
}

static enum submitted
put_and_flush(struct spool *s, struct submission *sub)
{
	AUTO_FD fd = submit_write(s, sub);

	if (fd == -1 || submit_move(s, sub) == -1)
		return SUBMIT_REFUSED;
	if (sub->at.state == STATE_READY)
		wake_workers(s);
	if (submit_flush(s, sub, fd) == -1)
		return SUBMIT_UNKNOWN;
	submit_tell(s, sub);
	return SUBMIT_QUEUED;
}

/* Under the key's lock: is there a holder?  Its id goes into the answer. */
static enum submitted
ask_key(struct spool *s, struct submission *sub)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	char id[ID_SIZE];

	switch (unique_holder(s, sub->task->unique, id)) {
	case 0:
		return SUBMIT_QUEUED;
	case 1:
		break;
	default:
		return SUBMIT_REFUSED;
	}
	memcpy(sub->id, id, ID_SIZE);
	if (entry_find_read(s, id, &e, &c) == 1) {
		sub->since = e.history.submitted;
		sub->at = e.at;
	}
	return SUBMIT_HELD_KEY;
}

/* What is free by an index that goes away meanwhile is asked for again. */
static enum submitted
submit_keyed(struct spool *s, struct submission *sub)
{
	AUTO_FD key = unique_lock(s, sub->task->unique);
	enum submitted how;
	int tries;

	if (key == -1)
		return SUBMIT_REFUSED;
	for (tries = 0; tries < 100; tries++) {
		if ((how = ask_key(s, sub)) != SUBMIT_QUEUED)
			return how;
		how = put_and_flush(s, sub);
		if (how != SUBMIT_REFUSED || errno != ESTALE)
			return how;
	}
	errno = EAGAIN;
	return SUBMIT_REFUSED;
}

int
submit_admit(struct spool *s, struct complaint *c)
{
	memset(c, 0, sizeof(*c));
	if (health_check(s) != 1) {
		errno = EIO;
		return complain(c, "",
		    "its disk does not keep what is flushed");
	}
	if (health_room(s) == 0) {
		errno = ENOSPC;
		return complain(c, "", "less than %d %% of its disk is free",
		    settings_get(s, NULL)->free);
	}
	return 0;
}

enum submitted
submit_task(struct spool *s, struct submission *sub, struct complaint *c)
{
	if (submit_admit(s, c) == -1)
		return SUBMIT_REFUSED;
	if (sub->task->unique != NULL)
		return submit_keyed(s, sub);
	return put_and_flush(s, sub);
}
