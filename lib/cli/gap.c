#include "cli/gap.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MARK_END "bytes cut ...]\n"
#define MARK	 "\n[... "

static bool
stands_at(const struct gap *g, int fd, off_t at)
{
	char now[GAP_LAST];

	return pread(fd, now, g->len, at - (off_t)g->len) == (ssize_t)g->len &&
	       memcmp(now, g->last, g->len) == 0;
}

/* A hole moves nothing. */
static bool
is_in_place(const struct gap *g, int fd)
{
	off_t hole;

	if (g->len == 0 || stands_at(g, fd, g->at))
		return true;
	hole = lseek(fd, g->at - (off_t)g->len, SEEK_HOLE);
	return hole != -1 && hole < g->at && lseek(fd, 0, SEEK_END) >= g->at;
}

/* The mark ends with a block: its beginning, -1 if it does not. */
static off_t
mark_before(int fd, off_t at)
{
	char text[GAP_LAST + 1];
	const char *p, *mark = NULL;

	if (pread(fd, text, GAP_LAST, at - GAP_LAST) != GAP_LAST ||
	    memcmp(text + GAP_LAST - strlen(MARK_END), MARK_END,
		strlen(MARK_END)) != 0)
		return -1;
	text[GAP_LAST] = '\0';
	for (p = text; (p = strstr(p, MARK)) != NULL; p++)
		mark = p;
	return mark == NULL ? -1 : at - GAP_LAST + (mark - text);
}

/* Whole blocks were taken out: how many, what was read last tells. */
static off_t
find_again(const struct gap *g, int fd)
{
	off_t at, mark, block, end = lseek(fd, 0, SEEK_END);
	struct statvfs fs;

	if (end == -1 || fstatvfs(fd, &fs) == -1)
		return g->at;
	block = (off_t)fs.f_frsize;
	for (at = g->at - block; at >= (off_t)g->len; at -= block)
		if (at <= end && stands_at(g, fd, at))
			return at;
	for (at = block; at <= end; at += block)
		if ((mark = mark_before(fd, at)) != -1)
			return mark;
	return end < g->at ? end : g->at;
}

static void
remember(struct gap *g, const char *buf, size_t len)
{
	size_t new = len < GAP_LAST ? len : GAP_LAST;
	size_t old = g->len < GAP_LAST - new ? g->len : GAP_LAST - new;

	memmove(g->last, g->last + g->len - old, old);
	memcpy(g->last + old, buf + len - new, new);
	g->len = old + new;
}

ssize_t
gap_read(struct gap *g, int fd, char *buf, size_t size)
{
	off_t data, hole;
	ssize_t n;

	if (!is_in_place(g, fd))
		g->at = find_again(g, fd);
	if ((data = lseek(fd, g->at, SEEK_DATA)) > g->at) {
		g->at = data;
		g->len = 0;
	}
	hole = lseek(fd, g->at, SEEK_HOLE);
	if (hole > g->at && (size_t)(hole - g->at) < size)
		size = (size_t)(hole - g->at);
	if ((n = pread(fd, buf, size, g->at)) > 0) {
		g->at += n;
		remember(g, buf, (size_t)n);
	}
	return n;
}
