#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"

#define DEPTH_MAX 64 /* descriptors that are open at once */

struct walk {
	int top, dir; /* the first folder, the one at hand */
	int depth;
	int64_t bytes;
	int raised;  /* folders that were moved up to the top */
	int serial;  /* of their names */
	int failure; /* the first errno, 0: none */
};

static int
open_folder(int dir, const char *name)
{
	return openat(dir, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Every name there is, also those that begin with a dot. */
static void
each(struct walk *w,
    void (*visit)(struct walk *, const char *name, const struct stat *))
{
	AUTO_DIR stream = NULL;
	struct dirent *e;
	struct stat st;
	int copy;

	if ((copy = open_folder(w->dir, ".")) == -1 ||
	    (stream = fdopendir(copy)) == NULL) {
		if (copy != -1)
			(void)close(copy);
		w->failure = errno;
		return;
	}
	while ((e = readdir(stream)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (fstatat(w->dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			visit(w, e->d_name, &st);
	}
}

static void
walk_below(struct walk *w, const char *name,
    void (*visit)(struct walk *, const char *name, const struct stat *))
{
	struct walk below = *w;
	AUTO_FD fd = -1;

	if ((fd = open_folder(w->dir, name)) == -1) {
		if (errno != ENOENT)
			w->failure = errno;
		return;
	}
	below.dir = fd;
	below.depth++;
	each(&below, visit);
	w->bytes = below.bytes;
	w->raised = below.raised;
	w->serial = below.serial;
	w->failure = below.failure;
}

static void
measure(struct walk *w, const char *name, const struct stat *st)
{
	if (S_ISDIR(st->st_mode)) {
		w->bytes += (int64_t)st->st_blocks * 512;
		if (w->depth < DEPTH_MAX)
			walk_below(w, name, measure);
	} else if (st->st_nlink > 0)
		w->bytes += (int64_t)st->st_blocks * 512 /
			    (int64_t)st->st_nlink;
}

int
folder_size(int dir, const char *name, int64_t *bytes)
{
	struct walk w = { .dir = dir };

	walk_below(&w, name, measure);
	*bytes = w.bytes;
	errno = w.failure;
	return w.failure == 0 ? 0 : -1;
}

/* One that lies too deep is emptied in another round, from the top. */
static void
raise_up(struct walk *w, const char *name)
{
	char new_name[32];

	do {
		(void)snprintf(new_name, sizeof(new_name), ".raised.%d",
		    w->serial++);
		if (file_move(w->dir, name, w->top, new_name) == 0) {
			w->raised++;
			return;
		}
	} while (errno == EEXIST && w->serial < INT32_MAX);
}

/* Its owner may have taken away his own right to empty it. */
static void
make_mine(int dir, const char *name, const struct stat *st)
{
	if (S_ISDIR(st->st_mode) && (st->st_mode & S_IRWXU) != S_IRWXU &&
	    fchmodat(dir, name, S_IRWXU, 0) == -1)
		return;
}

static void
remove_one(struct walk *w, const char *name, const struct stat *st)
{
	int flags = S_ISDIR(st->st_mode) ? AT_REMOVEDIR : 0;

	if (flags != 0 && unlinkat(w->dir, name, flags) == -1) {
		make_mine(w->dir, name, st);
		if (w->depth < DEPTH_MAX)
			walk_below(w, name, remove_one);
		else
			raise_up(w, name);
	}
	if (unlinkat(w->dir, name, flags) == -1 && errno != ENOENT &&
	    w->failure == 0)
		w->failure = errno;
}

int
folder_remove(int dir, const char *name)
{
	struct walk w = { .serial = 0 };
	struct stat st;
	AUTO_FD top = -1;

	if (unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		make_mine(dir, name, &st);
	if ((top = open_folder(dir, name)) == -1)
		return -1;
	do {
		w = (struct walk){ .top = top, .dir = top, .serial = w.serial };
		each(&w, remove_one);
	} while (w.raised > 0);
	if (unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (w.failure != 0)
		errno = w.failure;
	return -1;
}
