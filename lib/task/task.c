#include "task/task.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "task/fields.h"
#include "task/json.h"
#include "task/path.h"

static int
complain_of_fault(const struct json_fault *fault, struct complaint *c)
{
	(void)strlcpy(c->field, fault->key, sizeof(c->field));
	(void)snprintf(c->what, sizeof(c->what), "%s at byte %zu", fault->what,
	    fault->at);
	return -1;
}

static struct task *
task_new(const char *text, size_t len)
{
	struct task *task;

	if ((task = calloc(1, sizeof(*task))) == NULL ||
	    (task->text = malloc(len + 1)) == NULL) {
		free(task);
		return NULL;
	}
	memcpy(task->text, text, len);
	task->text[len] = '\0';
	task->len = len;
	task->queue = QUEUE_DEFAULT;
	task->priority = PRIORITY_DEFAULT;
	task->umask = -1;
	return task;
}

/* What it reserves is taken from its cwd, and that may not be there yet. */
static int
check_folder(const struct task *task, struct complaint *c)
{
	const char *path;
	size_t i;

	if (!task->workdir || task->cwd != NULL)
		return 0;
	for (i = 0; i < task->reserve_count; i++) {
		path = task->reserve[i].path;
		if (*path != '/' && !path_is_resource(path))
			return complain(c, "reserve",
			    "%.80s: it is relative, and workdir leaves no cwd "
			    "to take it from",
			    path);
	}
	return 0;
}

/* The members in order; the history's later settings win over them. */
static int
decode(struct task *task, bool submission, struct complaint *c)
{
	const cJSON *item, *entry, *set;

	if (!cJSON_IsObject(task->doc))
		return complain(c, "", "it is not a JSON object");
	cJSON_ArrayForEach (item, task->doc)
		if (fields_decode(task, item, submission, c) == -1)
			return -1;
	cJSON_ArrayForEach (entry, task->history) {
		if (!cJSON_IsObject(entry))
			return complain(c, "history", "an entry is no object");
		set = cJSON_GetObjectItemCaseSensitive(entry, "set");
		cJSON_ArrayForEach (item, set)
			if (fields_decode(task, item, true, c) == -1)
				return -1;
	}
	if (!submission && task->id == NULL)
		return complain(c, "id", "it is missing");
	if (task->command == NULL)
		return complain(c, "command", "it is missing");
	return submission ? check_folder(task, c) : 0;
}

static struct task *
parse(const char *text, size_t len, bool submission, struct complaint *c)
{
	struct json_fault fault;
	struct task *task;

	memset(c, 0, sizeof(*c));
	if (submission && json_check(text, len, "meta", &fault) == -1) {
		if (errno != ENOMEM)
			errno = EINVAL;
		(void)complain_of_fault(&fault, c);
		return NULL;
	}
	if ((task = task_new(text, len)) == NULL)
		return NULL;
	task->doc = cJSON_ParseWithLength(task->text, task->len);
	if (task->doc == NULL) {
		task_free(task);
		errno = ENOMEM;
		return NULL;
	}
	errno = EINVAL;
	if (decode(task, submission, c) == -1) {
		int saved = errno;

		task_free(task);
		errno = saved;
		return NULL;
	}
	return task;
}

struct task *
task_parse_submission(const char *text, size_t len, struct complaint *c)
{
	return parse(text, len, true, c);
}

struct task *
task_parse(const char *text, size_t len, struct complaint *c)
{
	struct task_tail tail;

	memset(c, 0, sizeof(*c));
	if (task_tail(text, len, &tail) == -1) {
		(void)complain(c, "", "it is not a whole task");
		errno = EINVAL;
		return NULL;
	}
	if (!tail.whole) {
		(void)complain(c, "history", "its end was cut short");
		c->torn = true;
		errno = EINVAL;
		return NULL;
	}
	return parse(text, len, false, c);
}

void
task_free(struct task *task)
{
	if (task == NULL)
		return;
	free(task->command);
	free(task->env);
	free(task->reserve);
	free(task->after);
	free(task->labels);
	free(task->backoff);
	cJSON_Delete(task->doc);
	free(task->text);
	free(task);
}

void
task_free_(struct task **task)
{
	int saved = errno;

	task_free(*task);
	errno = saved;
}

int
task_title(FILE *out, const struct task *task)
{
	char **arg;

	if (task->title != NULL)
		return fputs(task->title, out) == EOF ? -1 : 0;
	for (arg = task->command; *arg != NULL; arg++)
		if (fprintf(out, "%s%s", arg == task->command ? "" : " ",
			*arg) < 0)
			return -1;
	return 0;
}
