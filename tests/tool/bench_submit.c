/*
 * bench_submit SPOOL COUNT [LOG COMMAND...]: submits through the library.
 * Prints tasks a second; with a LOG, to which COMMAND appends the time in
 * nanoseconds at which it starts, one after the other, prints microseconds
 * from each submit to that, sorted.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sysexits.h"
#include "spool/submit.h"
#include "task/json.h"

static char *
text_of(char **command, size_t *len)
{
	FILE *out;
	char *text, **word;

	if ((out = open_memstream(&text, len)) == NULL)
		err(EX_OSERR, NULL);
	(void)fputs("{\"command\":[", out);
	for (word = command; *word != NULL; word++) {
		(void)fputs(word == command ? "" : ",", out);
		(void)json_put_string(out, *word, strlen(*word));
	}
	(void)fputs("]}", out);
	if (fclose(out) == EOF)
		err(EX_OSERR, NULL);
	return text;
}

static void
submit(struct spool *s, const struct submitter *who, const char *text,
    size_t len, int64_t *place)
{
	AUTO_TASK task = NULL;
	struct submission sub = { .who = who };
	struct complaint c;

	if ((task = task_parse_submission(text, len, &c)) == NULL)
		errx(EX_DATAERR, "%s: %s", c.field, c.what);
	sub.task = task;
	submit_id(place, sub.id);
	if (submit_task(s, &sub, &c) != SUBMIT_QUEUED)
		err(EX_OSERR, "submit: %s", c.what);
}

/* The n-th line of the log, once it is there: microseconds since 1970. */
static int64_t
started(const char *log, int n)
{
	for (;;) {
		AUTO_STR text = NULL;
		char *line;
		size_t len;
		int i;

		if (file_read(AT_FDCWD, log, 1 << 24, &text, &len) == -1)
			err(EX_OSERR, "%s", log);
		for (i = 0, line = text; i < n && line != NULL; i++)
			line = (line = strchr(line, '\n')) == NULL ? NULL
								   : line + 1;
		if (line != NULL && strchr(line, '\n') != NULL)
			return strtoll(line, NULL, 10) / 1000;
		(void)usleep(2000);
	}
}

static int
by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
measure_starts(struct spool *s, const struct submitter *who, const char *text,
    size_t len, int count, const char *log)
{
	int64_t *spans = calloc((size_t)count, sizeof(*spans)), at, place = 0;
	int i;

	if (spans == NULL)
		err(EX_OSERR, NULL);
	for (i = 0; i < count; i++) {
		at = clock_now();
		submit(s, who, text, len, &place);
		spans[i] = started(log, i) - at;
		(void)usleep(20 * 1000); /* until the worker rests again */
	}
	qsort(spans, (size_t)count, sizeof(*spans), by_value);
	for (i = 0; i < count; i++)
		(void)printf("%lld\n", (long long)spans[i]);
	free(spans);
}

int
main(int argc, char **argv)
{
	char *plain[] = { (char *)(uintptr_t) "true", NULL };
	struct submitter who;
	struct spool s;
	AUTO_STR text = NULL;
	size_t len;
	int64_t start, place = 0;
	int count, n;

	if (argc < 3 || argc == 4 ||
	    (count = (int)strtol(argv[2], NULL, 10)) < 1)
		errx(EX_USAGE,
		    "usage: bench_submit SPOOL COUNT [LOG COMMAND...]");
	if (spool_open(argv[1], &s) == -1 || submitter_read(&who, 022) == -1)
		err(EX_NOINPUT, "%s", argv[1]);
	text = text_of(argc > 3 ? argv + 4 : plain, &len);
	start = clock_steady();
	if (argc > 3)
		measure_starts(&s, &who, text, len, count, argv[3]);
	else {
		for (n = 0; n < count; n++)
			submit(&s, &who, text, len, &place);
		(void)printf("%.0f\n",
		    (double)count * 1e6 / (double)(clock_steady() - start));
	}
	submitter_free(&who);
	spool_close(&s);
	return EX_OK;
}
