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
#include "task/task.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ID	 "0123456789abcdef"
#define TIME	 INT64_C(1795255200000000)

static struct task *
submission(const char *text)
{
	struct complaint c;
	struct task *task = task_parse_submission(text, strlen(text), &c);

	if (task == NULL)
		fail_msg("%s: %s: %s", text, c.field, c.what);
	return task;
}

static char *
written(const struct task *task, const struct task_birth *birth)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(task_write(out, task, birth), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static struct task *
read_back(const char *text)
{
	struct complaint c;
	struct task *task = task_parse(text, strlen(text), &c);

	if (task == NULL)
		fail_msg("%s: %s\n%s", c.field, c.what, text);
	return task;
}

#define COMMAND "\"command\":[\"a\"]"

/* What is wrong, and the complaint; COMMAND is added in front of members. */
static const struct {
	const char *text, *field, *what;
} bad[] = {
	{ "", "", "cut short at byte 0" },
	{ "[]", "", "it is not a JSON object" },
	{ "{} x", "", NULL },
	{ "{}", "command", "it is missing" },
	{ "{\"command\":[]}", "command", "it is not an array of words" },
	{ "{\"command\":\"a\"}", "command", "it is not an array of words" },
	{ "{\"command\":[\"a\",1]}", "command", "word 2 is not a string" },
	{ "{\"command\":[\"\"]}", "command", "its first word is empty" },
	{ "{\"command\":[\"a\\u0000\"]}", "command", NULL },
	{ "{" COMMAND "," COMMAND "}", "command", NULL },
	{ "\"id\":\"" ID "\"", "id", "it is given by the spool" },
	{ "\"history\":[]", "history", "it is given by the spool" },
	{ "\"prority\":1", "prority", "no such key is known" },
	{ "\"title\":7", "title", "it is not a string" },
	{ "\"queue\":\"A\"", "queue",
	    "it is not a name of [a-z0-9][a-z0-9_-]{0,63}" },
	{ "\"queue\":1", "queue", "it is not a string" },
	{ "\"project\":\"\"", "project",
	    "it is not a name of [a-z0-9][a-z0-9_-]{0,63}" },
	{ "\"priority\":9", "priority", "9 is not 0 to 4" },
	{ "\"priority\":-1", "priority", "-1 is not 0 to 4" },
	{ "\"priority\":1.5", "priority", "it is not a whole number" },
	{ "\"priority\":\"1\"", "priority", "it is not a whole number" },
	{ "\"attempts\":0", "attempts", "0 is not 1 to 1000" },
	{ "\"attempts\":1001", "attempts", "1001 is not 1 to 1000" },
	{ "\"ref\":\"\"", "ref", "it is empty" },
	{ "\"unique\":\"\"", "unique", "it is empty" },
	{ "\"cwd\":\"\"", "cwd", "it is empty" },
	{ "\"stdin\":\"\"", "stdin", "it is empty" },
	{ "\"parent\":\"x\"", "parent", "it is not an id" },
	{ "\"env\":[]", "env", "it is not an object" },
	{ "\"env\":{\"A\":1}", "env", "A is not a string" },
	{ "\"env\":{\"\":\"x\"}", "env", "a name is empty or has a =" },
	{ "\"env\":{\"A=B\":\"x\"}", "env", "a name is empty or has a =" },
	{ "\"env\":{\"TD_ID\":\"x\"}", "env",
	    "TASKDIR and TD_ names are given by the worker" },
	{ "\"env\":{\"TASKDIR\":\"x\"}", "env",
	    "TASKDIR and TD_ names are given by the worker" },
	{ "\"reserve\":{}", "reserve", "it is not an array" },
	{ "\"reserve\":[\"a\"]", "reserve",
	    "an entry is not {\"path\": …, \"mode\": …}" },
	{ "\"reserve\":[{}]", "reserve", "an entry has no path" },
	{ "\"reserve\":[{\"path\":\"\"}]", "reserve", "a path is empty" },
	{ "\"reserve\":[{\"path\":\"a\",\"mode\":\"x\"}]", "reserve",
	    "mode is neither shared nor exclusive" },
	{ "\"reserve\":[{\"path\":\"a\",\"x\":\"y\"}]", "reserve",
	    "x is not known here" },
	{ "\"reserve\":[{\"path\":\"a[\"}]", "reserve", NULL },
	{ "\"after\":\"" ID "\"", "after", "it is not an array" },
	{ "\"after\":[1]", "after", "an entry is no id" },
	{ "\"after\":[\"x\"]", "after", "x is not an id" },
	{ "\"after\":[{}]", "after", "an entry needs an id or a ref" },
	{ "\"after\":[{\"id\":\"" ID "\",\"ref\":\"x\"}]", "after",
	    "an entry needs an id or a ref" },
	{ "\"after\":[{\"id\":\"" ID "\",\"when\":\"late\"}]", "after",
	    "when is not done, failed or ended" },
	{ "\"after\":[{\"id\":\"" ID "\",\"x\":1}]", "after",
	    "x is not known here" },
	{ "\"labels\":\"a\"", "labels", "it is not an array" },
	{ "\"labels\":[\"A\"]", "labels",
	    "one is not a name of [a-z0-9][a-z0-9_-]{0,63}" },
	{ "\"labels\":[1]", "labels",
	    "one is not a name of [a-z0-9][a-z0-9_-]{0,63}" },
	{ "\"not_before\":\"soon\"", "not_before",
	    "it is not a time such as 2026-11-21T10:00:00Z" },
	{ "\"timeout\":60", "timeout",
	    "it is not a duration such as 90s, 5m, 2h or 1d" },
	{ "\"silence\":\"x\"", "silence",
	    "it is not a duration such as 90s, 5m, 2h or 1d" },
	{ "\"backoff\":[]", "backoff", "it is not an array" },
	{ "\"backoff\":\"1m\"", "backoff", "it is not an array" },
	{ "\"backoff\":[1]", "backoff",
	    "it is not a duration such as 90s, 5m, 2h or 1d" },
	{ "\"umask\":\"22\"", "umask", "it is not such as \"0022\"" },
	{ "\"umask\":18", "umask", "it is not such as \"0022\"" },
	{ "\"umask\":\"0988\"", "umask", "it is not such as \"0022\"" },
	{ "\"priority\":12345678901234567890", "priority", NULL },
};

static void
every_fault_has_its_complaint(void **state)
{
	struct complaint c;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		AUTO_STR text = NULL;

		assert_true(asprintf(&text,
				*bad[i].text == '"' ? "{" COMMAND ",%s}" : "%s",
				bad[i].text) >= 0);
		errno = 0;
		if (task_parse_submission(text, strlen(text), &c) != NULL)
			fail_msg("%s is taken", text);
		assert_int_equal(errno, EINVAL);
		if (strcmp(c.field, bad[i].field) != 0)
			fail_msg("%s: %s: %s", text, c.field, c.what);
		if (bad[i].what == NULL)
			assert_true(*c.what != '\0');
		else
			assert_string_equal(c.what, bad[i].what);
		assert_null(strchr(c.what, '\n'));
	}
}

static void
too_many_spans_are_one_too_many(void **state)
{
	char text[1024] = "{" COMMAND ",\"backoff\":[\"1s\"";
	struct complaint c;
	int i;

	(void)state;
	for (i = 1; i < 65; i++)
		(void)strlcat(text, ",\"1s\"", sizeof(text));
	(void)strlcat(text, "]}", sizeof(text));
	assert_null(task_parse_submission(text, strlen(text), &c));
	assert_string_equal(c.what, "it has more than 64 spans");
}

static void
what_is_not_said_is_as_by_default(void **state)
{
	AUTO_TASK task = submission("{" COMMAND ",\"x-mine\":[{}]}");

	(void)state;
	assert_string_equal(task->queue, "default");
	assert_int_equal(task->priority, 2);
	assert_int_equal(task->umask, -1);
	assert_int_equal(task->attempts, 0);
	assert_int_equal(task->timeout, 0);
	assert_null(task->title);
	assert_null(task->command[1]);
	assert_int_equal(task->env_count + task->reserve_count +
			     task->after_count + task->label_count +
			     task->backoff_count,
	    0);
}

static const char full[] =
    "{\"title\":\"a \\\"title\\\" \\u00e9\",\"queue\":\"q\",\"priority\":0,"
    "\"command\":[\"a\",\"\",\"b c\\n\"],\"cwd\":\"/w\","
    "\"env\":{\"A\":\"1\",\"B\":\"\"},\"umask\":\"0027\",\"stdin\":\"-\","
    "\"reserve\":[{\"path\":\"s/**\"},{\"path\":\"gpu:0\","
    "\"mode\":\"shared\"}],"
    "\"after\":[\"" ID "\",{\"id\":\"zzzzzzzzzzzzzzzz\",\"when\":\"ended\"}],"
    "\"not_before\":\"2026-11-21T11:00:00.5+01:00\",\"timeout\":\"90s\","
    "\"silence\":\"5m\",\"attempts\":7,\"backoff\":[\"0s\",\"1h30m\"],"
    "\"unique\":\"k\",\"labels\":[\"a\",\"b\"],\"project\":\"p\","
    "\"parent\":\"" ID "\",\"x-own\":{\"deep\":[1e400]},"
    "\"meta\":{\"big\":12345678901234567890 ,\n\"s\":\"\\u00e9\"}}";

static void
assert_full(const struct task *t)
{
	assert_string_equal(t->title, "a \"title\" \xc3\xa9");
	assert_string_equal(t->queue, "q");
	assert_int_equal(t->priority, 0);
	assert_string_equal(t->command[0], "a");
	assert_string_equal(t->command[1], "");
	assert_string_equal(t->command[2], "b c\n");
	assert_null(t->command[3]);
	assert_string_equal(t->cwd, "/w");
	assert_int_equal(t->umask, 027);
	assert_string_equal(t->input, "-");
	assert_int_equal(t->reserve_count, 2);
	assert_string_equal(t->reserve[0].path, "s/**");
	assert_false(t->reserve[0].shared);
	assert_true(t->reserve[1].shared);
	assert_int_equal(t->after_count, 2);
	assert_string_equal(t->after[0].id, ID);
	assert_int_equal(t->after[0].when, AFTER_DONE);
	assert_int_equal(t->after[1].when, AFTER_ENDED);
	assert_int_equal(t->not_before, TIME + CLOCK_SECOND / 2);
	assert_int_equal(t->timeout, 90 * CLOCK_SECOND);
	assert_int_equal(t->silence, 300 * CLOCK_SECOND);
	assert_int_equal(t->attempts, 7);
	assert_int_equal(t->backoff_count, 2);
	assert_int_equal(t->backoff[1], 5400 * CLOCK_SECOND);
	assert_string_equal(t->unique, "k");
	assert_int_equal(t->label_count, 2);
	assert_string_equal(t->labels[1], "b");
	assert_string_equal(t->project, "p");
	assert_string_equal(t->parent, ID);
}

static const struct task_birth birth = { .id = "11111111111111aa",
	.by = "a\"b",
	.host = "h",
	.cwd = "/home/a",
	.env = (const char *const[]){ "PATH=/bin", "A=hidden", NULL },
	.at = TIME,
	.uid = 1000,
	.umask = 022 };

static void
all_that_is_given_is_read_again(void **state)
{
	AUTO_TASK given = NULL;
	AUTO_TASK back = NULL;
	AUTO_STR file = NULL;
	AUTO_STR plain = strdup(full);
	struct history h;

	(void)state;
	/* No number outside of meta may be lost. */
	memcpy(strstr(plain, "1e400"), "1.5e3", 5);
	given = submission(plain);
	assert_full(given);
	assert_int_equal(given->env_count, 2);
	file = written(given, &birth);
	back = read_back(file);
	assert_full(back);
	assert_string_equal(back->id, birth.id);
	assert_int_equal(back->env_count, 3);
	assert_string_equal(back->env[0].key, "PATH");
	assert_string_equal(back->env[1].value, "1");
	history_read(back, &h);
	assert_int_equal(h.submitted, TIME);
	assert_int_equal(h.uid, 1000);
	assert_string_equal(h.by, "a\"b");
	/* Byte for byte. */
	assert_non_null(strstr(file, ",\"title\":\"a \\\"title\\\" \\u00e9\""));
	assert_non_null(
	    strstr(file, "\"meta\":{\"big\":12345678901234567890 ,\n"
			 "\"s\":\"\\u00e9\"}"));
}

static void
a_number_that_would_be_lost_is_refused(void **state)
{
	struct complaint c;

	(void)state;
	assert_null(task_parse_submission(full, strlen(full), &c));
	assert_string_equal(c.field, "x-own");
}

static void
what_is_missing_is_completed(void **state)
{
	AUTO_TASK given = submission("{" COMMAND ",\"cwd\":\"sub/./x\"}");
	AUTO_TASK plain = submission("{" COMMAND "}");
	AUTO_STR one = written(given, &birth);
	AUTO_STR two = written(plain, &birth);
	AUTO_TASK back = read_back(one);
	AUTO_TASK second = read_back(two);

	(void)state;
	assert_string_equal(back->cwd, "/home/a/sub/x");
	assert_int_equal(back->umask, 022);
	assert_string_equal(second->cwd, "/home/a");
	assert_int_equal(second->env_count, 2);
}

static void
later_settings_win(void **state)
{
	AUTO_TASK task = read_back(
	    "{\"id\":\"" ID "\"," COMMAND ",\"priority\":1,\"labels\":[\"a\"],"
	    "\n \"history\":[\n"
	    "{\"event\":\"set\",\"set\":{\"priority\":3,\"title\":\"t\"}},\n"
	    "{\"event\":\"set\",\"set\":{\"priority\":4,"
	    "\"labels\":[\"b\",\"c\"]}}\n]}\n");
	AUTO_STR shown = NULL;
	struct json_fault fault;
	size_t len;
	FILE *out;

	(void)state;
	assert_int_equal(task->priority, 4);
	assert_string_equal(task->title, "t");
	assert_int_equal(task->label_count, 2);
	assert_string_equal(task->labels[0], "b");
	out = open_memstream(&shown, &len);
	assert_int_equal(task_show(out, task, STATE_READY), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(json_check(shown, len, "meta", &fault), 0);
	assert_ptr_equal(strchr(shown, '\n'), shown + len - 1);
	assert_non_null(
	    strstr(shown, "\"priority\":4,\"labels\":[\"b\",\"c\"]"));
	assert_non_null(strstr(shown, "\"title\":\"t\",\"state\":\"ready\""));
}

static void
a_set_that_is_wrong_makes_the_task_wrong(void **state)
{
	static const char text[] = "{\"id\":\"" ID "\"," COMMAND
				   ",\n \"history\":[\n{\"set\":"
				   "{\"priority\":9}}\n]}\n";
	struct complaint c;

	(void)state;
	assert_null(task_parse(text, strlen(text), &c));
	assert_string_equal(c.field, "priority");
	assert_false(c.torn);
}

static void
a_file_that_is_torn_says_so(void **state)
{
	static const char text[] = "{\"id\":\"" ID "\"," COMMAND
				   ",\n \"history\":[\n{\"event\":\"x\"},\n{";
	static const char no_id[] = "{" COMMAND ",\n \"history\":[\n\n]}\n";
	struct complaint c;

	(void)state;
	assert_null(task_parse(text, strlen(text), &c));
	assert_true(c.torn);
	assert_null(task_parse(no_id, strlen(no_id), &c));
	assert_false(c.torn);
	assert_string_equal(c.field, "id");
}

static void
a_title_is_what_it_is_called(void **state)
{
	AUTO_TASK named = submission("{" COMMAND ",\"title\":\"t\"}");
	AUTO_TASK plain = submission("{\"command\":[\"a\",\"b c\"]}");
	AUTO_STR text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_int_equal(task_title(out, named), 0);
	(void)fputc('|', out);
	assert_int_equal(task_title(out, plain), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "t|a b c");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_has_its_complaint),
		cmocka_unit_test(too_many_spans_are_one_too_many),
		cmocka_unit_test(what_is_not_said_is_as_by_default),
		cmocka_unit_test(all_that_is_given_is_read_again),
		cmocka_unit_test(a_number_that_would_be_lost_is_refused),
		cmocka_unit_test(what_is_missing_is_completed),
		cmocka_unit_test(later_settings_win),
		cmocka_unit_test(a_set_that_is_wrong_makes_the_task_wrong),
		cmocka_unit_test(a_file_that_is_torn_says_so),
		cmocka_unit_test(a_title_is_what_it_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
