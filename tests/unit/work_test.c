#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "base/clock.h"
#include "spool/work.h"
#include "temporary.h"

#define ID	 "065qyjw130n8zz0g"
#define DAYS_TWO (INT64_C(2) * 86400 * CLOCK_SECOND)

static int64_t ahead;

int64_t __real_clock_now(void);
int64_t __wrap_clock_now(void);

int64_t
__wrap_clock_now(void)
{
	return __real_clock_now() + ahead;
}

static bool
is_there(struct spool *s, const char *path)
{
	struct stat st;

	return fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
make_with_file(struct spool *s)
{
	ahead = 0;
	assert_int_equal(work_make(s, ID), 0);
	temporary_write(s, "work/" ID "/x", "x");
}

static void
a_folder_is_its_owners_alone(void **state)
{
	struct spool *s = *state;
	struct stat st;

	make_with_file(s);
	assert_int_equal(fstatat(s->dir, "work/" ID, &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(work_make(s, ID), 0);
	assert_true(is_there(s, "work/" ID "/x"));
}

static void
one_without_a_task_goes_after_two_misses(void **state)
{
	struct spool *s = *state;

	make_with_file(s);
	assert_int_equal(work_sweep(s), 0);
	assert_int_equal(work_sweep(s), 0);
	assert_true(is_there(s, "work/" ID "/x"));
	ahead = DAYS_TWO;
	assert_int_equal(work_sweep(s), 0);
	assert_true(is_there(s, "work/" ID "/x"));
	ahead = 2 * DAYS_TWO;
	assert_int_equal(work_sweep(s), 0);
	assert_false(is_there(s, "work/" ID));
}

static void
one_with_a_task_stays(void **state)
{
	struct spool *s = *state;
	int round;

	make_with_file(s);
	assert_int_equal(mkdirat(s->dir, "held/2026-11-21", 0700), 0);
	temporary_write(s, "held/2026-11-21/" ID ".json",
	    "{\"id\":\"" ID "\",\"command\":[\"x\"]}\n");
	for (round = 1; round < 5; round++) {
		ahead = round * DAYS_TWO;
		assert_int_equal(work_sweep(s), 0);
	}
	assert_true(is_there(s, "work/" ID "/x"));
}

static void
what_was_put_away_is_cleared(void **state)
{
	struct spool *s = *state;

	make_with_file(s);
	assert_int_equal(renameat(s->dir, "work/" ID, s->dir,
			     "work/" ID ".away"),
	    0);
	assert_int_equal(work_sweep(s), 0);
	assert_false(is_there(s, "work/" ID ".away"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(a_folder_is_its_owners_alone),
		IN_SPOOL(one_without_a_task_goes_after_two_misses),
		IN_SPOOL(one_with_a_task_stays),
		IN_SPOOL(what_was_put_away_is_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
