#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/names.h"
#include "base/proc.h"

#define TEXT_MAX  (1U << 24)
#define DEPTH_MAX 64 /* deeper ones come nearer as those above them end */

struct children {
	pid_t of;
	pid_t *v;
	size_t n, size;
	bool listed; /* by the kernel, which not every one does */
};

static int
add(struct children *c, pid_t pid)
{
	pid_t *more;

	if (c->n == c->size) {
		c->size = c->size * 2 + 16;
		more = reallocarray(c->v, c->size, sizeof(*c->v));
		if (more == NULL)
			return -1;
		c->v = more;
	}
	c->v[c->n++] = pid;
	return 0;
}

static pid_t
pid_of(const char *name)
{
	char *end;
	long pid = strtol(name, &end, 10);

	return pid > 0 && pid <= INT_MAX && *end == '\0' ? (pid_t)pid : 0;
}

/* Its parent, 0 if it is gone; the letter of its state if that is wanted. */
static pid_t
parent_of(pid_t pid, char *state)
{
	AUTO_STR text = NULL;
	char path[64];
	const char *p;
	size_t len;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (file_read_all(AT_FDCWD, path, TEXT_MAX, &text, &len) == -1 ||
	    (p = strrchr(text, ')')) == NULL || strlen(p) < 5)
		return 0;
	if (state != NULL)
		*state = p[2];
	return (pid_t)strtol(p + 4, NULL, 10);
}

static int
add_listed(const char *thread, void *arg)
{
	struct children *c = arg;
	AUTO_STR text = NULL;
	char path[96], *p, *end;
	size_t len;
	long pid;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/children", c->of,
	    thread);
	if (file_read_all(AT_FDCWD, path, TEXT_MAX, &text, &len) == -1)
		return 0;
	c->listed = true;
	for (p = text; (pid = strtol(p, &end, 10)) > 0; p = end)
		if (add(c, (pid_t)pid) == -1)
			return -1;
	return 0;
}

static int
add_if_child(const char *name, void *arg)
{
	struct children *c = arg;
	pid_t pid = pid_of(name);

	if (pid == 0 || parent_of(pid, NULL) != c->of)
		return 0;
	return add(c, pid);
}

static int
children_read(struct children *c, pid_t of)
{
	char path[64];

	*c = (struct children){ .of = of };
	(void)snprintf(path, sizeof(path), "/proc/%d/task", of);
	if (names_each(AT_FDCWD, path, add_listed, c) == -1)
		return -1;
	if (c->listed || kill(of, 0) == -1)
		return 0;
	return names_each(AT_FDCWD, "/proc", add_if_child, c);
}

static void
children_free(struct children *c)
{
	free(c->v);
}

#define AUTO_CHILDREN __attribute__((cleanup(children_free))) struct children

/* A child that ends gives us its own: look until a look reaps none. */
static bool
reap_others(pid_t but)
{
	size_t i, left, reaped;

	do {
		AUTO_CHILDREN c;

		left = reaped = 0;
		if (children_read(&c, getpid()) == -1)
			return true;
		for (i = 0; i < c.n; i++) {
			if (c.v[i] == but)
				continue;
			if (waitpid(c.v[i], NULL, WNOHANG) == c.v[i])
				reaped++;
			else
				left++;
		}
	} while (reaped > 0);
	return left > 0;
}

bool
proc_reap_all(pid_t but)
{
	pid_t pid;

	if (but != 0)
		return reap_others(but);
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return pid == 0;
}

static bool
exists(int fd)
{
	return pidfd_send_signal(fd, 0, NULL, 0) == 0 || errno == EPERM;
}

static int
send(pid_t pid, int fd, int signal)
{
	struct pollfd ended = { .fd = fd, .events = POLLIN };
	char state = '\0';

	if (poll(&ended, 1, 0) != 0 ||
	    pidfd_send_signal(fd, signal, NULL, 0) == -1)
		return 0;
	(void)parent_of(pid, &state);
	if (signal != SIGKILL && (state == 'T' || state == 't'))
		(void)pidfd_send_signal(fd, SIGCONT, NULL, 0);
	return 1;
}

static int visit(pid_t pid, int fd, int signal, int depth);

/*
 * The number may have passed to another process since it was listed, and so
 * may its parent's: only what the descriptors still hold is believed.
 */
static int
visit_child(pid_t pid, pid_t parent, int parent_fd, int signal, int depth)
{
	AUTO_FD fd = -1;
	pid_t now;

	if ((fd = pidfd_open(pid, 0)) == -1)
		return 0;
	now = parent_of(pid, NULL);
	if (!exists(fd))
		return 0;
	if (now != getpid() && (now != parent || !exists(parent_fd)))
		return 0;
	return visit(pid, fd, signal, depth);
}

static int
visit(pid_t pid, int fd, int signal, int depth)
{
	AUTO_CHILDREN c;
	size_t i;
	int sent = 0;

	/* Once it is dead nobody knows whose its children were. */
	if (children_read(&c, pid) == -1)
		c.n = 0;
	if (depth > 0)
		sent += send(pid, fd, signal);
	if (depth < DEPTH_MAX)
		for (i = 0; i < c.n; i++)
			sent += visit_child(c.v[i], pid, fd, signal, depth + 1);
	return sent;
}

int
proc_signal_descendants(int signal)
{
	return visit(getpid(), -1, signal, 0);
}
