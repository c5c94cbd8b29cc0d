#include "spool/journal_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/names.h"

#define FOLDER	"journal"
#define CURRENT "current.jsonl"
#define CHUNK	65536
#define KEPT	(1 << 20) /* of one line; longer ones were not written by us */

static int
open_named(struct spool *s, const char *name)
{
	char path[PLACE_SIZE];

	(void)snprintf(path, sizeof(path), FOLDER "/%.64s", name);
	return file_open_regular(s->dir, path, O_RDONLY, NULL);
}

/* To where so many lines are left; *lines is what the file lacks of them. */
static int
seek_back(int fd, size_t *lines)
{
	char buf[CHUNK];
	off_t at = lseek(fd, 0, SEEK_END);
	size_t newlines = *lines + 1; /* the last one ends the last line */
	ssize_t n;

	while (at > 0) {
		n = at < CHUNK ? at : CHUNK;
		at -= n;
		if (pread(fd, buf, (size_t)n, at) != n)
			return -1;
		while (n-- > 0) {
			if (buf[n] != '\n' || --newlines > 0)
				continue;
			*lines = 0;
			return lseek(fd, at + n + 1, SEEK_SET) == -1 ? -1 : 0;
		}
	}
	*lines = newlines > 0 ? newlines - 1 : 0;
	return lseek(fd, 0, SEEK_SET) == -1 ? -1 : 0;
}

int
journal_open(struct journal_reader *r, struct spool *s, size_t lines)
{
	AUTO_NAMES old = { 0 };
	size_t i;
	int fd;

	*r = (struct journal_reader){ .s = s, .fd = -1 };
	if (names_read(s->dir, FOLDER, journal_is_old, &old) == -1)
		return -1;
	for (i = old.n + 1; i-- > 0;) {
		fd = open_named(s, i == old.n ? CURRENT : old.v[i]);
		if (fd == -1 && errno == ENOENT)
			continue;
		if (fd == -1)
			return -1;
		if (r->fd != -1)
			(void)close(r->fd);
		r->fd = fd;
		if (seek_back(fd, &lines) == -1)
			return -1;
		if (lines == 0)
			break;
	}
	return 0;
}

/* Reads more of the file: 1, 0 at its end, -1. */
static int
fill(struct journal_reader *r)
{
	char *more;
	ssize_t n;

	if (r->room - r->len < CHUNK) {
		if ((more = realloc(r->buf, r->len + CHUNK)) == NULL)
			return -1;
		r->buf = more;
		r->room = r->len + CHUNK;
	}
	if ((n = read(r->fd, r->buf + r->len, CHUNK)) == -1)
		return -1;
	r->len += (size_t)n;
	return n > 0;
}

/* The whole lines that are there; the rest stays. */
static int
deliver(struct journal_reader *r,
    int (*each)(const char *line, size_t len, void *arg), void *arg)
{
	char *line = r->buf, *end;
	size_t left = r->len;
	int answer = 0;

	while (answer == 0 && (end = memchr(line, '\n', left)) != NULL) {
		*end = '\0';
		answer = each(line, (size_t)(end - line), arg);
		left -= (size_t)(end + 1 - line);
		line = end + 1;
	}
	if (left > KEPT)
		left = 0;
	memmove(r->buf, line, left);
	r->len = left;
	return answer;
}

static int
read_rest(struct journal_reader *r,
    int (*each)(const char *line, size_t len, void *arg), void *arg)
{
	int answer;

	while ((answer = fill(r)) == 1)
		if ((answer = deliver(r, each, arg)) != 0)
			break;
	return answer;
}

static bool
is_ours(const struct journal_reader *r, const char *name)
{
	char path[PLACE_SIZE];
	struct stat st, ours;

	(void)snprintf(path, sizeof(path), FOLDER "/%.64s", name);
	return fstat(r->fd, &ours) == 0 &&
	       fstatat(r->s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_ino == ours.st_ino && st.st_dev == ours.st_dev;
}

/* The file that follows ours: 1 open, 0 there is none yet, -1. */
static int
open_next(struct journal_reader *r)
{
	AUTO_NAMES old = { 0 };
	size_t i;
	int fd;

	if (names_read(r->s->dir, FOLDER, journal_is_old, &old) == -1)
		return -1;
	/* If it is not there any more, all that are there are newer. */
	for (i = old.n; i > 0 && r->fd != -1 && !is_ours(r, old.v[i - 1]);)
		i--;
	if (r->fd == -1)
		i = old.n;
	fd = open_named(r->s, i < old.n ? old.v[i] : CURRENT);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	if (r->fd != -1)
		(void)close(r->fd);
	r->fd = fd;
	r->len = 0;
	return 1;
}

int
journal_next(struct journal_reader *r,
    int (*each)(const char *line, size_t len, void *arg), void *arg)
{
	struct timespec nap = { 0, 10000000 };
	int answer;

	for (;;) {
		if (r->fd != -1 && (answer = read_rest(r, each, arg)) != 0)
			return answer;
		if (r->fd != -1 && is_ours(r, CURRENT))
			return 0;
		/* Who had it open when it was renamed still writes to it. */
		if (r->fd != -1) {
			(void)nanosleep(&nap, NULL);
			if ((answer = read_rest(r, each, arg)) != 0)
				return answer;
		}
		if ((answer = open_next(r)) != 1)
			return answer;
	}
}

void
journal_close(struct journal_reader *r)
{
	if (r->fd != -1)
		(void)close(r->fd);
	free(r->buf);
	*r = (struct journal_reader){ .s = r->s, .fd = -1 };
}
