#include "cli/print.h"

#include <err.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/lane.h"
#include "cli/visible.h"

#define COLUMNS_OTHERWISE 80
#define QUEUE_COLUMNS	  16 /* at most, on a terminal */

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
print_task(const struct print *p, const struct entry *e)
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
	used = printf("%-16s %-9s %d %-8.*s %4s ", id, state_name(e->at.state),
	    lane.priority, queue, lane.queue, age);
	if (used < 0)
		return -1;
	if (p->columns > 0)
		left = used < p->columns ? p->columns - used : 0;
	(void)visible_put(stdout, title, len, left);
	return putchar('\n') == EOF ? -1 : 0;
}

int
print_json(const struct entry *e)
{
	return task_show(stdout, e->task, e->at.state);
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
