/* A task's text: how it is written whole, and where its tail goes on. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "task/json.h"
#include "task/path.h"
#include "task/task.h"

#define HISTORY_LINE "\n \"history\":[\n"

/* Members that are written again from the fields, completed. */
static bool
is_completed(const struct json_member *m)
{
	return json_key_is(m, "cwd") || json_key_is(m, "env") ||
	       json_key_is(m, "after") || json_key_is(m, "umask");
}

static int
put_given(const struct json_member *m, void *arg)
{
	FILE *out = arg;

	if (is_completed(m))
		return 0;
	return fprintf(out, ",\"%.*s\":%.*s", (int)m->key_len, m->key,
		   (int)m->value_len, m->value) < 0
		   ? -1
		   : 0;
}

static int
put_member(FILE *out, const char *key, const char *value)
{
	if (fputc(',', out) == EOF || json_put_key(out, key) == -1)
		return -1;
	return json_put_string(out, value, strlen(value));
}

static int
put_cwd(FILE *out, const struct task *task, const struct task_birth *birth)
{
	AUTO_STR whole = NULL;

	if (task->workdir && task->cwd == NULL)
		return 0;
	whole = path_absolute(birth->cwd,
	    task->cwd == NULL ? birth->cwd : task->cwd);
	if (whole == NULL)
		return -1;
	return put_member(out, "cwd", whole);
}

static bool
sets(const struct task *task, const char *var)
{
	size_t i, len = strcspn(var, "=");

	for (i = 0; i < task->env_count; i++)
		if (strncmp(task->env[i].key, var, len) == 0 &&
		    task->env[i].key[len] == '\0')
			return true;
	return false;
}

static int
put_variable(FILE *out, const char *key, size_t key_len, const char *value,
    const char *comma)
{
	if (fputs(comma, out) == EOF ||
	    json_put_string(out, key, key_len) == -1 || fputc(':', out) == EOF)
		return -1;
	return json_put_string(out, value, strlen(value));
}

static int
put_env(FILE *out, const struct task *task, const struct task_birth *birth)
{
	const char *comma = "", *const * var;
	size_t i, len;

	if (fputs(",\"env\":{", out) == EOF)
		return -1;
	for (var = birth->env; var != NULL && *var != NULL; var++) {
		if (sets(task, *var))
			continue;
		len = strcspn(*var, "=");
		if (put_variable(out, *var, len, *var + len + 1, comma) == -1)
			return -1;
		comma = ",";
	}
	for (i = 0; i < task->env_count; i++, comma = ",")
		if (put_variable(out, task->env[i].key,
			strlen(task->env[i].key), task->env[i].value,
			comma) == -1)
			return -1;
	return fputc('}', out) == EOF ? -1 : 0;
}

static int
put_after(FILE *out, const struct task *task)
{
	static const char *const when[] = {
		[AFTER_DONE] = "done",
		[AFTER_FAILED] = "failed",
		[AFTER_ENDED] = "ended",
	};
	size_t i;

	if (task->after_count == 0)
		return 0;
	if (fputs(",\"after\":[", out) == EOF)
		return -1;
	for (i = 0; i < task->after_count; i++)
		if (fprintf(out, "%s{\"id\":\"%s\",\"when\":\"%s\"}",
			i > 0 ? "," : "", task->after[i].id,
			when[task->after[i].when]) < 0)
			return -1;
	return fputc(']', out) == EOF ? -1 : 0;
}

int
task_write(FILE *out, const struct task *task, const struct task_birth *birth)
{
	char at[CLOCK_TEXT];
	int64_t mask = task->umask == -1 ? birth->umask : task->umask;

	if (fprintf(out, "{\"id\":\"%s\"", birth->id) < 0 ||
	    json_members(task->text, task->len, put_given, out) != 0 ||
	    put_cwd(out, task, birth) == -1 ||
	    put_env(out, task, birth) == -1 || put_after(out, task) == -1)
		return -1;
	clock_format(birth->at, at);
	if (fprintf(out,
		",\"umask\":\"%04o\",%s"
		"{\"at\":\"%s\",\"event\":\"submitted\"",
		(unsigned int)mask, HISTORY_LINE, at) < 0 ||
	    put_member(out, "by", birth->by) == -1 ||
	    put_member(out, "host", birth->host) == -1)
		return -1;
	return fprintf(out, ",\"uid\":%lld}%s", (long long)birth->uid,
		   TASK_TAIL) < 0
		   ? -1
		   : 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t
back(const char *text, size_t at)
{
	while (at > 0 && is_blank(text[at - 1]))
		at--;
	return at;
}

static int
note_history(const struct json_member *m, void *arg)
{
	const char **end = arg;

	*end = json_key_is(m, "history") ? m->value + m->value_len : NULL;
	return 0;
}

/* text[0..len) is one whole object: where would the next entry go? */
static int
tail_of_whole(const char *text, size_t len, struct task_tail *tail)
{
	const char *end = NULL;
	size_t at;

	if (json_members(text, len, note_history, &end) != 0)
		return -1;
	if (end == NULL) {
		tail->keep = back(text, back(text, len) - 1);
		tail->before = "," HISTORY_LINE;
		return 0;
	}
	at = (size_t)(end - text) - 1;
	if (text[at] != ']')
		return -1;
	tail->keep = back(text, at);
	tail->before = text[tail->keep - 1] == '[' ? "\n" : ",\n";
	return 0;
}

static bool
stands_alone(const char *text, size_t keep)
{
	struct json_fault fault;
	size_t len = keep + strlen(TASK_TAIL);
	AUTO_STR whole = malloc(len + 1);

	if (whole == NULL)
		return false;
	memcpy(whole, text, keep);
	memcpy(whole + keep, TASK_TAIL, sizeof(TASK_TAIL));
	return json_first(whole, len, "meta", &fault) > 0;
}

/* The last whole entry of a history that begins at text[start]. */
static size_t
last_entry(const char *text, size_t len, size_t start)
{
	struct json_fault fault;
	size_t keep = start - 1, at = start;
	ssize_t n;

	while (at < len && text[at] == '{' &&
	       (n = json_first(text + at, len - at, NULL, &fault)) > 0) {
		keep = at + (size_t)n;
		at = keep;
		if (at + 1 >= len || text[at] != ',' || text[at + 1] != '\n')
			break;
		at += 2;
	}
	return keep;
}

static int
tail_of_torn(const char *text, size_t len, struct task_tail *tail)
{
	const char *at = text, *line;
	size_t start;

	while ((line = memmem(at, len - (size_t)(at - text), HISTORY_LINE,
		    strlen(HISTORY_LINE))) != NULL) {
		start = (size_t)(line - text) + strlen(HISTORY_LINE);
		tail->keep = last_entry(text, len, start);
		tail->before = tail->keep < start ? "\n" : ",\n";
		tail->whole = false;
		if (stands_alone(text, tail->keep))
			return 0;
		at = line + 1;
	}
	return -1;
}

int
task_tail(const char *text, size_t len, struct task_tail *tail)
{
	struct json_fault fault;
	ssize_t n;

	if ((n = json_first(text, len, "meta", &fault)) <= 0)
		return tail_of_torn(text, len, tail);
	if (tail_of_whole(text, (size_t)n, tail) == -1)
		return -1;
	tail->whole = back(text, len) == (size_t)n;
	return 0;
}
