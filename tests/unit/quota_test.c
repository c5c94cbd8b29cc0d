#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "base/auto.h"
#include "base/cgroup.h"
#include "base/file.h"
#include "base/quota.h"
#include "temporary.h"

/* As the kernel's folder of a cgroup v2, if it had these controllers. */
static void
make_group(struct spool *s, char **path)
{
	assert_int_equal(mkdirat(s->dir, "group", 0700), 0);
	temporary_write(s, "group/memory.max", "max\n");
	temporary_write(s, "group/memory.swap.max", "max\n");
	temporary_write(s, "group/memory.events", "low 0\noom 4\noom_kill 2\n");
	temporary_write(s, "group/pids.max", "max\n");
	temporary_write(s, "group/pids.events", "max 1\n");
	temporary_write(s, "group/cpu.stat",
	    "usage_usec 1234\nuser_usec 1000\n");
	assert_int_not_equal(asprintf(path, "%s/group", s->path), -1);
}

/* Overwritten from its beginning, as the kernel takes it. */
static void
expect_begins(struct spool *s, const char *name, const char *with)
{
	AUTO_STR text = NULL;
	size_t len;

	assert_int_equal(file_read(s->dir, name, 4096, &text, &len), 0);
	assert_memory_equal(text, with, strlen(with));
}

static void
a_limit_is_set_where_the_attempt_starts(void **state)
{
	struct spool *s = *state;
	AUTO_STR group = NULL;
	struct quota q;

	make_group(s, &group);
	assert_int_equal(quota_open(&q, QUOTA_MEMORY, 1048576, group, "none"),
	    0);
	assert_string_equal(q.level, "cgroup v2");
	assert_int_equal(q.join, -1);
	expect_begins(s, "group/memory.max", "1048576");
	expect_begins(s, "group/memory.swap.max", "0");
	assert_int_equal(quota_hits(&q), 0);
	temporary_write(s, "group/memory.events", "oom 9\noom_kill 3\n");
	assert_int_equal(quota_hits(&q), 1);
	quota_close(&q);
	expect_begins(s, "group/memory.max", "max");
	expect_begins(s, "group/memory.swap.max", "max");
	assert_int_equal(quota_hits(&q), 0);
}

static void
processes_have_one_of_their_own(void **state)
{
	struct spool *s = *state;
	AUTO_STR group = NULL;
	struct quota q;

	make_group(s, &group);
	assert_int_equal(quota_open(&q, QUOTA_PROCESSES, 20, group, "none"), 0);
	expect_begins(s, "group/pids.max", "20");
	temporary_write(s, "group/pids.events", "max 31\n");
	assert_int_equal(quota_hits(&q), 30);
	quota_close(&q);
	expect_begins(s, "group/pids.max", "max");
}

static void
what_the_dead_left_is_taken_back(void **state)
{
	struct spool *s = *state;
	AUTO_STR group = NULL;

	make_group(s, &group);
	temporary_write(s, "group/memory.max", "1000000");
	temporary_write(s, "group/pids.max", "10000");
	quota_sweep(group, "none");
	expect_begins(s, "group/memory.max", "max");
	expect_begins(s, "group/pids.max", "max");
}

static void
figures_are_found_by_their_whole_word(void **state)
{
	struct spool *s = *state;
	AUTO_STR group = NULL;

	make_group(s, &group);
	assert_int_equal(cgroup_figure(group, "memory.events", "oom_kill"), 2);
	assert_int_equal(cgroup_figure(group, "memory.events", "oom"), 4);
	assert_int_equal(cgroup_figure(group, "memory.events", "oo"), 0);
	assert_int_equal(cgroup_figure(group, "nothing", "oom"), 0);
	assert_int_equal(cgroup_cpu_time(group), 1234);
	assert_int_equal(cgroup_cpu_time("/nowhere"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(a_limit_is_set_where_the_attempt_starts),
		IN_SPOOL(processes_have_one_of_their_own),
		IN_SPOOL(what_the_dead_left_is_taken_back),
		IN_SPOOL(figures_are_found_by_their_whole_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
