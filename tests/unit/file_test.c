#include "folder.h"

#include <signal.h>
#include <sys/resource.h>

#include "base/file.h"

static void
put(const char *name, const char *text)
{
	assert_int_equal(file_create(dir, name, text, strlen(text)), 0);
}

static void
what_was_created_is_read_whole(void **state)
{
	AUTO_STR text = NULL;
	AUTO_STR none = NULL;
	size_t len;

	(void)state;
	assert_int_equal(file_create(dir, "f", "a\0b", 3), 0);
	assert_int_equal(file_read(dir, "f", 3, &text, &len), 0);
	assert_int_equal(len, 3);
	assert_memory_equal(text, "a\0b", 4);
	put("empty", "");
	assert_int_equal(file_read(dir, "empty", 0, &none, &len), 0);
	assert_int_equal(len, 0);
	assert_string_equal(none, "");
}

static void
more_than_is_wanted_is_refused(void **state)
{
	char *text = NULL;
	size_t len;

	(void)state;
	put("f", "abcd");
	assert_int_equal(file_read(dir, "f", 3, &text, &len), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(file_read_all(dir, "f", 3, &text, &len), -1);
	assert_int_equal(errno, EFBIG);
	assert_null(text);
}

static void
only_regular_files_are_read(void **state)
{
	char *text = NULL;
	size_t len;

	(void)state;
	put("f", "x");
	assert_int_equal(symlinkat("f", dir, "link"), 0);
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(file_read(dir, "link", 9, &text, &len), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(file_read(dir, "fifo", 9, &text, &len), -1);
	assert_int_equal(errno, EMEDIUMTYPE);
	assert_int_equal(file_read(dir, ".", 9, &text, &len), -1);
	assert_int_equal(errno, EMEDIUMTYPE);
	assert_int_equal(file_read(dir, "none", 9, &text, &len), -1);
	assert_int_equal(errno, ENOENT);
}

static void
a_file_that_tells_no_size_is_read_to_its_end(void **state)
{
	AUTO_STR text = NULL;
	AUTO_STR large = NULL;
	static char bytes[100000];
	size_t len;

	(void)state;
	assert_int_equal(file_read_all(AT_FDCWD, "/proc/self/status", 1 << 16,
			     &text, &len),
	    0);
	assert_memory_equal(text, "Name:", 5);
	assert_int_equal(strlen(text), len);
	memset(bytes, 'x', sizeof(bytes));
	assert_int_equal(file_create(dir, "f", bytes, sizeof(bytes)), 0);
	assert_int_equal(file_read_all(dir, "f", sizeof(bytes), &large, &len),
	    0);
	assert_int_equal(len, sizeof(bytes));
	assert_memory_equal(large, bytes, sizeof(bytes));
	assert_int_equal(large[len], '\0');
}

static void
create_refuses_a_taken_name(void **state)
{
	AUTO_STR text = NULL;
	size_t len;

	(void)state;
	put("f", "first");
	assert_int_equal(file_create(dir, "f", "second", 6), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(file_read(dir, "f", 9, &text, &len), 0);
	assert_string_equal(text, "first");
}

static void
create_leaves_nothing_when_the_write_fails(void **state)
{
	static const char bytes[8192];
	struct rlimit old, small;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 4096;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(file_create(dir, "f", bytes, sizeof(bytes)), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(faccessat(dir, "f", F_OK, 0), -1);
}

static void
pwrite_changes_only_its_place(void **state)
{
	AUTO_STR text = NULL;
	AUTO_FD fd = -1;
	size_t len;

	(void)state;
	put("f", "abcdef");
	fd = openat(dir, "f", O_RDWR | O_CLOEXEC);
	assert_int_equal(file_pwrite(fd, "XY", 2, 2), 0);
	assert_int_equal(file_read_fd(fd, 9, &text, &len), 0);
	assert_string_equal(text, "abXYef");
	assert_int_equal(file_pwrite(-1, "X", 1, 0), -1);
	assert_int_equal(file_write(-1, "X", 1), -1);
}

static void
move_does_not_replace(void **state)
{
	(void)state;
	put("a", "a");
	put("b", "b");
	assert_int_equal(file_move(dir, "a", dir, "b"), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(file_move(dir, "a", dir, "c"), 0);
	assert_int_equal(file_move(dir, "a", dir, "c"), -1);
	assert_int_equal(errno, ENOENT);
}

static void
a_name_that_leads_elsewhere_is_noticed(void **state)
{
	AUTO_FD fd = -1;
	struct stat st;

	(void)state;
	put("a", "a");
	put("b", "b");
	fd = file_open_regular(dir, "a", O_RDONLY, &st);
	assert_int_not_equal(fd, -1);
	assert_int_equal(st.st_size, 1);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(file_is_named(fd, dir, "a"), 1);
	assert_int_equal(file_is_named(fd, dir, "b"), 0);
	assert_int_equal(unlinkat(dir, "a", 0), 0);
	assert_int_equal(file_is_named(fd, dir, "a"), 0);
	assert_int_equal(symlinkat("b", dir, "a"), 0);
	assert_int_equal(file_is_named(fd, dir, "a"), 0);
	assert_int_equal(file_is_named(-1, dir, "a"), -1);
}

static void
a_folder_is_made_once(void **state)
{
	bool made = false;
	AUTO_FD one = file_dir_made(dir, "d", 0700, &made);
	AUTO_FD other = -1;

	(void)state;
	assert_int_not_equal(one, -1);
	assert_true(made);
	made = false;
	other = file_dir_made(dir, "d", 0700, &made);
	assert_int_not_equal(other, -1);
	assert_false(made);
	assert_int_equal(file_dir(dir, "none"), -1);
	assert_int_equal(file_dir_made(dir, "no/such", 0700, NULL), -1);
	assert_int_equal(errno, ENOENT);
	put("f", "");
	assert_int_equal(file_dir_made(dir, "f", 0700, NULL), -1);
	assert_int_equal(errno, ENOTDIR);
}

static void
a_dangling_link_is_no_endless_folder(void **state)
{
	(void)state;
	assert_int_equal(symlinkat("none", dir, "d"), 0);
	assert_int_equal(file_dir_made(dir, "d", 0700, NULL), -1);
	assert_int_equal(errno, EBUSY);
}

static void
descriptors_are_moved_above_the_first_three(void **state)
{
	int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10), fd;

	(void)state;
	(void)close(STDIN_FILENO);
	fd = file_dir(dir, ".");
	assert_int_equal(fd, STDIN_FILENO);
	fd = file_above_stdio(fd);
	assert_true(fd > STDERR_FILENO);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	assert_int_equal(file_above_stdio(fd), fd);
	assert_int_equal(file_above_stdio(-1), -1);
	(void)close(fd);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	(void)close(saved);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(what_was_created_is_read_whole),
		IN_FOLDER(more_than_is_wanted_is_refused),
		IN_FOLDER(only_regular_files_are_read),
		IN_FOLDER(a_file_that_tells_no_size_is_read_to_its_end),
		IN_FOLDER(create_refuses_a_taken_name),
		IN_FOLDER(create_leaves_nothing_when_the_write_fails),
		IN_FOLDER(pwrite_changes_only_its_place),
		IN_FOLDER(move_does_not_replace),
		IN_FOLDER(a_name_that_leads_elsewhere_is_noticed),
		IN_FOLDER(a_folder_is_made_once),
		IN_FOLDER(a_dangling_link_is_no_endless_folder),
		IN_FOLDER(descriptors_are_moved_above_the_first_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
