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

	cJSON_ArrayForEach(entry, task->history)
		cJSON_ArrayForEach(
		    item, cJSON_GetObjectItemCaseSensitive(entry, "set"))
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

static int
show_member(const struct json_member *m, void *arg)
{
	struct showing *s = arg;
	const cJSON *later;
	const char *p, *line;

	if (json_key_is(m, "history"))
		return 0;
	(void)fprintf(s->out, "%s\"%.*s\":", s->comma, (int)m->key_len, m->key);
	s->comma = ",";
	if ((later = setting(s->task, m)) != NULL)
		return put_json(s->out, later);
	/* Blanks between tokens may hold newlines; inside strings none can. */
	for (p = m->value; p < m->value + m->value_len; p = line + 1) {
		size_t left = (size_t)(m->value + m->value_len - p);

		if ((line = memchr(p, '\n', left)) == NULL)
			line = p + left;
		(void)fwrite(p, 1, (size_t)(line - p), s->out);
	}
	return 0;
}

/* Settings of keys that the submission did not have. */
static int
show_new_settings(struct showing *s)
{
	const cJSON *entry, *item, *later, *inner, *last;

	cJSON_ArrayForEach(entry, s->task->history)
		cJSON_ArrayForEach(
		    item, cJSON_GetObjectItemCaseSensitive(entry, "set")) {
			last = item;
			for (later = entry; later != NULL; later = later->next)
				cJSON_ArrayForEach(inner,
				    cJSON_GetObjectItemCaseSensitive(
				        later, "set"))
					if (strcmp(inner->string,
					        item->string) == 0)
						last = inner;
			if (last != item ||
			    cJSON_GetObjectItemCaseSensitive(
			        s->task->doc, item->string) != NULL)
				continue;
			(void)fprintf(s->out, ",\"%s\":", item->string);
			if (put_json(s->out, item) == -1)
				return -1;
		}
	return 0;
}

static int
show_entries(FILE *out, const struct task *task, const char *key, bool runs)
{
	const cJSON *entry;
	const char *comma = "", *event;

	(void)fprintf(out, ",\"%s\":[", key);
	cJSON_ArrayForEach(entry, task->history) {
		event = cJSON_GetStringValue(
		    cJSON_GetObjectItemCaseSensitive(entry, "event"));
		if ((event != NULL && strcmp(event, "run") == 0) != runs)
			continue;
		(void)fputs(comma, out);
		if (put_json(out, entry) == -1)
			return -1;
		comma = ",";
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
