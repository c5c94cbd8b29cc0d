#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "base/folder.h"
#include "temporary.h"

static int
dir_of(void **state)
{
	return ((struct spool *)*state)->dir;
}

static void
fill(int dir, const char *name, size_t len)
{
	char block[4096];
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	memset(block, 'x', sizeof(block));
	assert_true(fd >= 0);
	for (; len > 0; len -= sizeof(block))
		assert_int_equal(write(fd, block, sizeof(block)),
		    sizeof(block));
	(void)fsync(fd);
	(void)close(fd);
}

static int64_t
size_of(int dir, const char *name)
{
	int64_t bytes;

	assert_int_equal(folder_size(dir, name, &bytes), 0);
	return bytes;
}

static void
all_below_is_measured(void **state)
{
	int dir = dir_of(state);
	int64_t empty;

	assert_int_equal(mkdirat(dir, "f", 0700), 0);
	empty = size_of(dir, "f");
	fill(dir, "f/.hidden", 65536);
	assert_int_equal(size_of(dir, "f") - empty, 65536);
	assert_int_equal(mkdirat(dir, "f/g", 0700), 0);
	fill(dir, "f/g/x", 65536);
	assert_in_range(size_of(dir, "f") - empty, 131072, 131072 + 8192);
}

static void
a_file_with_two_names_counts_once(void **state)
{
	int dir = dir_of(state);
	int64_t one;

	assert_int_equal(mkdirat(dir, "f", 0700), 0);
	fill(dir, "f/a", 65536);
	one = size_of(dir, "f");
	assert_int_equal(linkat(dir, "f/a", dir, "f/b", 0), 0);
	assert_int_equal(size_of(dir, "f"), one);
	assert_int_equal(linkat(dir, "f/a", dir, "out", 0), 0);
	assert_true(size_of(dir, "f") < one);
}

static void
links_are_not_followed(void **state)
{
	int dir = dir_of(state);
	int64_t empty;
	struct stat st;

	assert_int_equal(mkdirat(dir, "f", 0700), 0);
	empty = size_of(dir, "f");
	assert_int_equal(mkdirat(dir, "out", 0700), 0);
	fill(dir, "out/x", 65536);
	assert_int_equal(symlinkat("../out", dir, "f/l"), 0);
	assert_in_range(size_of(dir, "f") - empty, 0, 4096);
	assert_int_equal(folder_remove(dir, "f"), 0);
	assert_int_equal(fstatat(dir, "out/x", &st, 0), 0);
	assert_int_equal(symlinkat("out", dir, "m"), 0);
	assert_int_equal(folder_remove(dir, "m"), -1);
	assert_int_equal(fstatat(dir, "out/x", &st, 0), 0);
}

static void
what_is_not_there_has_no_size(void **state)
{
	assert_int_equal(size_of(dir_of(state), "none"), 0);
}

static void
what_is_gone_is_removed(void **state)
{
	assert_int_equal(folder_remove(dir_of(state), "none"), 0);
}

/* Deeper than descriptors may be open, names used that removal uses. */
static void
deep_folders_are_removed(void **state)
{
	int dir = dir_of(state), at, below, i;
	struct stat st;

	assert_int_equal(mkdirat(dir, "f", 0700), 0);
	at = openat(dir, "f", O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdirat(at, ".raised.0", 0700), 0);
	for (i = 0; i < 500; i++) {
		fill(at, "x", 4096);
		assert_int_equal(mkdirat(at, "d", 0700), 0);
		below = openat(at, "d", O_RDONLY | O_DIRECTORY);
		assert_true(below >= 0);
		(void)close(at);
		at = below;
	}
	(void)close(at);
	assert_int_equal(folder_remove(dir, "f"), 0);
	assert_int_equal(fstatat(dir, "f", &st, 0), -1);
	assert_int_equal(errno, ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(all_below_is_measured),
		IN_SPOOL(a_file_with_two_names_counts_once),
		IN_SPOOL(links_are_not_followed),
		IN_SPOOL(what_is_not_there_has_no_size),
		IN_SPOOL(what_is_gone_is_removed),
		IN_SPOOL(deep_folders_are_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
