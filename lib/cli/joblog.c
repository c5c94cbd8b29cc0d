#include "cli/joblog.h"

#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/visible.h"
#include "spool/lane.h"
#include "task/json.h"

#define NO_STATUS 125 /* as td-wait(1) has it */

struct adding {
	struct joblog *log;
	const struct entry *e;
	struct lane lane;
	char id[ID_SIZE];
};

void
joblog_begin(struct joblog *log, struct spool *s, bool json)
{
	*log = (struct joblog){ .s = s, .json = json, .lines = tmpfile() };
	if (log->lines == NULL)
		err(EX_OSERR, "a temporary file");
}

/* Neither an exit status nor a signal: lost, or it could not be started. */
static int
status_of(const struct run *run)
{
	if (run->exit >= 0)
		return run->exit;
	return run->signal != 0 ? 0 : NO_STATUS;
}

static int64_t
log_size(const struct adding *a, const struct run *run)
{
	char path[PLACE_SIZE];
	struct stat st;

	place_log(path, a->id, run->n);
	if (fstatat(a->log->s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return 0;
	return st.st_size;
}

/* A shell takes it, but for characters that it would be unwise to print. */
static void
put_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";
	size_t len;

	if (*word != '\0' && word[strspn(word, plain)] == '\0') {
		(void)fputs(word, out);
		return;
	}
	(void)fputc('\'', out);
	for (; word[len = strcspn(word, "'")] != '\0'; word += len + 1) {
		(void)visible_put(out, word, len, -1);
		(void)fputs("'\\''", out);
	}
	visible_text(out, word);
	(void)fputc('\'', out);
}

static void
put_command(FILE *out, const struct task *task)
{
	char *const *word;

	for (word = task->command; word != NULL && *word != NULL; word++) {
		if (word != task->command)
			(void)fputc(' ', out);
		put_word(out, *word);
	}
}

static const char *
worker_of(const struct run *run)
{
	return run->worker == NULL ? "-" : run->worker;
}

static const char *
outcome_of(const struct run *run)
{
	return run->outcome == OUTCOME_COUNT ? "-" : outcome_name(run->outcome);
}

/* From the host on: the number in front is known when all are sorted. */
static void
put_columns(FILE *out, const struct adding *a, const struct run *run)
{
	int64_t ran = run->started > 0 ? run->ended - run->started : 0;

	(void)fputc('\t', out);
	visible_text(out, run->host == NULL ? ":" : run->host);
	(void)fprintf(out, "\t%.3f\t%.3f\t0\t%" PRId64 "\t%d\t%d\t",
	    (double)run->started / (double)CLOCK_SECOND,
	    (double)ran / (double)CLOCK_SECOND, log_size(a, run),
	    status_of(run), run->signal);
	put_command(out, a->e->task);
	(void)fprintf(out, "\t%s\t%d\t%s\t%s\t%s\t", a->id, run->n,
	    outcome_of(run), state_name(a->e->at.state), a->lane.queue);
	visible_text(out, worker_of(run));
	(void)fputc('\n', out);
}

static void
put_text(FILE *out, const char *key, const char *text)
{
	if (text == NULL)
		return;
	(void)fputc(',', out);
	(void)json_put_key(out, key);
	(void)json_put_string(out, text, strlen(text));
}

static void
put_time(FILE *out, const char *key, int64_t at)
{
	char text[CLOCK_TEXT];

	if (at == 0)
		return;
	clock_format(at, text);
	put_text(out, key, text);
}

static void
put_object(FILE *out, const struct adding *a, const struct run *run)
{
	char *const *word;

	(void)fprintf(out, ",\"id\":\"%s\",\"n\":%d", a->id, run->n);
	put_text(out, "host", run->host);
	put_text(out, "worker", run->worker);
	put_time(out, "started", run->started);
	put_time(out, "ended", run->ended);
	if (run->exit >= 0)
		(void)fprintf(out, ",\"exit\":%d", run->exit);
	if (run->signal != 0)
		(void)fprintf(out, ",\"signal\":%d", run->signal);
	put_text(out, "outcome", outcome_of(run));
	put_text(out, "state", state_name(a->e->at.state));
	put_text(out, "queue", a->lane.queue);
	put_text(out, "log", run->log);
	(void)fputs(",\"command\":[", out);
	for (word = a->e->task->command; word != NULL && *word != NULL;
	     word++) {
		if (word != a->e->task->command)
			(void)fputc(',', out);
		(void)json_put_string(out, *word, strlen(*word));
	}
	(void)fputs("]}\n", out);
}

static int
add_run(const struct run *run, void *arg)
{
	const struct adding *a = arg;
	struct joblog *log = a->log;
	struct joblog_line *line;

	if (log->n == log->room) {
		log->room = log->room * 2 + 64;
		log->v = reallocarray(log->v, log->room, sizeof(*log->v));
		if (log->v == NULL)
			err(EX_OSERR, NULL);
	}
	line = &log->v[log->n++];
	*line = (struct joblog_line){ .ended = run->ended,
		.at = ftello(log->lines) };
	if (log->json)
		put_object(log->lines, a, run);
	else
		put_columns(log->lines, a, run);
	line->len = (size_t)(ftello(log->lines) - line->at);
	if (ferror(log->lines))
		err(EX_OSERR, "a temporary file");
	return 0;
}

void
joblog_add(struct joblog *log, const struct entry *e)
{
	struct adding a = { .log = log, .e = e };

	place_id(&e->at, a.id);
	lane_of(e, &a.lane);
	(void)history_runs(e->task, add_run, &a);
}

static int
by_end(const void *a, const void *b)
{
	const struct joblog_line *x = a, *y = b;

	if (x->ended != y->ended)
		return x->ended < y->ended ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* The line of one that is sorted, with its number in front. */
static int
print_line(const struct joblog *log, size_t i)
{
	const struct joblog_line *line = &log->v[i];
	AUTO_STR text = malloc(line->len);

	if (text == NULL || pread(fileno(log->lines), text, line->len,
				line->at) != (ssize_t)line->len)
		return -1;
	(void)printf("%s%zu", log->json ? "{\"seq\":" : "", i + 1);
	return fwrite(text, 1, line->len, stdout) == line->len ? 0 : 1;
}

int
joblog_print(struct joblog *log)
{
	size_t i;
	int answer = fflush(log->lines);

	if (!log->json)
		(void)puts("Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\t"
			   "Exitval\tSignal\tCommand\tId\tAttempt\tOutcome\t"
			   "State\tQueue\tWorker");
	if (log->n > 0)
		qsort(log->v, log->n, sizeof(*log->v), by_end);
	for (i = 0; i < log->n && answer == 0; i++)
		answer = print_line(log, i);
	(void)fclose(log->lines);
	free(log->v);
	*log = (struct joblog){ 0 };
	return answer == -1 ? -1 : 0;
}
