#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/size.h"
#include "task/task.h"

static struct task *
task_with(const char *members, struct complaint *c)
{
	char text[600];

	(void)snprintf(text, sizeof(text), "{\"command\":[\"x\"],%s}", members);
	return task_parse_submission(text, strlen(text), c);
}

static void
expect_fault(const char *members, const char *field, const char *what)
{
	struct complaint c;

	assert_null(task_with(members, &c));
	assert_string_equal(c.field, field);
	assert_string_equal(c.what, what);
}

static void
sizes_are_bytes_or_have_a_unit(void **state)
{
	static const char *const bad[] = { "K", "1T", "1k", "1KB", " 1", "-1",
		"1.5G", "9223372036854775808", "8589934592G" };
	int64_t n;
	size_t i;

	(void)state;
	assert_int_equal(size_parse("0", &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(size_parse("9223372036854775807", &n), 0);
	assert_int_equal(n, INT64_MAX);
	assert_int_equal(size_parse("3K", &n), 0);
	assert_int_equal(n, 3072);
	assert_int_equal(size_parse("8589934591G", &n), 0);
	assert_int_equal(n, INT64_C(8589934591) << 30);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(size_parse(bad[i], &n), -1);
}

static void
each_limit_is_read_in_its_unit(void **state)
{
	struct complaint c;
	struct task *t = task_with(
	    "\"limits\":{\"memory\":\"512M\",\"cpu_time\":\"10m\","
	    "\"file_size\":1000,\"processes\":100,\"output\":\"64K\","
	    "\"disk\":\"10G\"},\"workdir\":true,\"signal\":\"USR1@1m\"",
	    &c);

	(void)state;
	assert_non_null(t);
	assert_int_equal(t->limits.v[LIMIT_MEMORY], 512 << 20);
	assert_int_equal(t->limits.v[LIMIT_CPU_TIME], 600 * CLOCK_SECOND);
	assert_int_equal(t->limits.v[LIMIT_FILE_SIZE], 1000);
	assert_int_equal(t->limits.v[LIMIT_PROCESSES], 100);
	assert_int_equal(t->limits.v[LIMIT_OUTPUT], 65536);
	assert_int_equal(t->limits.v[LIMIT_DISK], INT64_C(10) << 30);
	assert_true(t->workdir);
	assert_int_equal(t->warn_signal, SIGUSR1);
	assert_int_equal(t->warn_before, 60 * CLOCK_SECOND);
	task_free(t);
	assert_non_null(t = task_with("\"workdir\":false", &c));
	assert_false(t->workdir);
	assert_int_equal(t->limits.v[LIMIT_MEMORY], 0);
	assert_int_equal(t->warn_signal, 0);
	task_free(t);
}

static void
numbers_may_be_written_as_text(void **state)
{
	struct complaint c;
	struct task *t = task_with("\"limits\":{\"processes\":\"7\"}", &c);

	(void)state;
	assert_non_null(t);
	assert_int_equal(t->limits.v[LIMIT_PROCESSES], 7);
	task_free(t);
}

static void
bad_limits_are_named(void **state)
{
	static const char
	    size[] = "it is not a size such as 512M, and more than 0";

	(void)state;
	expect_fault("\"limits\":[]", "limits", "it is not an object");
	expect_fault("\"limits\":{\"speed\":1}", "limits.speed",
	    "no such limit is known");
	expect_fault("\"limits\":{\"memory\":0}", "limits.memory", size);
	expect_fault("\"limits\":{\"memory\":\"0K\"}", "limits.memory", size);
	expect_fault("\"limits\":{\"memory\":-1}", "limits.memory", size);
	expect_fault("\"limits\":{\"memory\":1.5}", "limits.memory", size);
	expect_fault("\"limits\":{\"memory\":\"1x\"}", "limits.memory", size);
	expect_fault("\"limits\":{\"memory\":true}", "limits.memory", size);
	expect_fault("\"limits\":{\"memory\":\"\"}", "limits.memory", size);
	expect_fault("\"limits\":{\"cpu_time\":10}", "limits.cpu_time",
	    "it is not a duration such as 10m, and more than 0");
	expect_fault("\"limits\":{\"cpu_time\":\"0s\"}", "limits.cpu_time",
	    "it is not a duration such as 10m, and more than 0");
	expect_fault("\"limits\":{\"processes\":\"1K\"}", "limits.processes",
	    "it is not a number such as 100, and more than 0");
	expect_fault("\"limits\":{\"processes\":4194305}", "limits.processes",
	    "it is not a number such as 100, and more than 0");
	expect_fault("\"workdir\":1", "workdir",
	    "it is neither true nor false");
	expect_fault("\"workdir\":true,\"reserve\":[{\"path\":\"/a\"},"
		     "{\"path\":\"port:1\"},{\"path\":\"b\"}]",
	    "reserve",
	    "b: it is relative, and workdir leaves no cwd to take it from");
}

static void
bad_warnings_are_refused(void **state)
{
	static const char *const bad[] = { "\"TERM\"", "\"TERM@\"",
		"\"TERM@0s\"", "\"TERM@60\"", "\"SIGTERM@60s\"", "\"term@60s\"",
		"\"@60s\"", "\"TER@60s\"", "\"15@60s\"", "15",
		"\"TERM@1s@1s\"" };
	char members[80];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(members, sizeof(members), "\"signal\":%s",
		    bad[i]);
		expect_fault(members, "signal",
		    "it is not a signal and a duration such as TERM@60s");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_bytes_or_have_a_unit),
		cmocka_unit_test(each_limit_is_read_in_its_unit),
		cmocka_unit_test(numbers_may_be_written_as_text),
		cmocka_unit_test(bad_limits_are_named),
		cmocka_unit_test(bad_warnings_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
