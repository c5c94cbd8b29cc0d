#include "task/timeline.h"

#include <cjson/cJSON.h>

static const char *
text_of(const cJSON *entry, const char *key)
{
	return cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(entry, key));
}

static int
number_of(const cJSON *entry, const char *key, int otherwise)
{
	const cJSON *n = cJSON_GetObjectItemCaseSensitive(entry, key);

	return cJSON_IsNumber(n) ? n->valueint : otherwise;
}

int
timeline_each(const struct task *task,
    int (*each)(const struct moment *, void *), void *arg)
{
	const cJSON *entry;
	struct moment m;
	int answer;

	cJSON_ArrayForEach (entry, task->history) {
		m = (struct moment){
			.at = text_of(entry, "at"),
			.event = text_of(entry, "event"),
			.then = text_of(entry, "then"),
			.outcome = text_of(entry, "outcome"),
			.by = text_of(entry, "by"),
			.worker = text_of(entry, "worker"),
			.why = text_of(entry, "why"),
			.not_before = text_of(entry, "not_before"),
			.text = text_of(entry, "text"),
			.n = number_of(entry, "n", 0),
			.exit = number_of(entry, "exit", -1),
			.signal = number_of(entry, "signal", 0),
		};
		if ((answer = each(&m, arg)) != 0)
			return answer;
	}
	return 0;
}
