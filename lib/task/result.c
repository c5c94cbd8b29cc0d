/* What the last run of a task left. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "task/task.h"

int
task_put_result(FILE *out, const struct task *task)
{
	const cJSON *entry, *last = NULL;
	const char *event;
	char *text;

	cJSON_ArrayForEach (entry, task->history) {
		event = cJSON_GetStringValue(
		    cJSON_GetObjectItemCaseSensitive(entry, "event"));
		if (event != NULL && strcmp(event, "run") == 0)
			last = entry;
	}
	last = cJSON_GetObjectItemCaseSensitive(last, "result");
	if (last == NULL)
		return fputs("null", out) == EOF ? -1 : 0;
	if ((text = cJSON_PrintUnformatted(last)) == NULL)
		return -1;
	(void)fputs(text, out);
	free(text);
	return ferror(out) ? -1 : 0;
}
