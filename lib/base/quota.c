#include "base/quota.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/cgroup.h"
#include "base/file.h"

#define REMOVE_TRIES 20 /* the last process may still be on its way out */

static const struct {
	const char *controller;
	const char *v1, *v1_swap, *v1_events;
	const char *v2, *v2_swap, *v2_events;
	const char *word; /* of the events: a hit */
} kinds[] = {
	[QUOTA_MEMORY] = { "memory", "memory.limit_in_bytes",
	    "memory.memsw.limit_in_bytes", "memory.oom_control", "memory.max",
	    "memory.swap.max", "memory.events", "oom_kill" },
	[QUOTA_PROCESSES] = { "pids", "pids.max", NULL, "pids.events",
	    "pids.max", NULL, "pids.events", "max" },
};

static int
put(const char *path, const char *file, const char *text)
{
	AUTO_STR whole = NULL;
	AUTO_FD fd = -1;

	if (asprintf(&whole, "%s/%s", path, file) == -1 ||
	    (fd = open(whole, O_WRONLY | O_CLOEXEC)) == -1)
		return -1;
	return file_write(fd, text, strlen(text));
}

static int
put_number(const char *path, const char *file, int64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	return put(path, file, text);
}

static int64_t
count(const struct quota *q)
{
	bool v1 = q->join != -1;

	return cgroup_figure(q->path,
	    v1 ? kinds[q->kind].v1_events : kinds[q->kind].v2_events,
	    kinds[q->kind].word);
}

/* Refused (EBUSY) where processes are in the cgroup above, which is usual. */
static void
enable(const char *group, const char *controller)
{
	AUTO_STR above = strdup(group);
	char order[32];
	char *slash;

	if (above == NULL || (slash = strrchr(above, '/')) == NULL)
		return;
	*slash = '\0';
	(void)snprintf(order, sizeof(order), "+%s", controller);
	(void)put(above, "cgroup.subtree_control", order);
}

static int
open_v2(struct quota *q, int64_t limit, const char *group)
{
	if (*group == '\0' ||
	    strlcpy(q->path, group, sizeof(q->path)) >= sizeof(q->path)) {
		errno = ENOENT;
		return -1;
	}
	if (put_number(group, kinds[q->kind].v2, limit) == -1) {
		enable(group, kinds[q->kind].controller);
		if (put_number(group, kinds[q->kind].v2, limit) == -1)
			return -1;
	}
	if (kinds[q->kind].v2_swap != NULL)
		(void)put(group, kinds[q->kind].v2_swap, "0");
	q->level = "cgroup v2";
	return 0;
}

static int
path_v1(enum quota_kind kind, const char *name, char path[QUOTA_PATH])
{
	char own[QUOTA_PATH - 112];

	if (cgroup_own_v1(kinds[kind].controller, own, sizeof(own)) == -1)
		return -1;
	(void)snprintf(path, QUOTA_PATH, "%s/%.110s", own, name);
	return 0;
}

/* One that still holds something is taken as it is. */
static int
make(const char *path)
{
	(void)rmdir(path);
	return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : -1;
}

static int
open_v1(struct quota *q, int64_t limit, const char *name)
{
	const char *swap = kinds[q->kind].v1_swap;
	AUTO_STR procs = NULL;

	if (path_v1(q->kind, name, q->path) == -1 || make(q->path) == -1)
		return -1;
	if (swap != NULL)
		(void)put(q->path, swap, "-1");
	if (put_number(q->path, kinds[q->kind].v1, limit) == -1 ||
	    asprintf(&procs, "%s/cgroup.procs", q->path) == -1 ||
	    (q->join = open(procs, O_WRONLY | O_CLOEXEC)) == -1) {
		(void)rmdir(q->path);
		return -1;
	}
	if (swap != NULL)
		(void)put_number(q->path, swap, limit);
	q->level = "cgroup v1";
	return 0;
}

int
quota_open(struct quota *q, enum quota_kind kind, int64_t limit,
    const char *group, const char *name)
{
	*q = (struct quota){ .kind = kind, .join = -1 };
	if (open_v2(q, limit, group) == -1 && open_v1(q, limit, name) == -1)
		return -1;
	q->before = count(q);
	return 0;
}

int64_t
quota_hits(const struct quota *q)
{
	return q->level == NULL ? 0 : count(q) - q->before;
}

static void
free_v2(enum quota_kind kind, const char *group)
{
	(void)put(group, kinds[kind].v2, "max");
	if (kinds[kind].v2_swap != NULL)
		(void)put(group, kinds[kind].v2_swap, "max");
}

static void
remove_v1(const struct quota *q)
{
	int i;

	(void)close(q->join);
	for (i = 0; i < REMOVE_TRIES; i++) {
		if (rmdir(q->path) == 0 || errno != EBUSY)
			return;
		(void)poll(NULL, 0, 1);
	}
}

void
quota_close(struct quota *q)
{
	int saved = errno;

	if (q->level != NULL && q->join != -1)
		remove_v1(q);
	else if (q->level != NULL)
		free_v2(q->kind, q->path);
	*q = (struct quota)QUOTA_NONE;
	errno = saved;
}

void
quota_sweep(const char *group, const char *name)
{
	char path[QUOTA_PATH];
	enum quota_kind kind;

	for (kind = QUOTA_MEMORY; kind <= QUOTA_PROCESSES; kind++) {
		if (*group != '\0')
			free_v2(kind, group);
		if (path_v1(kind, name, path) == 0)
			(void)rmdir(path);
	}
}
