#include "spool/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/lock.h"
#include "base/names.h"

/* A lock that we tried, be it for an instant, would stop one who comes. */
int
worker_lives(struct spool *s, const char *name)
{
	char path[PLACE_SIZE];
	AUTO_FD fd = -1;
	int got;

	(void)snprintf(path, sizeof(path), "running/%.64s/lock", name);
	fd = openat(s->dir, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	if (lock_holder(fd) != 0)
		return 1;
	got = lock_try(fd, true);
	return got == -1 ? -1 : got == 0;
}

static int
is_task(const char *name, void *arg)
{
	(void)arg;
	return place_name_ok(name);
}

struct counting {
	struct spool *s;
	struct workers *w;
};

static int
count_one(const char *name, void *arg)
{
	struct counting *c = arg;
	char path[PLACE_SIZE];
	int task, lives;

	if (!name_ok(name))
		return 0;
	(void)snprintf(path, sizeof(path), "running/%.64s", name);
	if ((task = names_each(c->s->dir, path, is_task, NULL)) == -1)
		return errno == ENOTDIR ? 0 : -1;
	if ((lives = worker_lives(c->s, name)) == -1)
		return -1;
	c->w->alive += lives;
	c->w->busy += lives == 1 && task == 1;
	c->w->dead += lives == 0 && task == 1;
	return 0;
}

int
workers_count(struct spool *s, struct workers *w)
{
	struct counting c = { s, w };

	*w = (struct workers){ 0 };
	return names_each(s->dir, "running", count_one, &c);
}
