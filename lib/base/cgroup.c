#include "base/cgroup.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/names.h"

#define TEXT_MAX  (16U << 20)
#define DEPTH_MAX 64

int
cgroup_make(const char *own, const char *name, char *path, size_t size)
{
	int fd, saved;

	if ((size_t)snprintf(path, size, "%s/%s", own, name) >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (mkdir(path, 0755) == -1 && errno != EEXIST)
		return -1;
	if ((fd = file_dir(AT_FDCWD, path)) != -1)
		return fd;
	saved = errno;
	(void)rmdir(path);
	errno = saved;
	return -1;
}

/* Opens it, if it is one: nothing else is to be emptied or removed. */
static int
open_cgroup(const char *path)
{
	struct statfs fs;
	AUTO_FD fd = -1;

	if ((fd = file_dir(AT_FDCWD, path)) == -1 || fstatfs(fd, &fs) == -1)
		return -1;
	if (fs.f_type != CGROUP2_SUPER_MAGIC) {
		errno = EINVAL;
		return -1;
	}
	return fd_take(&fd);
}

static bool
is_gone(void)
{
	return errno == ENOENT || errno == ENODEV;
}

static int
is_populated(int events)
{
	char text[256];
	ssize_t n;

	if ((n = pread(events, text, sizeof(text) - 1, 0)) == -1)
		return is_gone() ? 0 : -1;
	text[n] = '\0';
	return strstr(text, "populated 1") != NULL;
}

/* Every process in a cgroup and in those below it: counted, signalled. */
struct walk {
	int dir, depth, signal;
	int count;
};

static int walk(struct walk *w);

static int
walk_below(const char *name, void *arg)
{
	struct walk *above = arg;
	struct walk w = { .depth = above->depth + 1, .signal = above->signal };
	AUTO_FD dir = -1;

	if ((dir = file_dir(above->dir, name)) == -1)
		return errno == ENOTDIR || is_gone() ? 0 : -1;
	w.dir = dir;
	if (walk(&w) == -1)
		return -1;
	above->count += w.count;
	return 0;
}

static int
walk(struct walk *w)
{
	AUTO_STR text = NULL;
	char *p, *end;
	size_t len;
	long pid;

	if (w->depth > DEPTH_MAX) {
		errno = ELOOP;
		return -1;
	}
	if (file_read_all(w->dir, "cgroup.procs", TEXT_MAX, &text, &len) == -1)
		return is_gone() ? 0 : -1;
	for (p = text; pid = strtol(p, &end, 10), end != p; p = end) {
		if (pid == getpid()) {
			errno = EPERM;
			return -1;
		}
		/* One of another PID namespace has no number here. */
		if (pid > 0 && w->signal != 0)
			(void)kill((pid_t)pid, w->signal);
		w->count++;
	}
	return names_each(w->dir, ".", walk_below, w);
}

static int
order_kill(int dir)
{
	AUTO_FD fd = -1;

	if ((fd = openat(dir, "cgroup.kill", O_WRONLY | O_CLOEXEC)) == -1)
		return -1;
	return file_write(fd, "1", 1);
}

/* Kernels before 5.14 have no cgroup.kill: then one by one, round by round. */
static int
empty(int dir, int events, int64_t limit)
{
	struct pollfd changed = { .fd = events, .events = POLLPRI };
	struct walk w = { .dir = dir, .signal = SIGKILL };
	int64_t end = clock_steady() + limit, left;
	bool by_kernel = order_kill(dir) == 0;
	int populated, round;

	while ((populated = is_populated(events)) == 1) {
		if (!by_kernel && walk(&w) == -1)
			return -1;
		if ((left = (end - clock_steady() + 999) / 1000) <= 0) {
			errno = EBUSY;
			return -1;
		}
		round = by_kernel || left < 20 ? (int)left : 20;
		if (poll(&changed, 1, round) == -1 && errno != EINTR)
			return -1;
	}
	return populated;
}

int
cgroup_kill(const char *path, int64_t limit)
{
	AUTO_FD dir = -1;
	AUTO_FD events = -1;
	struct walk w = { .signal = 0 };

	if ((dir = open_cgroup(path)) == -1)
		return is_gone() ? 0 : -1;
	w.dir = dir;
	if (walk(&w) == -1)
		return -1;
	events = openat(dir, "cgroup.events", O_RDONLY | O_CLOEXEC);
	if (events == -1)
		return is_gone() ? 0 : -1;
	return empty(dir, events, limit) == -1 ? -1 : w.count;
}

int
cgroup_is_empty(const char *path)
{
	AUTO_FD dir = -1;
	AUTO_FD events = -1;
	int populated;

	if ((dir = open_cgroup(path)) == -1)
		return is_gone() ? 1 : -1;
	events = openat(dir, "cgroup.events", O_RDONLY | O_CLOEXEC);
	if (events == -1)
		return is_gone() ? 1 : -1;
	populated = is_populated(events);
	return populated == -1 ? -1 : !populated;
}

static int
remove_below(const char *name, void *arg)
{
	const struct walk *above = arg;
	struct walk w = { .depth = above->depth + 1 };
	AUTO_FD dir = -1;

	if ((dir = file_dir(above->dir, name)) == -1)
		return errno == ENOTDIR || is_gone() ? 0 : -1;
	w.dir = dir;
	if (w.depth <= DEPTH_MAX &&
	    names_each(dir, ".", remove_below, &w) == -1)
		return -1;
	return unlinkat(above->dir, name, AT_REMOVEDIR) == 0 || is_gone() ? 0
									  : -1;
}

int
cgroup_remove(const char *path)
{
	AUTO_FD dir = -1;
	struct walk w = { .depth = 0 };

	if ((dir = open_cgroup(path)) == -1)
		return is_gone() ? 0 : -1;
	if (rmdir(path) == 0 || is_gone())
		return 0;
	w.dir = dir;
	if (errno != EBUSY || names_each(dir, ".", remove_below, &w) == -1)
		return -1;
	return rmdir(path) == 0 || is_gone() ? 0 : -1;
}
