#include "spool/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "spool/record.h"
#include "task/json.h"

#define PROGRESS_MAX 4096

void
progress_cut(char *to, size_t size, const char *text)
{
	size_t len = strnlen(text, size);

	if (len == size)
		for (len--;
		     len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	memcpy(to, text, len);
	to[len] = '\0';
}

static void
path_of(char path[PLACE_SIZE], const char *worker, const char *id, int n)
{
	char name[SLOT_NAME_SIZE];

	slot_name(name, id, n, "progress");
	(void)snprintf(path, PLACE_SIZE, "running/%.64s/%.60s", worker, name);
}

static void
put_text(FILE *out, const char *key, const char *text)
{
	(void)fprintf(out, ",\"%s\":", key);
	(void)json_put_string(out, text, strlen(text));
}

static void
put_time(FILE *out, const char *key, int64_t at)
{
	char text[CLOCK_TEXT];

	clock_format(at, text);
	put_text(out, key, text);
}

static char *
compose(const struct progress *p, size_t *len)
{
	AUTO_STR text = NULL;
	FILE *out;

	if ((out = open_memstream(&text, len)) == NULL)
		return NULL;
	if (p->percent < 0)
		(void)fputs("{\"percent\":null", out);
	else
		(void)fprintf(out, "{\"percent\":%.10g", p->percent);
	if (*p->step != '\0')
		put_text(out, "step", p->step);
	if (*p->text != '\0')
		put_text(out, "text", p->text);
	put_time(out, "at", p->at);
	put_time(out, "told", p->told);
	(void)fputs("}\n", out);
	if (fclose(out) == EOF)
		return NULL;
	return str_take(&text);
}

bool
progress_is_news(const struct progress *before, const struct progress *p)
{
	return strcmp(before->step, p->step) != 0 ||
	       p->at - before->told >= PROGRESS_PAUSE || p->at < before->told;
}

int
progress_put(struct spool *s, const char *worker, const char *id, int n,
    const struct progress *p)
{
	char tmp[PLACE_SIZE], path[PLACE_SIZE];
	AUTO_STR text = NULL;
	size_t len;
	int saved;

	if ((text = compose(p, &len)) == NULL)
		return -1;
	(void)snprintf(tmp, sizeof(tmp), "tmp/progress.%d.%.16s", getpid(), id);
	path_of(path, worker, id, n);
	if (file_create(s->dir, tmp, text, len) == -1)
		return -1;
	if (renameat(s->dir, tmp, s->dir, path) == 0)
		return 0;
	saved = errno;
	(void)unlinkat(s->dir, tmp, 0);
	errno = saved;
	return -1;
}

static int64_t
time_in(const char *text, size_t len, const char *key)
{
	char word[CLOCK_TEXT];
	int64_t at;

	record_word(text, len, key, word, sizeof(word));
	return clock_parse(word, &at) == 0 ? at : 0;
}

int
progress_get(struct spool *s, const char *worker, const char *id, int n,
    struct progress *p)
{
	char path[PLACE_SIZE], number[32], *end;
	struct json_fault fault;
	AUTO_STR text = NULL;
	size_t len;

	path_of(path, worker, id, n);
	if (file_read(s->dir, path, PROGRESS_MAX, &text, &len) == -1)
		return errno == ENOENT ? 0 : -1;
	if (json_check(text, len, NULL, &fault) == -1)
		return -1;
	record_word(text, len, "percent", number, sizeof(number));
	p->percent = strtod(number, &end);
	if (end == number)
		p->percent = -1;
	record_word(text, len, "step", p->step, sizeof(p->step));
	record_word(text, len, "text", p->text, sizeof(p->text));
	p->at = time_in(text, len, "at");
	p->told = time_in(text, len, "told");
	return 1;
}
