#include "spool/index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "spool/depend.h"
#include "spool/due.h"
#include "spool/entry.h"
#include "spool/find.h"
#include "spool/unique.h"

#define MARKER	  "index/boot"
#define BOOT_SIZE 64
#define PASSES	  100

static int
boot_id(char id[BOOT_SIZE])
{
	AUTO_FD fd = open("/proc/sys/kernel/random/boot_id",
	    O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1 || (n = read(fd, id, BOOT_SIZE - 1)) == -1)
		return -1;
	id[n] = '\0';
	return 0;
}

int
index_trusted(struct spool *s)
{
	AUTO_STR text = NULL;
	char boot[BOOT_SIZE];
	size_t len;

	if (boot_id(boot) == -1)
		return -1;
	if (file_read(s->dir, MARKER, BOOT_SIZE, &text, &len) == -1)
		return errno == ENOENT || errno == EFBIG ? 0 : -1;
	return strcmp(text, boot) == 0;
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

static int
write_marker(struct spool *s)
{
	char boot[BOOT_SIZE], tmp[64];
	int fd, made = 0, saved;

	if (boot_id(boot) == -1 || (fd = place_folder(s, "index", &made)) == -1)
		return -1;
	(void)close(fd);
	(void)snprintf(tmp, sizeof(tmp), "tmp/boot.%d.%llx", (int)getpid(),
	    (unsigned long long)clock_steady());
	if (file_create(s->dir, tmp, boot, strlen(boot)) == -1)
		return -1;
	if (renameat(s->dir, tmp, s->dir, MARKER) == 0)
		return 0;
	saved = errno;
	(void)unlinkat(s->dir, tmp, 0);
	errno = saved;
	return -1;
}

int
index_rebuild(struct spool *s)
{
	AUTO_FD lock = openat(s->dir, "ctl/index.lock",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	int trusted;

	if (lock == -1 || spool_lock(s, lock, "ctl/index.lock") == -1)
		return -1;
	/* Whoever had the lock before may have done it. */
	if ((trusted = index_trusted(s)) != 0)
		return trusted == 1 ? 0 : -1;
	if (walk_until_agreed(s) == -1)
		return -1;
	return write_marker(s);
}
