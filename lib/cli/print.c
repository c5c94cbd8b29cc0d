#include "cli/print.h"

#include <err.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/visible.h"
#include "cli/why.h"
#include "spool/lane.h"
#include "task/json.h"

#define COLUMNS_OTHERWISE 80
#define QUEUE_COLUMNS	  16 /* at most, on a terminal */

static bool
wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return (no == NULL || *no == '\0') && terminal != NULL &&
	       strcmp(terminal, "dumb") != 0;
}

void
print_begin(struct print *p)
{
	struct winsize size;

	*p = (struct print){ .now = clock_now() };
	if (isatty(STDOUT_FILENO) == 0)
		return;
	p->columns = COLUMNS_OTHERWISE;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		p->columns = size.ws_col;
	p->colour = wants_colour();
	/* For wcwidth(3); what is printed is UTF-8 wherever we are. */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
}

void
print_header(const struct print *p)
{
	if (p->columns > 0)
		(void)printf("%-16s %-9s P %-8s %4s TITLE\n", "ID", "STATE",
		    "QUEUE", "AGE");
}

void
print_span(int64_t span, char text[PRINT_SPAN])
{
	static const struct {
		int64_t seconds;
		char name;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	int64_t seconds = span < 0 ? 0 : span / CLOCK_SECOND;
	size_t i = 0;

	/* One number says enough from two of a unit on. */
	while (units[i].seconds > 1 && seconds < 2 * units[i].seconds)
		i++;
	(void)snprintf(text, PRINT_SPAN, "%lld%c",
	    (long long)(seconds / units[i].seconds), units[i].name);
}

static char *
title_of(const struct task *task, size_t *len)
{
	char *title = NULL;
	FILE *out;
	int answer;

	if ((out = open_memstream(&title, len)) == NULL)
		return NULL;
	answer = task_title(out, task);
	if (fclose(out) == EOF || answer == -1) {
		free(title);
		return NULL;
	}
	return title;
}

int
print_state(const struct print *p, enum state state, int columns)
{
	static const char *const colours[STATE_COUNT] = {
		[STATE_RUNNING] = "32",
		[STATE_HELD] = "33",
		[STATE_FAILED] = "31",
		[STATE_CANCELLED] = "2",
	};

	if (!p->colour || colours[state] == NULL)
		return printf("%-*s", columns, state_name(state));
	(void)printf("\033[%sm", colours[state]);
	columns = printf("%-*s", columns, state_name(state));
	(void)fputs("\033[m", stdout);
	return columns;
}

/* "[42% build] "; the columns it took. */
static int
print_progress(const struct progress *progress, int left)
{
	AUTO_STR text = NULL;
	int used;

	if (progress == NULL || (text = progress_text(progress)) == NULL ||
	    (left >= 0 && left < 4))
		return 0;
	(void)putchar('[');
	used = visible_put(stdout, text, strlen(text),
	    left < 0 ? -1 : left - 3);
	(void)fputs("] ", stdout);
	return used + 3;
}

/* On a line of its own for people, behind a tab for programs. */
static void
print_why(const struct print *p, const char *why)
{
	if (why == NULL)
		return;
	if (p->columns == 0) {
		(void)printf("\t%s", why);
		return;
	}
	(void)fputs("\n    ", stdout);
	(void)visible_put(stdout, why, strlen(why),
	    p->columns > 4 ? p->columns - 4 : 0);
}

int
print_task_more(const struct print *p, const struct entry *e,
    const struct print_more *more)
{
	AUTO_STR title = NULL;
	char age[PRINT_SPAN], id[ID_SIZE];
	struct lane lane;
	size_t len;
	int queue = p->columns > 0 ? QUEUE_COLUMNS : NAME_SIZE;
	int used, left = -1;
	int64_t since = e->history.submitted;

	if ((title = title_of(e->task, &len)) == NULL)
		return -1;
	place_id(&e->at, id);
	lane_of(e, &lane);
	print_span(p->now - (since != 0 ? since : id_time(id)), age);
	used = printf("%-16s ", id) + print_state(p, e->at.state, 9);
	used += printf(" %d %-8.*s %4s ", lane.priority, queue, lane.queue,
	    age);
	if (p->columns > 0)
		left = used < p->columns ? p->columns - used : 0;
	used = print_progress(more->progress, left);
	(void)visible_put(stdout, title, len, left < 0 ? -1 : left - used);
	print_why(p, more->why);
	return putchar('\n') == EOF ? -1 : 0;
}

int
print_task(const struct print *p, const struct entry *e)
{
	return print_task_more(p, e, &(struct print_more){ 0 });
}

int
print_json(const struct entry *e)
{
	return task_show(stdout, e->task, e->at.state);
}

static void
print_text(const char *key, const char *text)
{
	(void)putchar(',');
	(void)json_put_key(stdout, key);
	(void)json_put_string(stdout, text, strlen(text));
}

static void
print_progress_json(const struct progress *p)
{
	char at[CLOCK_TEXT];

	clock_format(p->at, at);
	if (p->percent < 0)
		(void)fputs(",\"progress\":{\"percent\":null", stdout);
	else
		(void)printf(",\"progress\":{\"percent\":%.10g", p->percent);
	if (*p->step != '\0')
		print_text("step", p->step);
	if (*p->text != '\0')
		print_text("text", p->text);
	print_text("at", at);
	(void)putchar('}');
}

int
print_json_more(const struct entry *e, const struct print_more *more)
{
	AUTO_STR text = NULL;
	FILE *out;
	size_t len;
	int answer;

	if (more->why == NULL && more->progress == NULL)
		return print_json(e);
	if ((out = open_memstream(&text, &len)) == NULL)
		return -1;
	answer = task_show(out, e->task, e->at.state);
	if (fclose(out) == EOF || answer == -1)
		return -1;
	/* In front of the "}" and the newline that end it. */
	(void)fwrite(text, 1, len - 2, stdout);
	if (more->progress != NULL)
		print_progress_json(more->progress);
	if (more->why != NULL)
		print_text("why", more->why);
	return puts("}") == EOF ? -1 : 0;
}

int
print_word(const char *word, bool null)
{
	(void)fputs(word, stdout);
	return putchar(null ? '\0' : '\n') == EOF ? -1 : 0;
}

int
cli_finish(int status)
{
	if (fflush(stdout) == EOF || ferror(stdout)) {
		warn("standard output");
		return EX_IOERR;
	}
	return status;
}
