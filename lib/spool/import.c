#include "spool/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/names.h"
#include "spool/entry.h"
#include "spool/health.h"
#include "spool/journal.h"
#include "spool/submit.h"
#include "spool/unique.h"
#include "task/fields.h"

#define GROUP	   64 /* drops that share their flushes */
#define MISS_AGAIN 60 /* seconds */
#define TAKEN_SIZE (ID_SIZE + 16)

struct import {
	struct spool *s;
	int64_t last_place;
	int made;
	int trouble; /* errno of what stopped it */
	bool bad;    /* something was put into bad/ */
};

/* A drop on its way: its first name, and the one it has in tmp/ by its id. */
struct drop {
	const char *first;
	char id[ID_SIZE], name[TAKEN_SIZE], path[TAKEN_SIZE + 4];
};

static void
name_drop(struct drop *d, const char *id, const char *suffix)
{
	(void)strlcpy(d->id, id, sizeof(d->id));
	(void)snprintf(d->name, sizeof(d->name), "in.%.16s.%.8s", id, suffix);
	(void)snprintf(d->path, sizeof(d->path), "tmp/%s", d->name);
}

static bool
is_drop(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && strcmp(name + len - 5, ".json") == 0;
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

static void
put_back(struct import *im, const struct drop *d)
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
		im->trouble = errno;
		put_back(im, d);
		return;
	case SUBMIT_UNKNOWN:
		im->trouble = errno;
		return;
	}
	if (unlinkat(im->s->dir, d->path, 0) == -1)
		im->trouble = errno;
}

static void
admit(struct import *im, const struct drop *d)
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
		put_back(im, d);
	}
	if (answer != 0)
		return;
	take_in(im, d, task, &who);
	submitter_free(&who);
}

/* The rename makes it ours; what is not ours to rename is left alone. */
static bool
take(struct import *im, const char *name, struct drop *d)
{
	char path[512], id[ID_SIZE];

	submit_id(&im->last_place, id);
	name_drop(d, id, "json");
	d->first = name;
	(void)snprintf(path, sizeof(path), "new/%s", name);
	if (file_move(im->s->dir, path, im->s->dir, d->path) == 0)
		return true;
	if (errno != ENOENT && errno != EACCES && errno != EPERM)
		im->trouble = errno;
	return false;
}

/* From here on a drop is known by its id, also after a power cut. */
static int
flush_taken(struct import *im)
{
	if (spool_flush_folder(im->s, "tmp", 0) == 0 &&
	    spool_flush_folder(im->s, "new", 0) == 0)
		return 0;
	im->trouble = errno;
	health_degrade(im->s, "a flush of drops failed");
	return -1;
}

static void
import_group(struct import *im, char **names, size_t n)
{
	struct drop drops[GROUP];
	size_t i, taken = 0;

	for (i = 0; i < n && im->trouble == 0; i++)
		taken += take(im, names[i], &drops[taken]);
	if (taken == 0 || flush_taken(im) == -1)
		return;
	for (i = 0; i < taken; i++)
		if (im->trouble == 0)
			admit(im, &drops[i]);
		else
			put_back(im, &drops[i]);
	if (im->bad && spool_flush_folder(im->s, "bad", 0) == -1)
		im->trouble = errno;
	if (spool_flush_folder(im->s, "tmp", 0) == -1)
		im->trouble = errno;
	im->bad = false;
}

/* An importer holds it from the rename to the unlink. */
static int
import_lock(struct spool *s)
{
	AUTO_FD fd = openat(s->dir, "ctl/import.lock",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	int got;

	if (fd == -1 || (got = lock_try(fd, false)) == -1)
		return -1;
	if (got == 1)
		return fd_take(&fd);
	errno = EWOULDBLOCK;
	return -1;
}

static int
import_answer(const struct import *im)
{
	errno = im->trouble;
	return im->trouble == 0 ? im->made : -1;
}

int
import_drops(struct spool *s)
{
	struct import im = { .s = s };
	AUTO_NAMES names = { 0 };
	AUTO_FD lock = -1;
	struct complaint c;
	size_t i;

	if (names_read(s->dir, "new", is_drop, &names) == -1)
		return -1;
	if (names.n == 0)
		return 0;
	if ((lock = import_lock(s)) == -1)
		return errno == EWOULDBLOCK ? 0 : -1;
	if (submit_admit(s, &c) == -1)
		return -1;
	for (i = 0; i < names.n && im.trouble == 0; i += GROUP)
		import_group(&im, names.v + i,
		    names.n - i < GROUP ? names.n - i : GROUP);
	return import_answer(&im);
}

static bool
is_rest(const char *name)
{
	char id[ID_SIZE];

	if (strncmp(name, "in.", 3) != 0 || strlen(name) < 3 + ID_LEN + 1)
		return false;
	(void)strlcpy(id, name + 3, sizeof(id));
	return id_ok(id) && (strcmp(name + 3 + ID_LEN, ".json") == 0 ||
				strcmp(name + 3 + ID_LEN, ".missed") == 0);
}

/*
 * Its task may just be on the move: only when it is missed again a minute
 * later was it never submitted.  The name says that it was missed, the
 * rename's time when.
 */
static void
judge_miss(struct import *im, struct drop *d)
{
	char path[PLACE_SIZE], from[sizeof(d->path)];
	struct stat st;

	if (fstatat(im->s->dir, d->path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return;
	if (strcmp(d->name + 3 + ID_LEN, ".missed") != 0) {
		(void)strlcpy(from, d->path, sizeof(from));
		name_drop(d, d->id, "missed");
		if (file_move(im->s->dir, from, im->s->dir, d->path) == -1)
			im->trouble = errno;
		return;
	}
	if (st.st_ctim.tv_sec > clock_now() / CLOCK_SECOND - MISS_AGAIN)
		return;
	(void)snprintf(path, sizeof(path), "tmp/%s.json", d->id);
	(void)unlinkat(im->s->dir, path, 0);
	admit(im, d);
}

static void
finish_one(struct import *im, const char *name)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct drop d = { 0 };
	struct complaint c;
	char id[ID_SIZE], first[TAKEN_SIZE];

	(void)strlcpy(id, name + 3, sizeof(id));
	name_drop(&d, id, name + 3 + ID_LEN + 1);
	(void)snprintf(first, sizeof(first), "in.%s.json", id);
	d.first = first;
#ifdef BUG_IMPORT_NO_LOOK
	judge_miss(im, &d);
	return;
#endif
	switch (entry_find(im->s, id, &e, &c)) {
	case 0:
		judge_miss(im, &d);
		return;
	case 1:
		if (entry_flush(im->s, &e) == 0 &&
		    unlinkat(im->s->dir, d.path, 0) == 0)
			return;
		break;
	default:
		break;
	}
	if (errno != EINVAL)
		im->trouble = errno;
}

int
import_rest(struct spool *s)
{
	struct import im = { .s = s };
	AUTO_NAMES names = { 0 };
	AUTO_FD lock = -1;
	size_t i;

	if (names_read(s->dir, "tmp", is_rest, &names) == -1)
		return -1;
	if (names.n == 0)
		return 0;
	if ((lock = import_lock(s)) == -1)
		return errno == EWOULDBLOCK ? 0 : -1;
	for (i = 0; i < names.n && im.trouble == 0; i++)
		finish_one(&im, names.v[i]);
	return import_answer(&im);
}
