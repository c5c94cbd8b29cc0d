#include "base/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <inotifytools/inotify.h>
#include <inotifytools/inotifytools.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

struct watched {
	int wd;
	char *path;
};

/*
 * The library is one for the process, and so is this.  Its own table of
 * paths stays empty: it never forgets a folder that was removed, and says so
 * on standard error.
 */
static struct {
	int fd;
	struct watched *v;
	size_t n;
} set = { .fd = -1 };

static bool
is_inotify(int fd)
{
	static const char kind[] = "anon_inode:inotify";
	char path[64], link[sizeof(kind)];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, link, sizeof(link)) == sizeof(kind) - 1 &&
	       memcmp(link, kind, sizeof(kind) - 1) == 0;
}

int
watch_open(void)
{
	int fd;

	if (set.fd != -1)
		return set.fd;
	/* The library tells no descriptor; it gets the lowest that is free. */
	if ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	(void)close(fd);
	if (inotifytools_initialize() == 0) {
		errno = inotifytools_error();
		return -1;
	}
	/* It waits by select(2). */
	if (fd >= FD_SETSIZE || !is_inotify(fd) ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) == -1) {
		inotifytools_cleanup();
		errno = EMFILE;
		return -1;
	}
	return set.fd = fd;
}

static struct watched *
by_wd(int wd)
{
	size_t i;

	for (i = 0; i < set.n; i++)
		if (set.v[i].wd == wd)
			return &set.v[i];
	return NULL;
}

static void
forget(struct watched *w)
{
	free(w->path);
	*w = set.v[--set.n];
}

int
watch_add(const char *path, unsigned int events)
{
	struct watched *more, *known;
	char *copy;
	int wd;

	if ((copy = strdup(path)) == NULL)
		return -1;
	more = reallocarray(set.v, set.n + 1, sizeof(*set.v));
	if (more != NULL)
		set.v = more;
	if (more == NULL ||
	    (wd = inotify_add_watch(set.fd, path, events)) == -1) {
		free(copy);
		return -1;
	}
	if ((known = by_wd(wd)) == NULL)
		known = &set.v[set.n++];
	else
		free(known->path);
	known->wd = wd;
	known->path = copy;
	return 0;
}

/* The path may have been added again, for another folder of that name. */
int
watch_remove(const char *path)
{
	size_t i;

	for (i = set.n; i-- > 0;) {
		if (strcmp(set.v[i].path, path) != 0)
			continue;
		if (inotify_rm_watch(set.fd, set.v[i].wd) == -1 &&
		    errno != EINVAL)
			return -1;
		forget(&set.v[i]);
	}
	return 0;
}

int
watch_take(void (*each)(const char *path, const char *name, unsigned int events,
	       void *arg),
    void *arg)
{
	struct inotify_event *e;
	struct watched *w;
	bool overflow = false;
	int taken = 0;

	while (set.fd != -1 && (e = inotifytools_next_events(0, 1)) != NULL) {
		if ((e->mask & IN_Q_OVERFLOW) != 0)
			overflow = true;
		if ((w = by_wd(e->wd)) == NULL)
			continue;
		if (each != NULL)
			each(w->path, e->len > 0 ? e->name : "", e->mask, arg);
		taken++;
		if ((e->mask & IN_IGNORED) != 0 && (w = by_wd(e->wd)) != NULL)
			forget(w);
	}
	return overflow ? -1 : taken;
}

/* The library would keep what it has read for the next set. */
void
watch_close(void)
{
	size_t i;

	if (set.fd == -1)
		return;
	for (i = 0; i < set.n; i++) {
		(void)inotify_rm_watch(set.fd, set.v[i].wd);
		free(set.v[i].path);
	}
	set.n = 0;
	while (inotifytools_next_events(0, 1) != NULL)
		;
	inotifytools_cleanup();
	free(set.v);
	set.v = NULL;
	set.fd = -1;
}
