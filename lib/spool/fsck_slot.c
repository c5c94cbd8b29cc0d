/* Slots: who holds what in running/, and is he alive? */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/names.h"
#include "spool/find.h"
#include "spool/fsck_look.h"
#include "spool/slot.h"

#define TO_BEGIN 5 /* seconds from a claim to the attempt's lock */

enum worker_is {
	WORKER_DEAD,
	WORKER_ALIVE,
	WORKER_RECOVERED /* another has the slot, to bring its task back */
};

struct slot_look {
	struct fsck *f;
	const char *worker;
	int dir;
	struct names names;
	enum worker_is is;
	const char *held; /* an attempt's lock that is held, or NULL */
};

int
fsck_is_locked(int fd)
{
	int got;

	if (lock_holder(fd) != 0)
		return 1;
	got = lock_try(fd, true);
	return got == -1 ? -1 : got == 0;
}

/* The first line of the lock says who lives here. */
static int
ask_worker(struct slot_look *l)
{
	AUTO_FD fd = openat(l->dir, "lock", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char pid[24] = "";
	int locked, holder;

	l->is = WORKER_DEAD;
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	if ((locked = fsck_is_locked(fd)) != 1)
		return locked;
	holder = lock_holder(fd);
	if (read(fd, pid, sizeof(pid) - 1) == -1)
		return -1;
	l->is = holder != 0 && strtol(pid, NULL, 10) == holder
		    ? WORKER_ALIVE
		    : WORKER_RECOVERED;
	return 0;
}

static bool
is_attempt(const char *name, char id[ID_SIZE], int *n)
{
	const char *kind;

	return slot_name_split(name, id, n, &kind) && strcmp(kind, "lock") == 0;
}

/*
 * What is written in it is written under the lock: while it is empty it is
 * about to be locked, and not to be tried.
 */
static int
attempt_is_held(const struct slot_look *l, const char *name)
{
	AUTO_FD fd = openat(l->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	if (fstat(fd, &st) == -1)
		return -1;
	return st.st_size == 0 ? 0 : fsck_is_locked(fd);
}

static bool
is_there(const struct slot_look *l, const char *name, struct stat *st)
{
	return place_name_ok(name) &&
	       fstatat(l->dir, name, st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int
find_in_slot(const struct slot_look *l, enum fsck_kind kind, const char *name,
    const char *words)
{
	char id[ID_SIZE];

	(void)strlcpy(id, name, sizeof(id));
	return fsck_find(l->f, kind, id, "%s: worker %s", words, l->worker);
}

static int
check_tasks(const struct slot_look *l)
{
	const char *first = NULL;
	struct stat st;
	size_t i;
	int answer = 0;

	for (i = 0; i < l->names.n && answer == 0; i++) {
		const char *name = l->names.v[i];

		if (!is_there(l, name, &st))
			continue;
		if (first != NULL && is_there(l, first, &st))
			answer = fsck_find(l->f, FSCK_TWO_IN_SLOT, l->worker,
			    "%.16s and %.16s are in its slot", first, name);
		else if (l->is == WORKER_DEAD)
			answer = find_in_slot(l, FSCK_DEAD_WORKER, name,
			    "nobody has brought it back from a dead one");
		else if (l->is == WORKER_ALIVE && l->held == NULL &&
			 st.st_ctim.tv_sec <
			     l->f->now / CLOCK_SECOND - TO_BEGIN)
			answer = find_in_slot(l, FSCK_NOT_HELD, name,
			    "it was claimed, but no attempt of it runs");
		first = name;
	}
	return answer;
}

/* The attempt's task is not in the slot; its end may just be told around. */
static int
check_elsewhere(const struct slot_look *l, const char *id, int n)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	int found = entry_find_read(l->f->s, id, &e, &c);

	if (found == -1)
		return errno == EINVAL ? 0 : -1;
	if (found == 0)
		return fsck_find(l->f, FSCK_RUNS_ELSEWHERE, id,
		    "attempt %d runs with worker %s, but it is nowhere", n,
		    l->worker);
	if (e.at.state != STATE_RUNNING && e.history.last >= n)
		return 0;
	if (strcmp(strchr(e.at.dir, '/') + 1, l->worker) == 0)
		return 0;
	return fsck_find(l->f, FSCK_RUNS_ELSEWHERE, id,
	    "attempt %d runs with worker %s, but it is in %s", n, l->worker,
	    e.at.dir);
}

static int
check_attempt(const struct slot_look *l, const char *id, int n)
{
	char task[ID_SIZE];
	int got;

	if ((got = slot_task(l->dir, task)) == -1)
		return -1;
	if (got == 1 && strcmp(task, id) == 0)
		return 0;
	if (got == 1 && l->is != WORKER_RECOVERED)
		return fsck_find(l->f, FSCK_OLD_ATTEMPT, task,
		    "attempt %d of %s still lives in its slot: worker %s", n,
		    id, l->worker);
	if (l->is == WORKER_DEAD)
		return fsck_find(l->f, FSCK_DEAD_WORKER, id,
		    "attempt %d lives, though worker %s is dead", n, l->worker);
	return l->is == WORKER_ALIVE ? check_elsewhere(l, id, n) : 0;
}

static int
check_attempts(struct slot_look *l)
{
	char id[ID_SIZE], other[ID_SIZE];
	size_t i;
	int n, m, held;

	for (i = 0; i < l->names.n; i++) {
		const char *name = l->names.v[i];

		if (!is_attempt(name, id, &n))
			continue;
		if ((held = attempt_is_held(l, name)) == -1)
			return -1;
		if (held == 0)
			continue;
		if (check_attempt(l, id, n) == -1)
			return -1;
		if (l->held != NULL && is_attempt(l->held, other, &m) &&
		    strcmp(id, other) == 0 &&
		    fsck_find(l->f, FSCK_OLD_ATTEMPT, id,
			"its attempts %d and %d both live: worker %s", m, n,
			l->worker) == -1)
			return -1;
		l->held = name;
	}
	return 0;
}

static bool
matters(const char *name)
{
	char id[ID_SIZE];
	int n;

	return place_name_ok(name) || is_attempt(name, id, &n);
}

int
fsck_slot(struct fsck *f, const char *worker)
{
	struct slot_look l = { .f = f, .worker = worker };
	char path[PLACE_SIZE];
	AUTO_FD dir = -1;
	int answer = 0;

	(void)snprintf(path, sizeof(path), "running/%.64s", worker);
	if ((dir = file_dir(f->s->dir, path)) == -1)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	l.dir = dir;
	if (names_read(dir, ".", matters, &l.names) == -1)
		return -1;
	if (l.names.n > 0 &&
	    (ask_worker(&l) == -1 || check_attempts(&l) == -1 ||
		check_tasks(&l) == -1))
		answer = -1;
	names_free(&l.names);
	return answer;
}

struct seeking {
	struct fsck *f;
	const char *id;
};

static int
is_its_lock(const char *name, void *arg)
{
	const struct seeking *k = arg;
	char id[ID_SIZE];
	int n;

	return is_attempt(name, id, &n) && strcmp(id, k->id) == 0;
}

static int
has_its_lock(const char *worker, void *arg)
{
	const struct seeking *k = arg;
	char path[PLACE_SIZE];
	int got;

	if (!name_ok(worker))
		return 0;
	(void)snprintf(path, sizeof(path), "running/%.64s", worker);
	got = names_each(k->f->s->dir, path, is_its_lock, arg);
	return got == -1 && errno == ENOTDIR ? 0 : got;
}

int
fsck_has_attempt(struct fsck *f, const char *id)
{
	struct seeking k = { f, id };

	return names_each(f->s->dir, "running", has_its_lock, &k);
}
