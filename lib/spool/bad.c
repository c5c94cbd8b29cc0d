#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int
bad_put(struct spool *s, const char *dir, const char *name, const char *why)
{
	return bad_put_as(s, dir, name, name, why);
}

int
bad_put_as(struct spool *s, const char *dir, const char *name, const char *as,
    const char *why)
{
	char from[PLACE_SIZE + 256], to[512], note[520];
	int n;

	(void)snprintf(from, sizeof(from), "%s/%s", dir, name);
	for (n = 0; n < 10000; n++) {
		if (n == 0)
			(void)snprintf(to, sizeof(to), "bad/%.200s", as);
		else
			(void)snprintf(to, sizeof(to), "bad/%.200s.%d", as, n);
		if (file_move(s->dir, from, s->dir, to) == 0)
			break;
		if (errno != EEXIST)
			return errno == ENOENT ? 0 : -1;
	}
	(void)snprintf(note, sizeof(note), "%s.why", to);
	if (write_why(s, note, from, why) == -1 && errno != EEXIST)
		return -1;
	journal_write(s, &(struct journal_line){ .event = "bad",
			     .state = to,
			     .why = why,
			     .waited = -1,
			     .ran = -1 });
	return 1;
}
