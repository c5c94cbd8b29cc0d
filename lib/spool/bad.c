#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "spool/entry.h"
#include "spool/journal.h"

static int
write_why(struct spool *s, const char *path, const char *from, const char *why)
{
	AUTO_STR text = NULL;
	char at[CLOCK_TEXT];
	int len;

	clock_format(clock_now(), at);
	len = asprintf(&text, "%s from %s: %s\n", at, from, why);
	if (len == -1)
		return -1;
	return file_create(s->dir, path, text, (size_t)len);
}

bool
bad_is_unreadable(int error)
{
	return error == EINVAL || error == EACCES || error == EPERM ||
	       error == ELOOP || error == EISDIR || error == ENXIO ||
	       error == EMEDIUMTYPE;
}

int
bad_put(struct spool *s, const char *dir, const char *name, const char *why)
{
	return bad_put_as(s, dir, name, name, why);
}

static bool
is_there(struct spool *s, const char *path)
{
	return faccessat(s->dir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The words first, so that nothing lies there without them.  1, 0 gone, -1. */
static int
put_at(struct spool *s, const char *from, const char *to, const char *why)
{
	char note[520];
	int noted, error;

	(void)snprintf(note, sizeof(note), "%s.why", to);
	noted = write_why(s, note, from, why);
	error = noted == -1 && errno != EEXIST ? errno : 0;
	if (file_move(s->dir, from, s->dir, to) == 0) {
		/* Without words, for want of room, is better than not. */
		errno = error;
		return error == 0 ? 1 : -1;
	}
	error = errno;
	/* Whoever was faster may have met our words, and not written his. */
	if (noted == 0 && !is_there(s, to))
		(void)unlinkat(s->dir, note, 0);
	errno = error;
	return error == ENOENT ? 0 : -1;
}

int
bad_put_as(struct spool *s, const char *dir, const char *name, const char *as,
    const char *why)
{
	char from[PLACE_SIZE + 256], to[512];
	int n, put = -1;

	(void)snprintf(from, sizeof(from), "%s/%s", dir, name);
	for (n = 0; n < 10000; n++) {
		if (n == 0)
			(void)snprintf(to, sizeof(to), "bad/%.200s", as);
		else
			(void)snprintf(to, sizeof(to), "bad/%.200s.%d", as, n);
		if (is_there(s, to))
			continue;
		if ((put = put_at(s, from, to, why)) != -1 || errno != EEXIST)
			break;
	}
	if (put != 1)
		return put;
	journal_write(s, &(struct journal_line){ .event = "bad",
			     .state = to,
			     .why = why,
			     .waited = -1,
			     .ran = -1 });
	return 1;
}
