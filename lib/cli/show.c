#include "cli/show.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cli/times.h"
#include "cli/visible.h"
#include "cli/why.h"
#include "spool/lane.h"
#include "task/timeline.h"

static void
begin(const char *field)
{
	(void)printf("%-10s ", field);
}

static void
show_text(const char *field, const char *value)
{
	if (value == NULL)
		return;
	begin(field);
	visible_text(stdout, value);
	(void)putchar('\n');
}

static void
show_number(const char *field, int value)
{
	begin(field);
	(void)printf("%d\n", value);
}

static void
show_span(const char *field, int64_t span)
{
	char text[24];

	if (span == 0)
		return;
	clock_duration_format(span, text);
	show_text(field, text);
}

/* As a shell would take it, so that words are told apart. */
static void
show_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";
	const char *quote;

	if (*word != '\0' && word[strspn(word, plain)] == '\0') {
		(void)fputs(word, stdout);
		return;
	}
	(void)putchar('\'');
	while ((quote = strchr(word, '\'')) != NULL) {
		(void)visible_put(stdout, word, (size_t)(quote - word), -1);
		(void)fputs("'\\''", stdout);
		word = quote + 1;
	}
	visible_text(stdout, word);
	(void)putchar('\'');
}

static void
show_command(const struct task *task)
{
	char **word;

	begin("command");
	for (word = task->command; word != NULL && *word != NULL; word++) {
		if (word != task->command)
			(void)putchar(' ');
		show_word(*word);
	}
	(void)putchar('\n');
}

static void
show_lists(const struct task *task)
{
	static const char *const when[] = { [AFTER_DONE] = "done",
		[AFTER_FAILED] = "failed",
		[AFTER_ENDED] = "ended" };
	size_t i;

	for (i = 0; i < task->env_count; i++) {
		begin("env");
		visible_text(stdout, task->env[i].key);
		(void)putchar('=');
		visible_text(stdout, task->env[i].value);
		(void)putchar('\n');
	}
	for (i = 0; i < task->reserve_count; i++)
		show_text(task->reserve[i].shared ? "share" : "reserve",
		    task->reserve[i].path);
	for (i = 0; i < task->after_count; i++) {
		begin("after");
		if (task->after[i].id != NULL)
			visible_text(stdout, task->after[i].id);
		(void)printf(" %s\n", when[task->after[i].when]);
	}
	for (i = 0; i < task->label_count; i++)
		show_text("label", task->labels[i]);
}

/* To the second, in the local zone; what is no time as it is. */
static void
show_time(const char *at)
{
	char text[TIMES_SHORT];
	int64_t parsed;

	if (at == NULL || clock_parse(at, &parsed) == -1) {
		visible_text(stdout, at != NULL ? at : "-");
		return;
	}
	times_local(parsed, text);
	(void)fputs(text, stdout);
}

static void
show_run(const struct moment *m)
{
	(void)printf(" %d", m->n);
	if (m->outcome != NULL) {
		(void)fputs(": ", stdout);
		visible_text(stdout, m->outcome);
	}
	if (m->signal != 0)
		(void)printf(", signal %d (SIG%s)", m->signal,
		    sigabbrev_np(m->signal) != NULL ? sigabbrev_np(m->signal)
						    : "?");
	else if (m->exit > 0)
		(void)printf(", exit %d", m->exit);
	if (m->worker != NULL) {
		(void)fputs(", by ", stdout);
		visible_text(stdout, m->worker);
	}
}

static int
show_moment(const struct moment *m, void *arg)
{
	(void)arg;
	(void)fputs("  ", stdout);
	show_time(m->at);
	(void)fputs("  ", stdout);
	visible_text(stdout, m->event != NULL ? m->event : "?");
	if (m->text != NULL) {
		(void)printf(" %d: ", m->n);
		visible_text(stdout, m->text);
	} else if (m->n > 0) {
		show_run(m);
	} else if (m->by != NULL) {
		(void)fputs(" by ", stdout);
		visible_text(stdout, m->by);
	}
	if (m->then != NULL) {
		(void)fputs(", then ", stdout);
		visible_text(stdout, m->then);
	}
	if (m->not_before != NULL) {
		(void)fputs(" until ", stdout);
		show_time(m->not_before);
	}
	if (m->why != NULL) {
		(void)fputs(": ", stdout);
		visible_text(stdout, m->why);
	}
	(void)putchar('\n');
	return 0;
}

static void
show_fields(const struct entry *e)
{
	const struct task *task = e->task;
	struct lane lane;

	lane_of(e, &lane);
	show_text("title", task->title);
	show_text("queue", lane.queue);
	show_number("priority", lane.priority);
	show_command(task);
	show_text("cwd", task->cwd);
	show_text("stdin", task->input);
	show_lists(task);
	show_text("unique", task->unique);
	show_text("project", task->project);
	show_text("parent", task->parent);
	show_span("timeout", task->timeout);
	show_span("silence", task->silence);
	if (task->attempts != 0)
		show_number("attempts", task->attempts);
}

static void
show_progress(struct spool *s, const struct entry *e)
{
	AUTO_STR text = NULL;
	struct progress p;
	char at[TIMES_SHORT];

	if (why_progress(s, e, &p) != 1 || (text = progress_text(&p)) == NULL)
		return;
	begin("progress");
	visible_text(stdout, text);
	if (*p.text != '\0') {
		(void)fputs(", ", stdout);
		visible_text(stdout, p.text);
	}
	times_local(p.at, at);
	(void)printf(" (%s)\n", at);
}

void
show_task(struct spool *s, const struct entry *e)
{
	char path[PLACE_SIZE];

	place_path(&e->at, path);
	show_text("id", e->task->id);
	show_text("state", state_name(e->at.state));
	show_progress(s, e);
	show_fields(e);
	begin("file");
	visible_text(stdout, s->path);
	(void)printf("/%s\nhistory\n", path);
	(void)timeline_each(e->task, show_moment, NULL);
}
