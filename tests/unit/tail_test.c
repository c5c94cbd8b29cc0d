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
#include "task/history.h"
#include "task/json.h"

#define FRONT                                                                  \
	"{\"id\":\"0123456789abcdef\",\"command\":[\"true\"],"                 \
	"\"meta\":{\"n\":12345678901234567890,\n "                             \
	"\"history\":[\n{\"event\":\"run\"}\n]},"                              \
	"\"title\":\"a \\\"history\\\":[ title\",\n \"history\":[\n"

static const char *const entries[] = {
	"{\"at\":\"2026-11-21T10:00:00.000000Z\",\"event\":\"submitted\"}",
	"{\"at\":\"2026-11-21T10:00:01.000000Z\",\"event\":\"run\",\"n\":1,"
	"\"exit\":2,\"outcome\":\"failed\",\"then\":\"ready\","
	"\"why\":\"]}, \\\"and\\\" {\\\\\"}",
	"{\"at\":\"2026-11-21T10:00:02.000000Z\",\"event\":\"run\",\"n\":2,"
	"\"exit\":0,\"outcome\":\"done\",\"then\":\"done\","
	"\"result\":{\"list\":[1,[2,{\"a\":\"\xc3\xa9\"}]]}}",
};
#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

/* As the file is, grown entry by entry; ends[i]: bytes that i of them need. */
static size_t
whole_file(char *text, size_t size, size_t ends[ENTRIES + 1])
{
	size_t i;

	(void)strlcpy(text, FRONT, size);
	ends[0] = strlen(text) - 1;
	for (i = 0; i < ENTRIES; i++) {
		if (i > 0)
			(void)strlcat(text, ",\n", size);
		(void)strlcat(text, entries[i], size);
		ends[i + 1] = strlen(text);
	}
	return strlcat(text, TASK_TAIL, size);
}

/* The text as it is cut back and closed; it must be a whole task then. */
static struct task *
closed(const char *text, size_t len, const struct task_tail *tail)
{
	AUTO_STR whole = malloc(tail->keep + sizeof(TASK_TAIL));
	struct complaint c;
	struct task *task;
	struct task_tail again;

	assert_true(tail->keep <= len);
	memcpy(whole, text, tail->keep);
	memcpy(whole + tail->keep, TASK_TAIL, sizeof(TASK_TAIL));
	assert_int_equal(task_tail(whole, strlen(whole), &again), 0);
	assert_true(again.whole);
	assert_int_equal(again.keep, tail->keep);
	assert_string_equal(again.before, tail->before);
	task = task_parse(whole, strlen(whole), &c);
	if (task == NULL)
		fail_msg("%s: %s\n%s", c.field, c.what, whole);
	return task;
}

static int
count_runs(const struct run *run, void *arg)
{
	(void)run;
	(*(int *)arg)++;
	return 0;
}

/* Cut behind so many bytes, what is left must be so many entries. */
static void
assert_cut(const char *text, size_t len, const size_t ends[ENTRIES + 1],
    size_t cut)
{
	struct task_tail tail;
	struct task *task;
	size_t kept = 0;
	int runs = 0;

	if (cut < ends[0] + 1) {
		assert_int_equal(task_tail(text, len, &tail), -1);
		return;
	}
	while (kept < ENTRIES && ends[kept + 1] <= cut)
		kept++;
	assert_int_equal(task_tail(text, len, &tail), 0);
	assert_int_equal(tail.keep, ends[kept]);
	assert_string_equal(tail.before, kept == 0 ? "\n" : ",\n");
	task = closed(text, len, &tail);
	assert_int_equal(history_runs(task, count_runs, &runs), 0);
	assert_int_equal(runs, kept < 2 ? 0 : (int)kept - 1);
	assert_string_equal(task->title, "a \"history\":[ title");
	task_free(task);
}

static void
cut_anywhere_it_keeps_the_whole_entries(void **state)
{
	size_t ends[ENTRIES + 1], len, cut;
	struct task_tail tail;
	char text[2048];

	(void)state;
	len = whole_file(text, sizeof(text), ends);
	assert_true(len < sizeof(text));
	for (cut = 0; cut < len; cut++) {
		AUTO_STR copy = malloc(cut + 1);

		/* Of that size, so that a sanitizer sees who reads beyond. */
		memcpy(copy, text, cut);
		copy[cut] = '\0';
		assert_cut(copy, cut, ends, cut);
	}
	assert_int_equal(task_tail(text, len, &tail), 0);
	assert_true(tail.whole);
	assert_int_equal(tail.keep, ends[ENTRIES]);
}

static void
what_a_power_cut_leaves_behind_is_cut_off(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} rests[] = {
		{ "\0\0\0\0\0\0\0\0", 8 },
		{ "{\"at\":\"2026", 11 },
		{ "x", 1 },
		{ "]", 1 },
		{ ",\n", 2 },
		{ ",\n{\"at\":\"2026-11-21T10:00:03.000000Z\",\"event\":\0\0",
		    46 },
		{ "\xff\xff\xff", 3 },
	};
	size_t ends[ENTRIES + 1], len, cut, i;
	char text[2048];

	(void)state;
	len = whole_file(text, sizeof(text), ends);
	for (cut = ends[0] + 1; cut < len; cut++)
		for (i = 0; i < sizeof(rests) / sizeof(rests[0]); i++) {
			AUTO_STR copy = malloc(cut + rests[i].len + 1);
			struct task_tail tail;
			size_t kept = 0;

			/* What goes on well is no rest. */
			if (strchr("]x,", *rests[i].text) != NULL &&
			    *rests[i].text != '\0')
				continue;
			memcpy(copy, text, cut);
			memcpy(copy + cut, rests[i].text, rests[i].len);
			copy[cut + rests[i].len] = '\0';
			while (kept < ENTRIES && ends[kept + 1] <= cut)
				kept++;
			assert_int_equal(task_tail(copy, cut + rests[i].len,
					     &tail),
			    0);
			assert_false(tail.whole);
			assert_int_equal(tail.keep, ends[kept]);
			task_free(closed(copy, cut + rests[i].len, &tail));
		}
}

static void
what_stands_behind_the_whole_is_cut_off(void **state)
{
	static const char *const rests[] = { "x", "{}", "]}\n", TASK_TAIL,
		",\n{\"event\":\"run\"}", "\n\n{" };
	size_t ends[ENTRIES + 1], len, i;
	struct task_tail tail;
	char text[2048];

	(void)state;
	for (i = 0; i < sizeof(rests) / sizeof(rests[0]); i++) {
		len = whole_file(text, sizeof(text), ends);
		len = strlcat(text, rests[i], sizeof(text));
		assert_int_equal(task_tail(text, len, &tail), 0);
		assert_false(tail.whole);
		assert_int_equal(tail.keep, ends[ENTRIES]);
		task_free(closed(text, len, &tail));
	}
	len = whole_file(text, sizeof(text), ends);
	memset(text + len, 0, 100);
	assert_int_equal(task_tail(text, len + 100, &tail), 0);
	assert_false(tail.whole);
	assert_int_equal(tail.keep, ends[ENTRIES]);
}

static void
blanks_behind_are_no_fault(void **state)
{
	size_t ends[ENTRIES + 1], len;
	struct task_tail tail;
	char text[2048];

	(void)state;
	(void)whole_file(text, sizeof(text), ends);
	len = strlcat(text, " \n\t\r\n", sizeof(text));
	assert_int_equal(task_tail(text, len, &tail), 0);
	assert_true(tail.whole);
	assert_int_equal(tail.keep, ends[ENTRIES]);
}

static void
a_task_without_a_history_gets_one(void **state)
{
	static const char text[] = "{\"id\":\"0123456789abcdef\","
				   "\"command\":[\"true\"]}\n";
	AUTO_STR grown = NULL;
	struct task_tail tail;
	struct complaint c;
	struct task *task;

	(void)state;
	assert_int_equal(task_tail(text, strlen(text), &tail), 0);
	assert_true(asprintf(&grown, "%.*s%s%s%s", (int)tail.keep, text,
			tail.before, entries[0], TASK_TAIL) > 0);
	assert_non_null(task = task_parse(grown, strlen(grown), &c));
	assert_non_null(task->history);
	task_free(task);
}

static void
an_empty_history_gets_its_first_entry(void **state)
{
	AUTO_STR grown = NULL;
	struct task_tail tail;
	struct complaint c;
	struct task *task;
	char text[1024];
	int runs = 0;

	(void)state;
	(void)strlcpy(text, FRONT, sizeof(text));
	text[strlen(text) - 1] = '\0';
	(void)strlcat(text, TASK_TAIL, sizeof(text));
	assert_int_equal(task_tail(text, strlen(text), &tail), 0);
	assert_true(tail.whole);
	assert_true(asprintf(&grown, "%.*s%s%s%s", (int)tail.keep, text,
			tail.before, entries[1], TASK_TAIL) > 0);
	assert_non_null(task = task_parse(grown, strlen(grown), &c));
	assert_int_equal(history_runs(task, count_runs, &runs), 0);
	assert_int_equal(runs, 1);
	task_free(task);
}

static void
what_was_never_whole_is_refused(void **state)
{
	static const char *const bad[] = { "", "{", "[]", "\"history\":[\n",
		"\n \"history\":[\n{}\n]}\n", "{\"id\":\"01", "null",
		"{\"history\":[],\"id\":\"0123456789abcdef\"}",
		"{\"history\":{}}" };
	struct task_tail tail;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (task_tail(bad[i], strlen(bad[i]), &tail) == 0) {
			AUTO_STR whole = NULL;
			struct complaint c;

			/* It has a tail, but is no task. */
			assert_true(asprintf(&whole, "%.*s%s", (int)tail.keep,
					bad[i], TASK_TAIL) > 0);
			assert_null(task_parse(whole, strlen(whole), &c));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere_it_keeps_the_whole_entries),
		cmocka_unit_test(what_a_power_cut_leaves_behind_is_cut_off),
		cmocka_unit_test(what_stands_behind_the_whole_is_cut_off),
		cmocka_unit_test(blanks_behind_are_no_fault),
		cmocka_unit_test(a_task_without_a_history_gets_one),
		cmocka_unit_test(an_empty_history_gets_its_first_entry),
		cmocka_unit_test(what_was_never_whole_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
