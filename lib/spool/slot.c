#include "spool/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/names.h"

static int
take(struct spool *s, const char *name, int flags, struct slot *slot)
{
	char path[PLACE_SIZE];
	AUTO_FD dir = -1;
	AUTO_FD lock = -1;

	(void)snprintf(path, sizeof(path), "running/%.64s", name);
	if ((dir = file_dir(s->dir, path)) == -1 ||
	    (lock = lock_named(dir, "lock", flags)) == -1)
		return -1;
	(void)strlcpy(slot->name, name, sizeof(slot->name));
	slot->dir = fd_take(&dir);
	slot->lock = fd_take(&lock);
	return 0;
}

/* Read only, so that letting go looks to no watcher like a death. */
int
slot_try(struct spool *s, const char *name, struct slot *slot)
{
	return take(s, name, O_RDONLY | O_CREAT, slot);
}

int
slot_take(struct spool *s, const char *name, struct slot *slot)
{
	char path[PLACE_SIZE], pid[16];
	int made = 0, len, fd;

	(void)snprintf(path, sizeof(path), "running/%.64s", name);
	do {
		if ((fd = place_folder(s, path, &made)) == -1)
			return -1;
		(void)close(fd);
		fd = take(s, name, O_RDWR | O_CREAT, slot);
	} while (fd == -1 && errno == ENOENT);
	if (fd == -1)
		return -1;
	len = snprintf(pid, sizeof(pid), "%d\n", getpid());
	if (ftruncate(slot->lock, 0) == 0 &&
	    file_pwrite(slot->lock, pid, (size_t)len, 0) == 0)
		return 0;
	slot_leave(slot);
	return -1;
}

void
slot_leave(struct slot *slot)
{
	int saved = errno;

	(void)close(slot->lock);
	(void)close(slot->dir);
	slot->lock = slot->dir = -1;
	errno = saved;
}

void
slot_name(char name[SLOT_NAME_SIZE], const char *id, int n, const char *kind)
{
	(void)snprintf(name, SLOT_NAME_SIZE, "%.16s.%d.%.10s", id, n, kind);
}

bool
slot_name_split(const char *name, char id[ID_SIZE], int *n, const char **kind)
{
	const char *number;
	char *end;
	long value;

	if (strlen(name) < ID_LEN + 4 || name[ID_LEN] != '.')
		return false;
	memcpy(id, name, ID_LEN);
	id[ID_LEN] = '\0';
	number = name + ID_LEN + 1;
	if (!id_ok(id) || *number < '1' || *number > '9')
		return false;
	value = strtol(number, &end, 10);
	if (*end != '.' || end[1] == '\0' || value > 1000000)
		return false;
	*n = (int)value;
	*kind = end + 1;
	return true;
}

static void
make_key(char key[SLOT_KEY])
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char dice[SLOT_KEY - 1];
	size_t i;

	arc4random_buf(dice, sizeof(dice));
	for (i = 0; i < sizeof(dice); i++)
		key[i] = digits[dice[i] & 31];
	key[i] = '\0';
}

int
attempt_lock_make(const struct slot *slot, const char *id, int n,
    const char *cgroup, struct attempt_lock *lock)
{
	AUTO_FD fd = -1;
	char text[256];
	int len;

	*lock = (struct attempt_lock){ .n = n, .fd = -1 };
	slot_name(lock->name, id, n, "lock");
	make_key(lock->key);
	(void)strlcpy(lock->cgroup, cgroup, sizeof(lock->cgroup));
	fd = openat(slot->dir, lock->name,
	    O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return -1;
	switch (lock_try(fd, false)) {
	case 1:
		break;
	case 0:
		errno = EBUSY;
		return -1;
	default:
		return -1;
	}
	len = snprintf(text, sizeof(text), "%s\n%s\n", lock->key, cgroup);
	if (file_pwrite(fd, text, (size_t)len, 0) == -1)
		return -1;
	lock->fd = fd_take(&fd);
	return 0;
}

int
attempt_lock_read(int slot_dir, const char *name, struct attempt_lock *lock)
{
	AUTO_STR text = NULL;
	AUTO_FD fd = -1;
	char id[ID_SIZE], *line;
	const char *kind;
	size_t len;

	*lock = (struct attempt_lock){ .fd = -1 };
	if (!slot_name_split(name, id, &lock->n, &kind) ||
	    strcmp(kind, "lock") != 0)
		return 0;
	if ((fd = file_open_regular(slot_dir, name, O_RDONLY, NULL)) == -1)
		return errno == ENOENT ? 0 : -1;
	if (file_read_fd(fd, 4096, &text, &len) == -1)
		return -1;
	(void)strlcpy(lock->name, name, sizeof(lock->name));
	line = text;
	(void)strlcpy(lock->key, strsep(&line, "\n"), sizeof(lock->key));
	if (line != NULL)
		(void)strlcpy(lock->cgroup, strsep(&line, "\n"),
		    sizeof(lock->cgroup));
	lock->fd = fd_take(&fd);
	return 1;
}

static int
is_held(const char *name, void *arg)
{
	const struct slot *slot = arg;
	struct attempt_lock lock;
	int got;

	if (strcmp(name, "lock") == 0)
		return 0;
	if ((got = attempt_lock_read(slot->dir, name, &lock)) != 1)
		return got;
	got = lock_try(lock.fd, true);
	(void)close(lock.fd);
	return got == 0 ? 1 : 0;
}

int
slot_is_clear(const struct slot *slot)
{
	struct slot copy = *slot;
	int held = names_each(slot->dir, ".", is_held, &copy);

	return held == -1 ? -1 : held == 0;
}

int
slot_task(int slot_dir, char id[ID_SIZE])
{
	char name[ID_SIZE + 5];
	int found = names_first(slot_dir, ".", place_name_ok, name,
	    sizeof(name));

	if (found == 1) {
		memcpy(id, name, ID_LEN);
		id[ID_LEN] = '\0';
	}
	return found;
}

struct sweeping {
	int dir, n;
	const char *id;
};

static int
sweep_one(const char *name, void *arg)
{
	struct sweeping *w = arg;
	char id[ID_SIZE];
	const char *kind;
	int n;

	if (slot_name_split(name, id, &n, &kind) && strcmp(id, w->id) == 0 &&
	    n == w->n && strcmp(kind, "lock") != 0)
		(void)unlinkat(w->dir, name, 0);
	return 0;
}

void
slot_sweep(int slot_dir, const char *id, int n)
{
	struct sweeping w = { slot_dir, n, id };
	char name[SLOT_NAME_SIZE];

	(void)names_each(slot_dir, ".", sweep_one, &w);
	slot_name(name, id, n, "lock");
	(void)unlinkat(slot_dir, name, 0);
}
