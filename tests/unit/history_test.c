#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "task/history.h"
#include "task/json.h"

#define AT(s) "\"at\":\"2026-11-21T10:00:0" #s ".000000Z\""
#define TIME  INT64_C(1795255200000000)

static struct task *
task_with(const char *entries)
{
	AUTO_STR text = NULL;
	struct complaint c;
	struct task *task;

	assert_true(asprintf(&text,
			"{\"id\":\"0123456789abcdef\","
			"\"command\":[\"true\"],"
			"\"not_before\":\"2026-11-21T10:00:00Z\","
			"\n \"history\":[\n%s\n]}\n",
			entries) > 0);
	task = task_parse(text, strlen(text), &c);
	if (task == NULL)
		fail_msg("%s: %s", c.field, c.what);
	return task;
}

static struct history
history_of(const char *entries)
{
	AUTO_TASK task = task_with(entries);
	struct history h;

	history_read(task, &h);
	h.by = NULL; /* goes with the task */
	return h;
}

#define SUBMITTED "{" AT(0) ",\"event\":\"submitted\",\"by\":\"a\",\"uid\":7}"
#define RUN(n, outcome, then)                                                  \
	",\n{" AT(1) ",\"event\":\"run\",\"n\":" #n ",\"outcome\":\"" outcome  \
		     "\",\"then\":\"" then "\"}"

static void
every_outcome_has_a_name_of_its_own(void **state)
{
	enum outcome o;

	(void)state;
	for (o = 0; o < OUTCOME_COUNT; o++)
		assert_int_equal(outcome_named(outcome_name(o)), o);
	assert_int_equal(outcome_named("well"), OUTCOME_COUNT);
}

static void
it_says_who_submitted_it_and_when(void **state)
{
	struct history h = history_of(SUBMITTED);

	(void)state;
	assert_int_equal(h.submitted, TIME);
	assert_int_equal(h.uid, 7);
	assert_int_equal(h.last, 0);
	assert_false(h.ended);
	assert_int_equal(h.not_before, TIME);
	assert_int_equal(h.then, STATE_COUNT);
	h = history_of("");
	assert_int_equal(h.uid, -1);
}

static void
it_counts_each_in_its_place(void **state)
{
	struct history h = history_of(SUBMITTED RUN(1, "failed", "ready")
		RUN(2, "signal", "ready") RUN(3, "timeout", "ready") RUN(4,
		    "silence", "ready") RUN(5, "tempfail", "delayed")
		    RUN(6, "tempfail", "delayed") RUN(7, "lost", "ready")
			RUN(8, "interrupted", "ready") RUN(9, "held", "held"));

	(void)state;
	assert_int_equal(h.last, 9);
	assert_int_equal(h.counted, 4);
	assert_int_equal(h.tempfails, 2);
	assert_int_equal(h.deaths, 1);
	assert_true(h.ended);
	assert_int_equal(h.outcome, OUTCOME_HELD);
	assert_int_equal(h.then, STATE_HELD);
}

static void
a_retry_begins_the_count_anew_not_the_numbers(void **state)
{
	struct history h = history_of(SUBMITTED RUN(1, "failed", "ready")
		RUN(2, "lost", "ready") RUN(3, "tempfail", "failed") ",\n{" AT(
		    2) ",\"event\":\"retried\",\"then\":\"ready\"}");

	(void)state;
	assert_int_equal(h.last, 3);
	assert_int_equal(h.counted + h.tempfails + h.deaths, 0);
	assert_false(h.ended);
}

static void
the_newest_entry_says_whether_it_has_ended(void **state)
{
	struct history h = history_of(SUBMITTED RUN(1, "done", "done"));

	(void)state;
	assert_true(h.ended);
	assert_int_equal(h.then, STATE_DONE);
	h = history_of(SUBMITTED RUN(1, "failed", "delayed") ",\n{" AT(
	    2) ",\"event\":\"due\",\"then\":\"ready\"}");
	assert_false(h.ended);
}

static void
the_newest_time_counts(void **state)
{
	struct history h = history_of(SUBMITTED
	    ",\n{" AT(1) ",\"event\":\"run\",\"n\":1,\"outcome\":\"failed\","
			 "\"then\":\"delayed\","
			 "\"not_before\":\"2026-11-21T10:00:05.000000Z\"}");

	(void)state;
	assert_int_equal(h.not_before, TIME + 5 * CLOCK_SECOND);
}

static void
odd_entries_do_no_harm(void **state)
{
	struct history h = history_of("{},\n{\"event\":7},\n"
				      "{\"event\":\"run\"},\n"
				      "{\"event\":\"run\",\"n\":\"x\","
				      "\"outcome\":3,\"then\":[]},\n"
				      "{\"event\":\"run\",\"n\":-5,"
				      "\"outcome\":\"new\",\"then\":\"?\"},\n"
				      "{\"event\":\"x\",\"not_before\":\"z\"}");

	(void)state;
	assert_int_equal(h.last, 0);
	assert_int_equal(h.counted, 0);
}

static int
keep(const struct run *run, void *arg)
{
	struct run *kept = arg;

	*kept = *run;
	assert_string_equal(run->worker, "w\"1");
	assert_string_equal(run->why, "a\nb");
	assert_string_equal(run->host, "h");
	assert_string_equal(run->log, "log/x");
	assert_string_equal(run->by, "me");
	return 5;
}

static void
a_run_is_read_as_it_was_written(void **state)
{
	const struct run run = { .n = 3,
		.outcome = OUTCOME_CANCELLED,
		.exit = -1,
		.signal = 15,
		.killed = 2,
		.worker = "w\"1",
		.host = "h",
		.log = "log/x",
		.why = "a\nb",
		.by = "me",
		.result = "{\"a\": [1]}",
		.level = "cgroup",
		.pid = 77,
		.started = TIME,
		.ended = TIME + 1500000,
		.user_us = 1234567 };
	struct json_fault fault;
	AUTO_STR text = NULL;
	struct task *task;
	struct run back;
	size_t len;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &len);
	assert_int_equal(history_put_run(out, &run, STATE_CANCELLED, 0), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(json_check(text, len, NULL, &fault), 0);
	assert_null(strchr(text, '\n'));
	assert_non_null(strstr(text, "\"result\":{\"a\": [1]}"));
	assert_non_null(strstr(text, "\"user\":1.234567"));
	assert_null(strstr(text, "\"exit\""));
	task = task_with(text);
	assert_int_equal(history_runs(task, keep, &back), 5);
	assert_int_equal(back.n, 3);
	assert_int_equal(back.outcome, OUTCOME_CANCELLED);
	assert_int_equal(back.exit, -1);
	assert_int_equal(back.signal, 15);
	assert_int_equal(back.killed, 2);
	assert_int_equal(back.pid, 77);
	assert_int_equal(back.started, run.started);
	assert_int_equal(back.ended, run.ended);
	task_free(task);
}

static void
an_event_is_one_line_of_json(void **state)
{
	const struct event event = { .event = "cancelled",
		.by = "a\"b",
		.why = "new\nline",
		.at = TIME };
	struct json_fault fault;
	AUTO_STR text = NULL;
	size_t len;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &len);
	assert_int_equal(history_put_event(out, &event, STATE_CANCELLED), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(json_check(text, len, NULL, &fault), 0);
	assert_null(strchr(text, '\n'));
	assert_non_null(strstr(text, "\"then\":\"cancelled\""));
	assert_null(strstr(text, "\"host\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_has_a_name_of_its_own),
		cmocka_unit_test(it_says_who_submitted_it_and_when),
		cmocka_unit_test(it_counts_each_in_its_place),
		cmocka_unit_test(a_retry_begins_the_count_anew_not_the_numbers),
		cmocka_unit_test(the_newest_entry_says_whether_it_has_ended),
		cmocka_unit_test(the_newest_time_counts),
		cmocka_unit_test(odd_entries_do_no_harm),
		cmocka_unit_test(a_run_is_read_as_it_was_written),
		cmocka_unit_test(an_event_is_one_line_of_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
