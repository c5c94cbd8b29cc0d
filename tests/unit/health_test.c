#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "base/file.h"
#include "base/names.h"
#include "spool/health.h"
#include "temporary.h"

#define MARK	"ctl/degraded"
#define BALLAST "ctl/ballast"

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_posix_fallocate(int fd, off_t at, off_t len);

static int failing_fsync;	   /* counts down to the one that fails */
static int failing_fallocate;	   /* the error that it answers */
static struct spool *failing_also; /* where another flush fails meanwhile */

int
__wrap_fsync(int fd)
{
	if (failing_also != NULL)
		health_degrade(failing_also, "another one");
	if (failing_fsync > 0 && --failing_fsync == 0) {
		errno = EIO;
		return -1;
	}
	return __real_fsync(fd);
}

int
__wrap_posix_fallocate(int fd, off_t at, off_t len)
{
	if (failing_fallocate != 0)
		return failing_fallocate;
	return ftruncate(fd, at + len) == -1 ? errno : 0;
}

static int
there(struct spool *s, const char *name)
{
	return faccessat(s->dir, name, F_OK, 0) == 0;
}

static void
expect_nothing_in_tmp(struct spool *s)
{
	AUTO_NAMES names;

	assert_int_equal(names_read(s->dir, "tmp", NULL, &names), 0);
	assert_int_equal(names.n, 0);
}

static void
a_new_spool_is_sound(void **state)
{
	assert_int_equal(health_check(*state), 1);
}

static void
a_mark_says_why_and_keeps_errno(void **state)
{
	struct spool *s = *state;
	char *text;
	size_t len;

	errno = EDOM;
	health_degrade(s, "a flush of log/x failed");
	assert_int_equal(errno, EDOM);
	assert_int_equal(file_read(s->dir, MARK, 4096, &text, &len), 0);
	assert_non_null(strstr(text, "Z a flush of log/x failed\n"));
	free(text);
}

static void
the_mark_has_a_limit(void **state)
{
	struct spool *s = *state;
	struct stat st;
	int i;

	for (i = 0; i < 1000; i++)
		health_degrade(s, "again");
	assert_int_equal(fstatat(s->dir, MARK, &st, 0), 0);
	assert_in_range(st.st_size, 1, 5000);
}

static void
a_probe_that_works_ends_it(void **state)
{
	health_degrade(*state, "x");
	assert_int_equal(health_check(*state), 1);
	assert_false(there(*state, MARK));
	expect_nothing_in_tmp(*state);
}

static void
a_probe_whose_flush_fails_does_not(void **state)
{
	int which;

	health_degrade(*state, "x");
	for (which = 1; which <= 2; which++) {
		failing_fsync = which;
		assert_int_equal(health_check(*state), 0);
		assert_true(there(*state, MARK));
		expect_nothing_in_tmp(*state);
	}
	assert_int_equal(failing_fsync, 0);
}

static void
a_flush_that_failed_during_the_probe_counts(void **state)
{
	health_degrade(*state, "x");
	failing_also = *state;
	assert_int_equal(health_check(*state), 0);
	failing_also = NULL;
	assert_true(there(*state, MARK));
	assert_int_equal(health_check(*state), 1);
}

static void
ballast_is_made_once_and_freed_once(void **state)
{
	struct spool *s = *state;
	struct stat first, again;

	assert_int_equal(ballast_keep(s), 1);
	assert_int_equal(fstatat(s->dir, BALLAST, &first, 0), 0);
	assert_int_equal(first.st_size, 4 << 20);
	assert_int_equal(ballast_keep(s), 1);
	assert_int_equal(fstatat(s->dir, BALLAST, &again, 0), 0);
	assert_int_equal(first.st_ino, again.st_ino);
	assert_int_equal(ballast_free(s), 1);
	assert_int_equal(ballast_free(s), 0);
	expect_nothing_in_tmp(s);
}

static void
without_room_there_is_no_ballast(void **state)
{
	failing_fallocate = ENOSPC;
	assert_int_equal(ballast_keep(*state), 0);
	failing_fallocate = EIO;
	assert_int_equal(ballast_keep(*state), -1);
	assert_int_equal(errno, EIO);
	failing_fallocate = 0;
	assert_false(there(*state, BALLAST));
	expect_nothing_in_tmp(*state);
}

static void
a_size_of_0_asks_for_none(void **state)
{
	temporary_write(*state, "etc/taskdir.conf", "[disk]\nballast = 0\n");
	assert_int_equal(ballast_keep(*state), 1);
	assert_false(there(*state, BALLAST));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(a_new_spool_is_sound),
		IN_SPOOL(a_mark_says_why_and_keeps_errno),
		IN_SPOOL(the_mark_has_a_limit),
		IN_SPOOL(a_probe_that_works_ends_it),
		IN_SPOOL(a_probe_whose_flush_fails_does_not),
		IN_SPOOL(a_flush_that_failed_during_the_probe_counts),
		IN_SPOOL(ballast_is_made_once_and_freed_once),
		IN_SPOOL(without_room_there_is_no_ballast),
		IN_SPOOL(a_size_of_0_asks_for_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
