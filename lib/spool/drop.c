#include "spool/drop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "spool/entry.h"
#include "spool/journal.h"
#include "spool/submit.h"
#include "spool/unique.h"
#include "task/fields.h"

void
drop_name(struct drop *d, const char *id, const char *suffix)
{
	(void)strlcpy(d->id, id, sizeof(d->id));
	(void)snprintf(d->name, sizeof(d->name), "in.%.16s.%.8s", id, suffix);
	(void)snprintf(d->path, sizeof(d->path), "tmp/%s", d->name);
}

/* 0 read, 1 it is bad, -1 trouble. */
static int
read_drop(struct spool *s, const struct drop *d, char **text, size_t *len,
    uid_t *owner, struct complaint *c)
{
	AUTO_FD fd = -1;
	struct stat st;

	fd = file_open_regular(s->dir, d->path, O_RDONLY, &st);
	if (fd == -1) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		    errno == EIO || errno == ENOENT)
			return -1;
		(void)complain(c, "", "it is no plain file that can be read");
		return 1;
	}
	*owner = st.st_uid;
	if (st.st_uid != s->owner && st.st_uid != 0) {
		(void)complain(c, "", "it belongs to another account, %u",
		    (unsigned int)st.st_uid);
		return 1;
	}
	if (file_read_fd(fd, TASK_TEXT_MAX, text, len) == 0)
		return 0;
	if (errno != EFBIG)
		return -1;
	(void)complain(c, "", "it is larger than 1 MiB");
	return 1;
}

/* NULL: it is bad if errno is EINVAL. */
static struct task *
understand(struct spool *s, const char *text, size_t len, struct complaint *c)
{
	AUTO_TASK task = task_parse_submission(text, len, c);
	struct task *taken;

	if (task == NULL || submit_check_after(s, task, false, c) == -1)
		return NULL;
	if (task->input != NULL && strcmp(task->input, "-") == 0) {
		errno = EINVAL;
		(void)complain(c, "stdin", "a drop has none of its own");
		return NULL;
	}
	taken = task;
	task = NULL;
	return taken;
}

static void
put_away(struct import *im, const struct drop *d, const struct complaint *c)
{
	char why[sizeof(c->field) + sizeof(c->what) + 2];

	(void)snprintf(why, sizeof(why), "%s%s%s", c->field,
	    *c->field == '\0' ? "" : ": ", c->what);
	if (bad_put_as(im->s, "tmp", d->name, d->first, why) == -1)
		im->trouble = errno;
	im->bad = true;
}

void
drop_put_back(struct import *im, const struct drop *d)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "new/%s", d->first);
	(void)file_move(im->s->dir, d->path, im->s->dir, path);
}

static void
take_in(struct import *im, const struct drop *d, const struct task *task,
    const struct submitter *who)
{
	struct submission sub = { .task = task, .who = who };
	struct complaint c;

	(void)strlcpy(sub.id, d->id, sizeof(sub.id));
	/* An import that died before the move left a hint at no task. */
	if (task->unique != NULL)
		unique_drop_hint(im->s, task->unique, d->id);
	switch (submit_task(im->s, &sub, &c)) {
	case SUBMIT_QUEUED:
		im->made++;
		break;
	case SUBMIT_HELD_KEY:
		journal_write(im->s, &(struct journal_line){ .event = "dropped",
					 .id = sub.id,
					 .queue = task->queue,
					 .state = state_name(sub.at.state),
					 .why = "a drop with its key came in",
					 .waited = -1,
					 .ran = -1 });
		break;
	case SUBMIT_REFUSED:
		/* A key of which nobody knows for a minute whether it is free.
		 */
		if (errno == EAGAIN)
			im->later = errno;
		else
			im->trouble = errno;
		drop_put_back(im, d);
		return;
	case SUBMIT_UNKNOWN:
		im->trouble = errno;
		return;
	}
	if (unlinkat(im->s->dir, d->path, 0) == -1)
		im->trouble = errno;
}

void
drop_admit(struct import *im, const struct drop *d)
{
	AUTO_STR text = NULL;
	AUTO_TASK task = NULL;
	struct submitter who;
	struct complaint c = { 0 };
	uid_t owner;
	size_t len;
	int answer;

	answer = read_drop(im->s, d, &text, &len, &owner, &c);
	if (answer == 0 && (task = understand(im->s, text, len, &c)) == NULL)
		answer = errno == EINVAL ? 1 : -1;
	if (answer == 0)
		answer = submitter_absent(&who, owner);
	if (answer == 1)
		put_away(im, d, &c);
	if (answer == -1) {
		im->trouble = errno;
		drop_put_back(im, d);
	}
	if (answer != 0)
		return;
	take_in(im, d, task, &who);
	submitter_free(&who);
}
