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
#include "spool/drop.h"
#include "spool/entry.h"
#include "spool/health.h"
#include "spool/submit.h"

#define GROUP	   64 /* drops that share their flushes */
#define MISS_AGAIN 60 /* seconds */

static bool
is_drop(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

/* The rename makes it ours; what is not ours to rename is left alone. */
static bool
take(struct import *im, const char *name, struct drop *d)
{
	char path[512], id[ID_SIZE];

	submit_id(&im->last_place, id);
	drop_name(d, id, "json");
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
			drop_admit(im, &drops[i]);
		else
			drop_put_back(im, &drops[i]);
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
	errno = im->trouble != 0 ? im->trouble : im->later;
	return errno == 0 ? im->made : -1;
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
		drop_name(d, d->id, "missed");
		if (file_move(im->s->dir, from, im->s->dir, d->path) == -1)
			im->trouble = errno;
		return;
	}
	if (st.st_ctim.tv_sec > clock_now() / CLOCK_SECOND - MISS_AGAIN)
		return;
	(void)snprintf(path, sizeof(path), "tmp/%s.json", d->id);
	(void)unlinkat(im->s->dir, path, 0);
	drop_admit(im, d);
}

static void
finish_one(struct import *im, const char *name)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct drop d = { 0 };
	struct complaint c;
	char id[ID_SIZE], first[DROP_NAME];

	(void)strlcpy(id, name + 3, sizeof(id));
	drop_name(&d, id, name + 3 + ID_LEN + 1);
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
