#include "spool/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/names.h"
#include "spool/journal_read.h"
#include "spool/settings.h"
#include "task/json.h"

#define CURRENT	  "journal/current.jsonl"
#define LINE_ROOM 4096 /* what one write puts down unmixed with others */
#define WORD_MAX  64
#define WHY_MAX	  512

/* As much of the text as max allows, without half a character at the end. */
static size_t
cut(const char *text, size_t max)
{
	size_t len = strnlen(text, max + 1);

	if (len <= max)
		return len;
	for (len = max; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

static void
put(FILE *out, const char *key, const char *text, size_t max)
{
	if (text == NULL)
		return;
	(void)fprintf(out, ",\"%s\":", key);
	(void)json_put_string(out, text, cut(text, max));
}

static void
put_ms(FILE *out, const char *key, int64_t span)
{
	if (span >= 0)
		(void)fprintf(out, ",\"%s\":%lld", key,
		    (long long)(span / (CLOCK_SECOND / 1000)));
}

static void
compose(FILE *out, const struct journal_line *line)
{
	char at[CLOCK_TEXT];

	clock_format(clock_now(), at);
	(void)fprintf(out, "{\"at\":\"%s\"", at);
	put(out, "event", line->event, WORD_MAX);
	put(out, "id", line->id, WORD_MAX);
	put(out, "queue", line->queue, WORD_MAX);
	put(out, "worker", line->worker, WORD_MAX);
	if (line->attempt > 0)
		(void)fprintf(out, ",\"attempt\":%d", line->attempt);
	put(out, "outcome", line->outcome, WORD_MAX);
	put(out, "state", line->state, WORD_MAX);
	put(out, "why", line->why, WHY_MAX);
	put_ms(out, "waited_ms", line->waited);
	put_ms(out, "ran_ms", line->ran);
	(void)fputs("}\n", out);
}

void
journal_write(struct spool *s, const struct journal_line *line)
{
	char text[LINE_ROOM];
	FILE *out;
	long len;
	int fd, saved = errno;

	if ((out = fmemopen(text, sizeof(text), "w")) == NULL)
		return;
	compose(out, line);
	len = ftell(out);
	if (fclose(out) == 0 && len > 0 && text[len - 1] == '\n') {
		fd = openat(s->dir, CURRENT,
		    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
		    0600);
		if (fd != -1) {
			(void)!write(fd, text, (size_t)len);
			(void)close(fd);
		}
	}
	errno = saved;
}

bool
journal_is_old(const char *name)
{
	static const char shape[] = "00000000T000000Z.jsonl";
	size_t i;

	for (i = 0; shape[i] != '\0'; i++)
		if (shape[i] == '0' ? name[i] < '0' || name[i] > '9'
				    : name[i] != shape[i])
			return false;
	return name[i] == '\0';
}

/* "2026-11-21T10:00:00.000000Z" as "20261121T100000Z.jsonl". */
static void
old_name(char name[32])
{
	char at[CLOCK_TEXT];
	size_t i, n = 0;

	clock_format(clock_now(), at);
	for (i = 0; at[i] != '.'; i++)
		if (at[i] != '-' && at[i] != ':')
			name[n++] = at[i];
	(void)strlcpy(name + n, "Z.jsonl", 32 - n);
}

static int
drop_oldest(int dir, size_t keep)
{
	AUTO_NAMES old = { 0 };
	size_t i;

	if (names_read(dir, ".", journal_is_old, &old) == -1)
		return -1;
	for (i = 0; i + keep < old.n; i++)
		if (unlinkat(dir, old.v[i], 0) == -1 && errno != ENOENT)
			return -1;
	return 0;
}

static bool
has_grown(struct spool *s, int64_t most)
{
	struct stat st;

	return fstatat(s->dir, CURRENT, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_size > most;
}

int
journal_rotate(struct spool *s)
{
	const struct settings *set = settings_get(s, NULL);
	AUTO_FD dir = -1;
	AUTO_FD lock = -1;
	char name[32];
	int got;

	if (set == NULL)
		return -1;
	if (!has_grown(s, set->journal_size))
		return 0;
	if ((dir = file_dir(s->dir, "journal")) == -1 ||
	    (lock = openat(dir, ".lock",
		 O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) == -1)
		return -1;
	if ((got = lock_try(lock, false)) != 1)
		return got;
	if (!has_grown(s, set->journal_size))
		return 0;
	old_name(name);
	/* A second one within a second waits for the next round. */
	if (file_move(dir, "current.jsonl", dir, name) == -1)
		return errno == EEXIST || errno == ENOENT ? 0 : -1;
	return drop_oldest(dir, (size_t)set->journal_keep) == -1 ? -1 : 1;
}
