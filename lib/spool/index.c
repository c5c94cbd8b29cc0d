#include "spool/index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/names.h"
#include "base/proc.h"
#include "spool/depend.h"
#include "spool/due.h"
#include "spool/entry.h"
#include "spool/find.h"
#include "spool/unique.h"

#define MARKER	  "index/boot"
#define BOOT_SIZE 64
#define PASSES	  100
#define OLD	  "index"

int
index_look(struct spool *s, struct stat *which)
{
	AUTO_FD fd = -1;
	AUTO_STR text = NULL;
	char boot[37];
	size_t len;

	if (proc_boot_id(boot) == -1)
		return -1;
	if ((fd = file_open_regular(s->dir, MARKER, O_RDONLY, which)) == -1)
		return errno == ENOENT ? 0 : -1;
	if (file_read_fd(fd, BOOT_SIZE, &text, &len) == -1)
		return errno == EFBIG ? 0 : -1;
	return strcmp(text, boot) == 0;
}

int
index_trusted(struct spool *s)
{
	struct stat which;

	return index_look(s, &which);
}

bool
index_is_still(struct spool *s, const struct stat *which)
{
	struct stat now;

	return fstatat(s->dir, MARKER, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	       now.st_ino == which->st_ino &&
	       now.st_ctim.tv_sec == which->st_ctim.tv_sec &&
	       now.st_ctim.tv_nsec == which->st_ctim.tv_nsec;
}

struct pass {
	size_t keyed; /* tasks with a key that were seen */
	bool added;   /* a hint was missing */
};

/* Most tasks have no key: they are not worth being understood. */
static int
may_have_key(struct spool *s, const struct place *place)
{
	AUTO_STR text = NULL;
	char path[PLACE_SIZE];
	size_t len;

	place_path(place, path);
	if (file_read(s->dir, path, TASK_FILE_MAX, &text, &len) == -1)
		return errno == ENOENT ? 0 : 1;
	return memmem(text, len, "\"unique\"", 8) != NULL ||
	       memmem(text, len, "\\u", 2) != NULL;
}

static int
hint_key(struct spool *s, const struct entry *e, const char *id,
    struct pass *pass)
{
	int added;

	if (e->task->unique == NULL)
		return 0;
	pass->keyed++;
	if ((added = unique_hint(s, e->task->unique, id, false)) == 1)
		pass->added = true;
	return added == -1 ? -1 : 0;
}

static int
hint_task(struct spool *s, const struct place *place, void *arg)
{
	bool asleep = place->state == STATE_WAITING ||
		      place->state == STATE_DELAYED ||
		      place->state == STATE_HELD;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	char id[ID_SIZE];
	int found;

	if (!asleep && may_have_key(s, place) == 0)
		return 0;
	/* Who is gone, or cannot be understood, is no matter of the index. */
	if ((found = entry_read(s, place, &e, &c)) != 1)
		return found == -1 && errno == ENOMEM ? -1 : 0;
	place_id(place, id);
	if (asleep && depend_hint(s, e.task, id) == -1)
		return -1;
	if (place->state == STATE_DELAYED &&
	    due_hint(s, id, e.history.not_before) == -1)
		return -1;
	return hint_key(s, &e, id, arg);
}

/*
 * A task may move out of a folder not yet seen into one already seen: only
 * when a second pass finds as many and has nothing to add is none left out.
 */
static int
walk_until_agreed(struct spool *s)
{
	struct pass pass, last = { .added = true };
	int n;

	for (n = 0; n < PASSES; n++, last = pass) {
		pass = (struct pass){ 0 };
		if (find_each(s, FIND_ALL, hint_task, &pass) == -1)
			return -1;
		if (n > 0 && !pass.added && pass.keyed == last.keyed)
			return 0;
	}
	errno = EAGAIN;
	return -1;
}

static void
temporary_name(const char *kind, char name[64])
{
	(void)snprintf(name, 64, "tmp/%s.%d.%llx", kind, (int)getpid(),
	    (unsigned long long)clock_steady());
}

/*
 * Into that very folder: should it have been moved away or deleted, the next
 * one in its place goes without.
 */
static int
write_marker(struct spool *s, int dir)
{
	char boot[37], tmp[64];
	int saved;

	temporary_name("boot", tmp);
	if (proc_boot_id(boot) == -1 ||
	    file_create(s->dir, tmp, boot, strlen(boot)) == -1)
		return -1;
	if (renameat(s->dir, tmp, dir, "boot") == 0)
		return 0;
	saved = errno;
	(void)unlinkat(s->dir, tmp, 0);
	errno = saved;
	return errno == ENOENT ? 0 : -1;
}

static void
remove_tree(struct spool *s, const char *path, int depth)
{
	AUTO_NAMES names = { 0 };
	char below[PLACE_SIZE + 256];
	size_t i;

	if (depth > 0 && names_read(s->dir, path, NULL, &names) == 0)
		for (i = 0; i < names.n; i++) {
			(void)snprintf(below, sizeof(below), "%.190s/%.250s",
			    path, names.v[i]);
			if (unlinkat(s->dir, below, 0) == -1)
				remove_tree(s, below, depth - 1);
		}
	(void)unlinkat(s->dir, path, AT_REMOVEDIR);
}

/* What only it tells goes along into the new one. */
static void
keep_some(struct spool *s, const char *old)
{
	static const char *const kept[] = { "failed", "README" };
	char from[128], to[64];
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		(void)snprintf(from, sizeof(from), "%s/%s", old, kept[i]);
		(void)snprintf(to, sizeof(to), "index/%s", kept[i]);
		(void)file_move(s->dir, from, s->dir, to);
	}
}

/*
 * A new folder in the place of the old one, so that whoever is still deleting
 * that does not delete what is built.
 */
static int
begin_anew(struct spool *s, const char *old)
{
	if (mkdirat(s->dir, old, 0700) == -1)
		return -1;
	if (renameat2(s->dir, old, s->dir, "index", RENAME_EXCHANGE) == 0) {
		keep_some(s, old);
		return 0;
	}
	return errno == ENOENT ? file_move(s->dir, old, s->dir, "index") : -1;
}

static bool
is_old(const char *name)
{
	return strncmp(name, OLD ".", sizeof(OLD)) == 0;
}

/* Ours, and what those left who died at it. */
static void
remove_old(struct spool *s)
{
	AUTO_NAMES names = { 0 };
	char path[64];
	size_t i;

	if (names_read(s->dir, "tmp", is_old, &names) == -1)
		return;
	for (i = 0; i < names.n; i++) {
		(void)snprintf(path, sizeof(path), "tmp/%.50s", names.v[i]);
		remove_tree(s, path, 3);
	}
}

static int
build(struct spool *s)
{
	AUTO_FD dir = -1;
	char old[64];

	temporary_name(OLD, old);
	if (begin_anew(s, old) == -1)
		return errno == EEXIST ? 0 : -1;
	if ((dir = file_dir(s->dir, "index")) == -1)
		return errno == ENOENT ? 0 : -1;
	if (walk_until_agreed(s) == -1 || write_marker(s, dir) == -1)
		return -1;
	remove_old(s);
	return 0;
}

int
index_rebuild(struct spool *s)
{
	AUTO_FD lock = openat(s->dir, "ctl/index.lock",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	int trusted, n;

	if (lock == -1 || spool_lock(s, lock, "ctl/index.lock") == -1)
		return -1;
	for (n = 0; n < PASSES; n++) {
		if ((trusted = index_trusted(s)) != 0)
			return trusted == 1 ? 0 : -1;
		if (build(s) == -1)
			return -1;
	}
	errno = EAGAIN;
	return -1;
}
