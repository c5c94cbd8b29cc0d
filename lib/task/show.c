/* A task folded into one line of JSON: its fields, state and runs. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "task/json.h"
#include "task/task.h"

struct showing {
	FILE *out;
	const struct task *task;
	const char *comma;
};

/* The value that a later setting gave to the key, NULL if none did. */
static const cJSON *
setting(const struct task *task, const struct json_member *m)
{
	const cJSON *entry, *item, *last = NULL;

	cJSON_ArrayForEach (entry, task->history)
		cJSON_ArrayForEach (item,
		    cJSON_GetObjectItemCaseSensitive(entry, "set"))
			if (json_key_is(m, item->string))
				last = item;
	return last;
}

static int
put_json(FILE *out, const cJSON *item)
{
	char *text = cJSON_PrintUnformatted(item);
	int answer;

	if (text == NULL)
		return -1;
	answer = fputs(text, out) == EOF ? -1 : 0;
	free(text);
	return answer;
}

/* Blanks between tokens may hold newlines; inside strings none can. */
static int
put_raw(FILE *out, const char *value, size_t len)
{
	const char *end = value + len, *line;

	for (; value < end; value = line + 1) {
		line = memchr(value, '\n', (size_t)(end - value));
		if (line == NULL)
			line = end;
		(void)fwrite(value, 1, (size_t)(line - value), out);
	}
	return ferror(out) ? -1 : 0;
}

static int
show_member(const struct json_member *m, void *arg)
{
	struct showing *s = arg;
	const cJSON *later;

	if (json_key_is(m, "history"))
		return 0;
	(void)fprintf(s->out, "%s\"%.*s\":", s->comma, (int)m->key_len, m->key);
	s->comma = ",";
	if ((later = setting(s->task, m)) != NULL)
		return put_json(s->out, later);
	return put_raw(s->out, m->value, m->value_len);
}

/* Settings of keys that the submission did not have. */
static int
show_new_settings(struct showing *s)
{
	const cJSON *entry, *item, *later, *inner, *last;

	cJSON_ArrayForEach (entry, s->task->history)
		cJSON_ArrayForEach (item,
		    cJSON_GetObjectItemCaseSensitive(entry, "set")) {
			last = item;
			for (later = entry; later != NULL; later = later->next)
				cJSON_ArrayForEach (inner,
				    cJSON_GetObjectItemCaseSensitive(later,
					"set"))
					if (strcmp(inner->string,
						item->string) == 0)
						last = inner;
			if (last != item ||
			    cJSON_GetObjectItemCaseSensitive(s->task->doc,
				item->string) != NULL)
				continue;
			(void)fprintf(s->out, ",\"%s\":", item->string);
			if (put_json(s->out, item) == -1)
				return -1;
		}
	return 0;
}

static int
find_history(const struct json_member *m, void *arg)
{
	struct json_member *found = arg;

	if (json_key_is(m, "history"))
		*found = *m;
	return 0;
}

/* Walks the raw entries beside the decoded ones. */
struct entries {
	FILE *out;
	const cJSON *entry;
	const char *comma;
	bool runs;
};

static int
show_entry(const char *raw, size_t len, void *arg)
{
	struct entries *e = arg;
	const char *event = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(e->entry, "event"));

	e->entry = e->entry->next;
	if ((event != NULL && strcmp(event, "run") == 0) != e->runs)
		return 0;
	(void)fputs(e->comma, e->out);
	e->comma = ",";
	return put_raw(e->out, raw, len);
}

static int
show_entries(FILE *out, const struct task *task, const char *key, bool runs)
{
	struct json_member history = { .key = NULL };
	struct entries e = { out, NULL, "", runs };

	(void)fprintf(out, ",\"%s\":[", key);
	if (json_members(task->text, task->len, find_history, &history) != 0)
		return -1;
	if (history.key != NULL) {
		e.entry = task->history->child;
		if (json_elements(history.value, history.value_len, show_entry,
			&e) != 0)
			return -1;
	}
	return fputc(']', out) == EOF ? -1 : 0;
}

int
task_show(FILE *out, const struct task *task, enum state state)
{
	struct showing s = { out, task, "" };

	(void)fputc('{', out);
	if (json_members(task->text, task->len, show_member, &s) != 0 ||
	    show_new_settings(&s) == -1)
		return -1;
	(void)fprintf(out, ",\"state\":\"%s\"", state_name(state));
	if (show_entries(out, task, "runs", true) == -1 ||
	    show_entries(out, task, "events", false) == -1)
		return -1;
	(void)fputs("}\n", out);
	return ferror(out) ? -1 : 0;
}
