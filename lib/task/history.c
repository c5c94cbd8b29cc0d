#include "task/history.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "task/json.h"

static const struct {
	const char *name;
	bool counted; /* as a failure against the attempts */
} outcomes[OUTCOME_COUNT] = {
	[OUTCOME_DONE] = { "done", false },
	[OUTCOME_FAILED] = { "failed", true },
	[OUTCOME_TEMPFAIL] = { "tempfail", false },
	[OUTCOME_SIGNAL] = { "signal", true },
	[OUTCOME_TIMEOUT] = { "timeout", true },
	[OUTCOME_SILENCE] = { "silence", true },
	[OUTCOME_LIMIT] = { "limit", true },
	[OUTCOME_CANCELLED] = { "cancelled", false },
	[OUTCOME_HELD] = { "held", false },
	[OUTCOME_INTERRUPTED] = { "interrupted", false },
	[OUTCOME_LOST] = { "lost", false },
	[OUTCOME_NOT_RUN] = { "not-run", true },
};

const char *
outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}

enum outcome
outcome_named(const char *name)
{
	enum outcome o;

	for (o = 0; o < OUTCOME_COUNT; o++)
		if (strcmp(outcomes[o].name, name) == 0)
			break;
	return o;
}

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

static int64_t
time_of(const cJSON *entry, const char *key)
{
	const char *text = text_of(entry, key);
	int64_t at;

	return text != NULL && clock_parse(text, &at) == 0 ? at : 0;
}

static bool
is_event(const cJSON *entry, const char *event)
{
	const char *text = text_of(entry, "event");

	return text != NULL && strcmp(text, event) == 0;
}

static void
count_run(const cJSON *entry, struct history *h)
{
	const char *then = text_of(entry, "then");
	const char *name = text_of(entry, "outcome");

	h->ended = true;
	h->cancelled_for_want = false;
	h->outcome = name == NULL ? OUTCOME_COUNT : outcome_named(name);
	h->then = then == NULL ? STATE_COUNT : state_named(then);
	if (number_of(entry, "n", 0) > h->last)
		h->last = number_of(entry, "n", 0);
	if (h->outcome == OUTCOME_COUNT)
		return;
	if (outcomes[h->outcome].counted)
		h->counted++;
	if (h->outcome == OUTCOME_TEMPFAIL)
		h->tempfails++;
	if (h->outcome == OUTCOME_LOST)
		h->deaths++;
}

/* A person's retry begins the count anew; the attempts keep their numbers. */
static void
count_event(const cJSON *entry, struct history *h)
{
	const cJSON *uid;

	h->ended = false;
	if (is_event(entry, "retried") || is_event(entry, "released")) {
		h->counted = h->tempfails = h->deaths = 0;
		h->cancelled_for_want = false;
	} else if (is_event(entry, "cancelled")) {
		h->cancelled_for_want = text_of(entry, "by") == NULL;
	} else if (is_event(entry, "submitted")) {
		h->submitted = time_of(entry, "at");
		h->by = text_of(entry, "by");
		uid = cJSON_GetObjectItemCaseSensitive(entry, "uid");
		if (cJSON_IsNumber(uid))
			h->uid = (int64_t)uid->valuedouble;
	}
}

void
history_read(const struct task *task, struct history *h)
{
	const cJSON *entry, *set;

	*h = (struct history){ .uid = -1,
		.not_before = task->not_before,
		.then = STATE_COUNT,
		.outcome = OUTCOME_COUNT };
	cJSON_ArrayForEach (entry, task->history) {
		if (is_event(entry, "run"))
			count_run(entry, h);
		else
			count_event(entry, h);
		set = cJSON_GetObjectItemCaseSensitive(entry, "set");
		if (text_of(entry, "not_before") != NULL)
			h->not_before = time_of(entry, "not_before");
		else if (text_of(set, "not_before") != NULL)
			h->not_before = time_of(set, "not_before");
	}
}

static void
read_run(const cJSON *entry, struct run *run)
{
	const char *name = text_of(entry, "outcome");

	*run = (struct run){
		.n = number_of(entry, "n", 0),
		.outcome = name == NULL ? OUTCOME_COUNT : outcome_named(name),
		.exit = number_of(entry, "exit", -1),
		.signal = number_of(entry, "signal", 0),
		.killed = number_of(entry, "killed", 0),
		.worker = text_of(entry, "worker"),
		.host = text_of(entry, "host"),
		.log = text_of(entry, "log"),
		.why = text_of(entry, "why"),
		.by = text_of(entry, "by"),
		.pid = number_of(entry, "pid", 0),
		.started = time_of(entry, "started"),
		.ended = time_of(entry, "ended"),
	};
}

int
history_runs(const struct task *task, int (*each)(const struct run *, void *),
    void *arg)
{
	const cJSON *entry;
	struct run run;
	int answer;

	cJSON_ArrayForEach (entry, task->history) {
		if (!is_event(entry, "run"))
			continue;
		read_run(entry, &run);
		if ((answer = each(&run, arg)) != 0)
			return answer;
	}
	return 0;
}

static void
put_text(FILE *out, const char *key, const char *value)
{
	if (value == NULL)
		return;
	(void)fputc(',', out);
	(void)json_put_key(out, key);
	(void)json_put_string(out, value, strlen(value));
}

static void
put_time(FILE *out, const char *key, int64_t at)
{
	char text[CLOCK_TEXT];

	if (at == 0)
		return;
	clock_format(at, text);
	put_text(out, key, text);
}

int
history_put_run(FILE *out, const struct run *run, enum state then,
    int64_t not_before)
{
	char at[CLOCK_TEXT];

	clock_format(run->ended, at);
	(void)fprintf(out, "{\"at\":\"%s\",\"event\":\"run\",\"n\":%d", at,
	    run->n);
	if (run->signal != 0)
		(void)fprintf(out, ",\"signal\":%d", run->signal);
	else if (run->exit >= 0)
		(void)fprintf(out, ",\"exit\":%d", run->exit);
	put_text(out, "outcome", outcome_name(run->outcome));
	put_text(out, "then", state_name(then));
	put_time(out, "not_before", not_before);
	put_text(out, "why", run->why);
	put_text(out, "by", run->by);
	put_text(out, "worker", run->worker);
	put_text(out, "host", run->host);
	if (run->pid != 0)
		(void)fprintf(out, ",\"pid\":%lld", (long long)run->pid);
	put_time(out, "started", run->started);
	put_time(out, "ended", run->ended);
	if (run->pid != 0)
		(void)fprintf(out,
		    ",\"usage\":{\"user\":%.6f,\"system\":%.6f,"
		    "\"max_rss_kib\":%lld}",
		    (double)run->user_us / 1e6, (double)run->system_us / 1e6,
		    (long long)run->max_rss_kib);
	if (run->killed > 0)
		(void)fprintf(out, ",\"killed\":%d", run->killed);
	put_text(out, "contained_by", run->level);
	if (run->limits != NULL)
		(void)fprintf(out, ",\"limits\":%s", run->limits);
	put_text(out, "log", run->log);
	if (run->result != NULL)
		(void)fprintf(out, ",\"result\":%s", run->result);
	(void)fputc('}', out);
	return ferror(out) ? -1 : 0;
}

int
history_put_event(FILE *out, const struct event *event, enum state then)
{
	char at[CLOCK_TEXT];

	clock_format(event->at, at);
	(void)fprintf(out, "{\"at\":\"%s\"", at);
	put_text(out, "event", event->event);
	put_text(out, "by", event->by);
	put_text(out, "host", event->host);
	put_text(out, "why", event->why);
	if (then != STATE_COUNT)
		put_text(out, "then", state_name(then));
	put_time(out, "not_before", event->not_before);
	if (event->n != 0)
		(void)fprintf(out, ",\"n\":%d", event->n);
	put_text(out, "text", event->text);
	if (event->set != NULL)
		(void)fprintf(out, ",\"set\":%s", event->set);
	(void)fputc('}', out);
	return ferror(out) ? -1 : 0;
}
