#include "cli/many.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/enqueue.h"
#include "spool/batch.h"
#include "task/fields.h"

struct reading {
	const struct many *how;
	struct batch batch;
	uint64_t line;
	int status;
};

/* Says what is wrong with a line; non-zero ends it. */
static int
refuse(uint64_t line, const struct complaint *c, void *arg)
{
	struct reading *r = arg;

	enqueue_complain(line, c);
	r->status = EX_DATAERR;
	return !r->how->keep_going;
}

static int
say_trouble(const struct complaint *c)
{
	int status = submit_refusal(errno);

	if (*c->what != '\0')
		warn("refused: %s", c->what);
	else
		warn("refused");
	return status;
}

enum {
	LINE_END = -1,
	LINE_TOO_LONG = -2
};

/*
 * The next line, without its end: no more than max bytes are ever kept.  Its
 * length, or one of the above.
 */
static ssize_t
next_line(FILE *in, int end, char *line, size_t max)
{
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(in)) != EOF && c != end)
		if (len++ < max)
			line[len - 1] = (char)c;
	if (c == EOF && len == 0)
		return LINE_END;
	if (len > max)
		return LINE_TOO_LONG;
	line[len] = '\0';
	return (ssize_t)len;
}

static bool
is_blank(const char *line, size_t len)
{
	return strspn(line, " \t\r\n") == len;
}

/* 0, or -1 with errno: EINVAL and the complaint. */
static int
take_item(struct reading *r, const char *item, size_t len, struct complaint *c)
{
	AUTO_STR text = NULL;

	if (memchr(item, '\0', len) != NULL) {
		errno = EINVAL;
		return complain(c, "command", "the line has a NUL in it");
	}
	if ((text = draft_text(r->how->each, item, &len, c)) == NULL)
		return -1;
	return batch_add(&r->batch, r->line, text, len, c);
}

static int
take_line(struct reading *r, const char *line, ssize_t len)
{
	struct complaint c = { 0 };
	int answer;

	errno = EINVAL;
	if (len == LINE_TOO_LONG)
		answer = complain(&c, "", "it is larger than 1 MiB");
	else if (len == 0 ||
		 (r->how->each == NULL && is_blank(line, (size_t)len)))
		return 0;
	else if (r->how->each != NULL)
		answer = take_item(r, line, (size_t)len, &c);
	else
		answer = batch_add(&r->batch, r->line, line, (size_t)len, &c);
	if (answer == 0)
		return 0;
	if (errno == EINVAL)
		return refuse(r->line, &c, r);
	r->status = say_trouble(&c);
	return 1;
}

/* Non-zero: the end of it. */
static int
take_lines(struct reading *r)
{
	AUTO_STR line = malloc(TASK_TEXT_MAX + 1);
	int end = r->how->null ? '\0' : '\n';
	ssize_t len;

	if (line == NULL)
		err(EX_OSERR, NULL);
	while ((len = next_line(r->how->in, end, line, TASK_TEXT_MAX)) !=
	       LINE_END) {
		r->line++;
		if (take_line(r, line, len) != 0)
			return -1;
	}
	if (ferror(r->how->in)) {
		warn("standard input");
		r->status = EX_OSERR;
		return -1;
	}
	return batch_check(&r->batch, refuse, r);
}

static int
print_id(uint64_t line, const char *id, bool held, void *arg)
{
	struct reading *r = arg;

	if (held && !r->how->quiet)
		warnx("line %" PRIu64 ": its key is held by %s", line, id);
	return printf("%s\n", id) < 0;
}

static int
print_ids(struct reading *r)
{
	(void)signal(SIGPIPE, SIG_IGN);
	if (batch_ids(&r->batch, print_id, r) == 0 && fflush(stdout) == 0)
		return 0;
	warn("%" PRIu64 " tasks are queued, but standard output",
	    r->batch.queued);
	return EX_IOERR;
}

static int
submit(struct reading *r)
{
	struct batch *b = &r->batch;
	struct complaint c;
	enum submitted how = batch_submit(b, &c);
	int status;

	if (how == SUBMIT_QUEUED)
		return print_ids(r);
	if (how == SUBMIT_REFUSED && b->queued == 0)
		return say_trouble(&c);
	if (how == SUBMIT_UNKNOWN)
		warn("outcome unknown: %" PRIu64 " of %" PRIu64
		     " tasks may be queued, with these ids",
		    b->queued, b->count);
	else
		warn("%" PRIu64 " of %" PRIu64 " tasks are queued, with these "
		     "ids; the others were refused",
		    b->queued, b->count);
	status = print_ids(r);
	return status == 0 ? EX_UNKNOWN : status;
}

int
many_submit(struct spool *s, const struct many *how)
{
	struct reading r = { .how = how };
	struct complaint c = { 0 };
	int status;

	if (batch_begin(&r.batch, s, how->who, how->held) == -1)
		return say_trouble(&c);
	if (take_lines(&r) != 0) {
		if (r.status == 0)
			r.status = say_trouble(&c);
	} else if (r.batch.count > 0 && (status = submit(&r)) != 0)
		r.status = status;
	batch_end(&r.batch);
	return r.status;
}
