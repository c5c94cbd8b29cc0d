#include "task/fields.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "task/glob.h"
#include "task/path.h"

#define BACKOFF_MAX 64

int
complain(struct complaint *c, const char *field, const char *format, ...)
{
	va_list ap;

	(void)strlcpy(c->field, field, sizeof(c->field));
	va_start(ap, format);
	(void)vsnprintf(c->what, sizeof(c->what), format, ap);
	va_end(ap);
	return -1;
}

/* Room for the items of an array; what stood there before is let go. */
static int
room(void *list, const cJSON *array, size_t size)
{
	void **p = list;

	free(*p);
	*p = calloc((size_t)cJSON_GetArraySize(array) + 1, size);
	return *p == NULL ? -1 : 0;
}

static int
text_field(const cJSON *item, const char **to, struct complaint *c)
{
	if (!cJSON_IsString(item))
		return complain(c, item->string, "it is not a string");
	*to = item->valuestring;
	return 0;
}

static int
name_field(const cJSON *item, const char **to, struct complaint *c)
{
	if (text_field(item, to, c) == -1)
		return -1;
	if (!name_ok(*to))
		return complain(c, item->string,
		    "it is not a name of [a-z0-9][a-z0-9_-]{0,63}");
	return 0;
}

static int
span_value(const cJSON *item, const char *field, int64_t *to,
    struct complaint *c)
{
	if (!cJSON_IsString(item) ||
	    clock_duration(item->valuestring, to) == -1)
		return complain(c, field,
		    "it is not a duration such as 90s, 5m, 2h or 1d");
	return 0;
}

static int
whole_number(const cJSON *item, int low, int high, int *to, struct complaint *c)
{
	if (!cJSON_IsNumber(item) ||
	    item->valuedouble != (double)item->valueint)
		return complain(c, item->string, "it is not a whole number");
	if (item->valueint < low || item->valueint > high)
		return complain(c, item->string, "%d is not %d to %d",
		    item->valueint, low, high);
	*to = item->valueint;
	return 0;
}

static int
set_id(struct task *t, const cJSON *item, struct complaint *c)
{
	if (text_field(item, &t->id, c) == -1)
		return -1;
	if (!id_ok(t->id))
		return complain(c, "id", "it is not an id");
	return 0;
}

static int
set_history(struct task *t, const cJSON *item, struct complaint *c)
{
	if (!cJSON_IsArray(item))
		return complain(c, "history", "it is not an array");
	if (item->next != NULL)
		return complain(c, "history", "it does not come last");
	t->history = item;
	return 0;
}

static int
set_title(struct task *t, const cJSON *item, struct complaint *c)
{
	return text_field(item, &t->title, c);
}

static int
set_queue(struct task *t, const cJSON *item, struct complaint *c)
{
	return name_field(item, &t->queue, c);
}

static int
set_project(struct task *t, const cJSON *item, struct complaint *c)
{
	return name_field(item, &t->project, c);
}

static int
set_ref(struct task *t, const cJSON *item, struct complaint *c)
{
	if (text_field(item, &t->ref, c) == -1)
		return -1;
	return *t->ref != '\0' ? 0 : complain(c, "ref", "it is empty");
}

static int
set_unique(struct task *t, const cJSON *item, struct complaint *c)
{
	if (text_field(item, &t->unique, c) == -1)
		return -1;
	return *t->unique != '\0' ? 0 : complain(c, "unique", "it is empty");
}

static int
set_parent(struct task *t, const cJSON *item, struct complaint *c)
{
	if (text_field(item, &t->parent, c) == -1)
		return -1;
	return id_ok(t->parent) ? 0 : complain(c, "parent", "it is not an id");
}

static int
set_cwd(struct task *t, const cJSON *item, struct complaint *c)
{
	if (text_field(item, &t->cwd, c) == -1)
		return -1;
	return *t->cwd != '\0' ? 0 : complain(c, "cwd", "it is empty");
}

static int
set_stdin(struct task *t, const cJSON *item, struct complaint *c)
{
	if (text_field(item, &t->input, c) == -1)
		return -1;
	return *t->input != '\0' ? 0 : complain(c, "stdin", "it is empty");
}

static int
set_priority(struct task *t, const cJSON *item, struct complaint *c)
{
	return whole_number(item, 0, PRIORITY_COUNT - 1, &t->priority, c);
}

static int
set_attempts(struct task *t, const cJSON *item, struct complaint *c)
{
	return whole_number(item, 1, ATTEMPTS_MAX, &t->attempts, c);
}

static int
set_command(struct task *t, const cJSON *item, struct complaint *c)
{
	const cJSON *word;
	size_t n = 0;

	if (!cJSON_IsArray(item) || item->child == NULL)
		return complain(c, "command", "it is not an array of words");
	if (room(&t->command, item, sizeof(*t->command)) == -1)
		return -1;
	cJSON_ArrayForEach (word, item) {
		if (!cJSON_IsString(word))
			return complain(c, "command",
			    "word %zu is not a string", n + 1);
		t->command[n++] = word->valuestring;
	}
	if (*t->command[0] == '\0')
		return complain(c, "command", "its first word is empty");
	return 0;
}

static int
set_env(struct task *t, const cJSON *item, struct complaint *c)
{
	const cJSON *var;

	if (!cJSON_IsObject(item))
		return complain(c, "env", "it is not an object");
	t->env_count = 0;
	if (room(&t->env, item, sizeof(*t->env)) == -1)
		return -1;
	cJSON_ArrayForEach (var, item) {
		if (*var->string == '\0' || strchr(var->string, '=') != NULL)
			return complain(c, "env", "a name is empty or has a =");
		if (strncmp(var->string, "TD_", 3) == 0 ||
		    strcmp(var->string, "TASKDIR") == 0)
			return complain(c, "env",
			    "TASKDIR and TD_ names are given by the worker");
		if (!cJSON_IsString(var))
			return complain(c, "env", "%.64s is not a string",
			    var->string);
		t->env[t->env_count++] = (struct task_env){ var->string,
			var->valuestring };
	}
	return 0;
}

/* The pattern as it will be compiled, but for the folder it starts from. */
static int
check_pattern(const char *text, struct complaint *c)
{
	const char *what = "it leads above the root";
	struct glob *glob;
	char *whole;

	if (*text == '\0')
		return complain(c, "reserve", "a path is empty");
	if (path_is_resource(text))
		whole = strdup(text);
	else
		whole = path_absolute("/", text);
	if (whole == NULL)
		return errno == ENOMEM
			   ? -1
			   : complain(c, "reserve", "%.80s: %s", text, what);
	glob = glob_compile(whole, &what);
	free(whole);
	if (glob == NULL)
		return errno == ENOMEM
			   ? -1
			   : complain(c, "reserve", "%.80s: %s", text, what);
	glob_free(glob);
	return 0;
}

static int
set_reserve(struct task *t, const cJSON *item, struct complaint *c)
{
	const cJSON *want, *part;
	struct task_path *to;

	if (!cJSON_IsArray(item))
		return complain(c, "reserve", "it is not an array");
	t->reserve_count = 0;
	if (room(&t->reserve, item, sizeof(*t->reserve)) == -1)
		return -1;
	cJSON_ArrayForEach (want, item) {
		if (!cJSON_IsObject(want))
			return complain(c, "reserve",
			    "an entry is not {\"path\": …, \"mode\": …}");
		to = &t->reserve[t->reserve_count];
		cJSON_ArrayForEach (part, want) {
			const char *text = cJSON_GetStringValue(part);

			if (text != NULL && strcmp(part->string, "path") == 0)
				to->path = text;
			else if (text == NULL ||
				 strcmp(part->string, "mode") != 0)
				return complain(c, "reserve",
				    "%.64s is not known here", part->string);
			else if (strcmp(text, "shared") == 0)
				to->shared = true;
			else if (strcmp(text, "exclusive") != 0)
				return complain(c, "reserve",
				    "mode is neither shared nor exclusive");
		}
		if (to->path == NULL)
			return complain(c, "reserve", "an entry has no path");
		if (check_pattern(to->path, c) == -1)
			return -1;
		t->reserve_count++;
	}
	return 0;
}

static int
after_when(const char *word, enum after_when *when)
{
	static const char *const words[] = {
		[AFTER_DONE] = "done",
		[AFTER_FAILED] = "failed",
		[AFTER_ENDED] = "ended",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0) {
			*when = (enum after_when)i;
			return 0;
		}
	return -1;
}

static int
after_object(const cJSON *item, struct task_after *to, struct complaint *c)
{
	const cJSON *part;
	const char *text;

	cJSON_ArrayForEach (part, item) {
		text = cJSON_GetStringValue(part);
		if (text != NULL && strcmp(part->string, "id") == 0)
			to->id = text;
		else if (text != NULL && strcmp(part->string, "ref") == 0)
			to->ref = text;
		else if (text == NULL || strcmp(part->string, "when") != 0)
			return complain(c, "after", "%.64s is not known here",
			    part->string);
		else if (after_when(text, &to->when) == -1)
			return complain(c, "after",
			    "when is not done, failed or ended");
	}
	if ((to->id == NULL) == (to->ref == NULL))
		return complain(c, "after", "an entry needs an id or a ref");
	return 0;
}

static int
set_after(struct task *t, const cJSON *item, struct complaint *c)
{
	const cJSON *one;
	struct task_after *to;

	if (!cJSON_IsArray(item))
		return complain(c, "after", "it is not an array");
	t->after_count = 0;
	if (room(&t->after, item, sizeof(*t->after)) == -1)
		return -1;
	cJSON_ArrayForEach (one, item) {
		to = &t->after[t->after_count];
		if (cJSON_IsString(one))
			to->id = one->valuestring;
		else if (!cJSON_IsObject(one))
			return complain(c, "after", "an entry is no id");
		else if (after_object(one, to, c) == -1)
			return -1;
		if (to->id != NULL && !id_ok(to->id))
			return complain(c, "after", "%.64s is not an id",
			    to->id);
		t->after_count++;
	}
	return 0;
}

static int
set_labels(struct task *t, const cJSON *item, struct complaint *c)
{
	const cJSON *one;

	if (!cJSON_IsArray(item))
		return complain(c, "labels", "it is not an array");
	t->label_count = 0;
	if (room(&t->labels, item, sizeof(*t->labels)) == -1)
		return -1;
	cJSON_ArrayForEach (one, item) {
		if (!cJSON_IsString(one) || !name_ok(one->valuestring))
			return complain(c, "labels",
			    "one is not a name of [a-z0-9][a-z0-9_-]{0,63}");
		t->labels[t->label_count++] = one->valuestring;
	}
	return 0;
}

static int
set_not_before(struct task *t, const cJSON *item, struct complaint *c)
{
	if (!cJSON_IsString(item) ||
	    clock_parse(item->valuestring, &t->not_before) == -1)
		return complain(c, "not_before",
		    "it is not a time such as 2026-11-21T10:00:00Z");
	return 0;
}

static int
set_timeout(struct task *t, const cJSON *item, struct complaint *c)
{
	return span_value(item, "timeout", &t->timeout, c);
}

static int
set_silence(struct task *t, const cJSON *item, struct complaint *c)
{
	return span_value(item, "silence", &t->silence, c);
}

static int
set_signal(struct task *t, const cJSON *item, struct complaint *c)
{
	if (!cJSON_IsString(item) ||
	    limits_warning(item->valuestring, &t->warn_signal,
		&t->warn_before) == -1)
		return complain(c, "signal",
		    "it is not a signal and a duration such as TERM@60s");
	return 0;
}

static int
set_limits(struct task *t, const cJSON *item, struct complaint *c)
{
	return limits_decode(&t->limits, item, c);
}

static int
set_workdir(struct task *t, const cJSON *item, struct complaint *c)
{
	if (!cJSON_IsBool(item))
		return complain(c, "workdir", "it is neither true nor false");
	t->workdir = cJSON_IsTrue(item);
	return 0;
}

static int
set_backoff(struct task *t, const cJSON *item, struct complaint *c)
{
	const cJSON *one;

	if (!cJSON_IsArray(item) || item->child == NULL)
		return complain(c, "backoff", "it is not an array");
	if (cJSON_GetArraySize(item) > BACKOFF_MAX)
		return complain(c, "backoff", "it has more than %d spans",
		    BACKOFF_MAX);
	t->backoff_count = 0;
	if (room(&t->backoff, item, sizeof(*t->backoff)) == -1)
		return -1;
	cJSON_ArrayForEach (one, item)
		if (span_value(one, "backoff", &t->backoff[t->backoff_count++],
			c) == -1)
			return -1;
	return 0;
}

static int
set_umask(struct task *t, const cJSON *item, struct complaint *c)
{
	const char *text = cJSON_GetStringValue(item);

	if (text == NULL || strlen(text) != 4 || *text != '0' ||
	    strspn(text, "01234567") != 4)
		return complain(c, "umask", "it is not such as \"0022\"");
	t->umask = strtol(text, NULL, 8);
	return 0;
}

static int
set_meta(struct task *t, const cJSON *item, struct complaint *c)
{
	(void)t;
	(void)item;
	(void)c;
	return 0;
}

static const struct {
	const char *key;
	int (*set)(struct task *, const cJSON *, struct complaint *);
	bool given; /* by a submission; the others by the spool */
} table[] = {
	{ "id", set_id, false },
	{ "title", set_title, true },
	{ "queue", set_queue, true },
	{ "priority", set_priority, true },
	{ "command", set_command, true },
	{ "cwd", set_cwd, true },
	{ "env", set_env, true },
	{ "umask", set_umask, true },
	{ "stdin", set_stdin, true },
	{ "reserve", set_reserve, true },
	{ "after", set_after, true },
	{ "ref", set_ref, true },
	{ "not_before", set_not_before, true },
	{ "timeout", set_timeout, true },
	{ "silence", set_silence, true },
	{ "signal", set_signal, true },
	{ "limits", set_limits, true },
	{ "workdir", set_workdir, true },
	{ "attempts", set_attempts, true },
	{ "backoff", set_backoff, true },
	{ "unique", set_unique, true },
	{ "labels", set_labels, true },
	{ "project", set_project, true },
	{ "parent", set_parent, true },
	{ "meta", set_meta, true },
	{ "history", set_history, false },
};

int
fields_decode(struct task *task, const cJSON *item, bool submission,
    struct complaint *c)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (strcmp(table[i].key, item->string) != 0)
			continue;
		if (submission && !table[i].given)
			return complain(c, table[i].key,
			    "it is given by the spool");
		return table[i].set(task, item, c);
	}
	if (strncmp(item->string, "x-", 2) == 0)
		return 0;
	return complain(c, item->string, "no such key is known");
}
