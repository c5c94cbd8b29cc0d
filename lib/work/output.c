#include "work/output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

#define NEAR	   (CLOCK_SECOND / 10)
#define FAR	   CLOCK_SECOND
#define BLOCKS_MIN 4
#define MARK_MAX   64

void
output_open(struct output *o, int log, int64_t most)
{
	struct statvfs fs;

	*o = (struct output){ .log = log,
		.fd = -1,
		.most = most,
		.seen = clock_steady() };
	if (most == 0 || fstatvfs(log, &fs) == -1) {
		o->most = 0;
		return;
	}
	o->block = (int64_t)fs.f_frsize;
	if (o->most < BLOCKS_MIN * o->block)
		o->most = BLOCKS_MIN * o->block;
	o->head = o->most / 2 / o->block * o->block;
}

/* With O_APPEND every write goes to the end, wherever it was meant to go. */
static int
open_again(struct output *o)
{
	char path[64];

	if (o->fd != -1)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", o->log);
	o->fd = open(path, O_RDWR | O_CLOEXEC);
	return o->fd == -1 ? -1 : 0;
}

/* What is missing is what was taken out, and what lies under the mark. */
static int
make_mark(int64_t cut, char mark[MARK_MAX])
{
	int len = 0, before;

	do {
		before = len;
		len = snprintf(mark, MARK_MAX,
		    "\n[... %" PRId64 " bytes cut ...]\n", cut + before);
	} while (len != before);
	return len;
}

/* Whole blocks from the head's end on: their number of bytes, 0 for none. */
static int64_t
middle(const struct output *o, int64_t size)
{
	int64_t end = (size - o->most / 4) / o->block * o->block;

	return end - o->head - o->hole > 0 ? end - o->head - o->hole : 0;
}

static int
take_out(struct output *o, int64_t n)
{
	if (!o->holes &&
	    fallocate(o->fd, FALLOC_FL_COLLAPSE_RANGE, o->head, n) == 0)
		return 0;
	o->holes = true;
	if (fallocate(o->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		o->head + o->hole, n) == -1)
		return -1;
	o->hole += n;
	return 0;
}

/* First the mark: whoever reads between the two must not miss a cut. */
static int
cut(struct output *o, int64_t size)
{
	char mark[MARK_MAX], under[MARK_MAX];
	int64_t n = middle(o, size);
	int len = make_mark(o->cut + n, mark);
	off_t at = (off_t)(o->head - len);

	if (n == 0)
		return 0;
	if (open_again(o) == -1 ||
	    pread(o->fd, under, (size_t)len, at) != len ||
	    file_pwrite(o->fd, mark, (size_t)len, at) == -1)
		return -1;
	if (take_out(o, n) == -1) {
		(void)file_pwrite(o->fd, under, (size_t)len, at);
		return -1;
	}
	o->cut += n;
	return 0;
}

int64_t
output_look(struct output *o, int64_t now)
{
	int64_t grown, left, since = now - o->seen;
	struct stat st;

	if (o->most == 0 || o->failed || fstat(o->log, &st) == -1)
		return 0;
	if (st.st_size - o->hole > o->most) {
		o->failed = cut(o, st.st_size) == -1;
		if (o->failed || fstat(o->log, &st) == -1)
			return 0;
		o->size = 0;
	}
	grown = st.st_size - o->size;
	left = o->most - (st.st_size - o->hole);
	o->size = st.st_size;
	o->seen = now;
	if (grown == 0)
		return 0;
	/* As fast as now, would it be there within ten long looks? */
	if ((double)grown * 10 * CLOCK_SECOND < (double)left * (double)since)
		return now + FAR;
	return now + NEAR;
}

void
output_close(struct output *o)
{
	if (o->fd != -1)
		(void)close(o->fd);
	*o = (struct output)OUTPUT_NONE;
}
