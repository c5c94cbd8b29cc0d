#include "spool/barrier.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/names.h"
#include "spool/entry.h"
#include "spool/find.h"

static void
path_of(const char *id, char path[PLACE_SIZE])
{
	(void)snprintf(path, PLACE_SIZE, "index/passed/%s", id);
}

void
barrier_note(struct spool *s, const char *id)
{
	char path[PLACE_SIZE];
	int fd, made = 0;

	path_of(id, path);
	if (mknodat(s->dir, path, S_IFREG | 0600, 0) == 0 || errno != ENOENT)
		return;
	if ((fd = place_folder(s, "index/passed", &made)) != -1)
		(void)close(fd);
	(void)mknodat(s->dir, path, S_IFREG | 0600, 0);
}

void
barrier_drop(struct spool *s, const char *id)
{
	char path[PLACE_SIZE];

	path_of(id, path);
	(void)unlinkat(s->dir, path, 0);
}

/* 1 and its paths, 0 it is ready no more, -1. */
static int
read_paths(struct spool *s, const char *id, struct reserve_set *set)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	int found;

	if ((found = entry_find_read(s, id, &e, &c)) == -1)
		return errno == EINVAL ? 0 : -1;
	if (found == 0 || e.at.state != STATE_READY)
		return 0;
	return reserve_of_task(set, e.task) == -1 ? 0 : 1;
}

static int
add(struct spool *s, struct barriers *all, const char *id, int64_t since)
{
	struct barrier *more;
	int got;

	more = reallocarray(all->v, all->n + 1, sizeof(*all->v));
	if (more == NULL)
		return -1;
	all->v = more;
	more += all->n;
	*more = (struct barrier){ .since = since };
	(void)strlcpy(more->id, id, sizeof(more->id));
	if ((got = read_paths(s, id, &more->set)) == 1)
		all->n++;
	else if (got == 0)
		barrier_drop(s, id);
	return got == -1 ? -1 : 0;
}

static int
longest_first(const void *a, const void *b)
{
	const struct barrier *x = a, *y = b;

	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	return strcmp(x->id, y->id);
}

int
barriers_read(struct spool *s, int64_t pass_over, struct barriers *all)
{
	AUTO_NAMES names = { 0 };
	char path[PLACE_SIZE];
	struct stat st;
	int64_t since, now = clock_now();
	size_t i;

	*all = (struct barriers){ 0 };
	if (pass_over == 0)
		return 0;
	if (names_read(s->dir, "index/passed", id_ok, &names) == -1)
		return -1;
	for (i = 0; i < names.n; i++) {
		path_of(names.v[i], path);
		if (fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		since = st.st_mtim.tv_sec * CLOCK_SECOND +
			st.st_mtim.tv_nsec / 1000;
		if (now - since >= pass_over &&
		    add(s, all, names.v[i], since) == -1) {
			barriers_free(all);
			return -1;
		}
	}
	if (all->n > 0)
		qsort(all->v, all->n, sizeof(*all->v), longest_first);
	return 0;
}

void
barriers_free(struct barriers *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		reserve_free(&all->v[i].set);
	free(all->v);
	*all = (struct barriers){ 0 };
}

int
barriers_bar(const struct barriers *all, const char *id,
    const struct reserve_set *set)
{
	size_t i;
	int meet;

	for (i = 0; i < all->n; i++) {
		/* Those behind it in this order do not bar it. */
		if (strcmp(all->v[i].id, id) == 0)
			return 0;
		if ((meet = reserve_sets_meet(&all->v[i].set, set)) != 0)
			return meet;
	}
	return 0;
}
