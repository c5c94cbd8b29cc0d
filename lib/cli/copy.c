#include "cli/copy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/visible.h"

/* How many bytes at the end are the beginning of a character. */
static size_t
unfinished(const char *buf, size_t len)
{
	size_t n, whole;
	unsigned char byte;

	for (n = 1; n < COPY_KEPT && n <= len; n++) {
		byte = (unsigned char)buf[len - n];
		if (byte < 0x80)
			return 0;
		if (byte < 0xc0)
			continue;
		whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
		return n < whole ? n : 0;
	}
	return 0;
}

static void
put_visible(const char *text, size_t len)
{
	const char *end = text + len;
	char shown[VISIBLE_SIZE];

	while (text < end)
		if (*text == '\n' || *text == '\t') {
			(void)putchar(*text++);
		} else {
			(void)visible_next(&text, end, shown);
			(void)fputs(shown, stdout);
		}
}

/* What is left of so many bytes without the first line. */
static size_t
skip_line(struct copy *c, size_t len)
{
	const char *end = memchr(c->buf, '\n', len);
	size_t gone = end == NULL ? len : (size_t)(end - c->buf) + 1;

	c->skip = end == NULL;
	memmove(c->buf, c->buf + gone, len - gone);
	return len - gone;
}

static void
put(struct copy *c, size_t len, bool last)
{
	if (c->skip)
		len = skip_line(c, len);
	if (!c->visible) {
		(void)fwrite(c->buf, 1, len, stdout);
		return;
	}
	c->kept = last ? 0 : unfinished(c->buf, len);
	put_visible(c->buf, len - c->kept);
	memmove(c->buf, c->buf + len - c->kept, c->kept);
}

int
copy_rest(struct copy *c, bool last)
{
	ssize_t n;

	while (ferror(stdout) == 0) {
		n = gap_read(&c->gap, c->fd, c->buf + c->kept, COPY_CHUNK);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		put(c, c->kept + (size_t)n, false);
	}
	if (last)
		put(c, c->kept, true);
	return fflush(stdout);
}
