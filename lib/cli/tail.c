#include "cli/tail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cli/times.h"
#include "cli/visible.h"
#include "spool/record.h"
#include "task/json.h"

#define WORD 600

struct line {
	const char *text;
	size_t len;
	FILE *out;
};

/* On a terminal a day that is not this one is told without its year. */
static int
time_columns(int columns)
{
	return columns < 0 ? 19 : 11;
}

void
tail_header(int columns)
{
	(void)printf("%-*s %-9s %-16s %-8s WHAT\n", time_columns(columns),
	    "TIME", "EVENT", "ID", "WORKER");
}

static void
get(const struct line *l, const char *key, char word[WORD])
{
	record_word(l->text, l->len, key, word, WORD);
}

static void
put_column(const struct line *l, const char *key, int width)
{
	char word[WORD];
	int used;

	get(l, key, word);
	if (*word == '\0')
		(void)strlcpy(word, "-", sizeof(word));
	used = visible_put(l->out, word, strlen(word), -1);
	(void)fprintf(l->out, "%*s ", used < width ? width - used : 0, "");
}

static void
put_time(const struct line *l, int64_t now, int columns)
{
	char word[WORD], local[TIMES_SHORT] = "-";
	int64_t at;
	bool known;

	get(l, "at", word);
	known = clock_parse(word, &at) == 0;
	if (known && columns < 0)
		times_local(at, local);
	else if (known)
		times_short(at, now, local);
	(void)fprintf(l->out, "%-*s ", time_columns(columns),
	    columns >= 0 && strlen(local) == 16 ? local + 5 : local);
}

static void
put_word(const struct line *l, const char *before, const char *key)
{
	char word[WORD];

	get(l, key, word);
	if (*word == '\0')
		return;
	(void)fputs(before, l->out);
	visible_text(l->out, word);
}

static void
put_span(const struct line *l, const char *before, const char *key)
{
	char word[WORD], span[24];

	get(l, key, word);
	if (*word == '\0')
		return;
	clock_duration_format(strtoll(word, NULL, 10) * (CLOCK_SECOND / 1000),
	    span);
	(void)fprintf(l->out, "%s%s", before, span);
}

/* "run 1: failed, then delayed, ran 3.2s: why" */
static void
put_what(const struct line *l)
{
	put_word(l, "run ", "attempt");
	put_word(l, " ", "outcome");
	put_word(l, " -> ", "state");
	put_word(l, " in ", "queue");
	put_span(l, ", waited ", "waited_ms");
	put_span(l, ", ran ", "ran_ms");
	put_word(l, ": ", "why");
}

void
tail_line(const char *line, size_t len, int64_t now, int columns)
{
	struct line l = { .text = line, .len = len };
	struct json_fault fault;
	AUTO_STR text = NULL;
	size_t size;

	if (json_check(line, len, NULL, &fault) == -1 || *line != '{') {
		(void)visible_put(stdout, line, len, columns);
		(void)putchar('\n');
		return;
	}
	if ((l.out = open_memstream(&text, &size)) == NULL)
		return;
	put_time(&l, now, columns);
	put_column(&l, "event", 9);
	put_column(&l, "id", 16);
	put_column(&l, "worker", 8);
	put_what(&l);
	if (fclose(l.out) == EOF)
		return;
	(void)visible_put(stdout, text, size, columns);
	(void)putchar('\n');
}
