#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/watch.h"

#define MAKES (IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE)

static char folder[] = "/tmp/watch_test.XXXXXX";

/* What was told: "path:name " for each, and all event bits. */
struct told {
	char text[4096];
	unsigned int events;
};

static void
tell(const char *path, const char *name, unsigned int events, void *arg)
{
	struct told *told = arg;
	size_t used = strlen(told->text);

	assert_memory_equal(path, folder, strlen(folder));
	(void)snprintf(told->text + used, sizeof(told->text) - used, "%s:%s ",
	    path + strlen(folder), name);
	told->events |= events;
}

static void
count(const char *path, const char *name, unsigned int events, void *arg)
{
	(void)path;
	(void)name;
	(void)events;
	++*(int *)arg;
}

static const char *
at(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s%s", folder, name);
	return path;
}

static void
make(const char *name)
{
	AUTO_FD fd = open(at(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_int_not_equal(fd, -1);
}

static bool
is_ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static int
set_up(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/watch_test.XXXXXX");
	return mkdtemp(folder) == NULL || watch_open() == -1;
}

static int
tear_down(void **state)
{
	char command[64];

	(void)state;
	watch_close();
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static void
nothing_came_is_told_without_waiting(void **state)
{
	struct told told = { 0 };

	(void)state;
	assert_int_equal(watch_take(tell, &told), 0);
	assert_int_equal(watch_add(folder, MAKES), 0);
	assert_int_equal(watch_take(tell, &told), 0);
	assert_false(is_ready(watch_open()));
}

static void
the_descriptor_wakes_and_the_path_is_as_it_was_added(void **state)
{
	struct told told = { 0 };
	int fd = watch_open();

	(void)state;
	assert_int_equal(mkdir(at("/b"), 0700), 0);
	assert_int_equal(watch_add(folder, IN_CREATE), 0);
	assert_int_equal(watch_add(at("/b/"), IN_CREATE), 0);
	make("/x");
	make("/b/y");
	assert_true(is_ready(fd));
	assert_int_equal(watch_take(tell, &told), 2);
	assert_string_equal(told.text, ":x /b/:y ");
	assert_int_equal(told.events, IN_CREATE);
	assert_false(is_ready(fd));
}

static void
a_watched_file_has_no_name_in_it(void **state)
{
	struct told told = { 0 };

	(void)state;
	make("/f");
	assert_int_equal(watch_add(at("/f"), IN_CLOSE_WRITE), 0);
	make("/f");
	assert_int_equal(watch_take(tell, &told), 1);
	assert_string_equal(told.text, "/f: ");
}

/* Opened and closed so often: two events each, that cannot become one. */
static void
open_and_close(const char *name, int times)
{
	while (times-- > 0)
		(void)close(open(at(name), O_RDONLY | O_CLOEXEC));
}

static int
queue_length(void)
{
	AUTO_STR text = NULL;
	size_t len;

	if (file_read_all(AT_FDCWD, "/proc/sys/fs/inotify/max_queued_events",
		64, &text, &len) == -1)
		return 16384;
	return (int)strtol(text, NULL, 10);
}

static void
many_events_are_taken_at_once(void **state)
{
	int taken = 0;

	(void)state;
	make("/f");
	assert_int_equal(watch_add(folder, IN_OPEN | IN_CLOSE), 0);
	open_and_close("/f", 8000);
	assert_int_equal(watch_take(count, &taken), 16000);
	assert_int_equal(taken, 16000);
	assert_false(is_ready(watch_open()));
}

static void
an_overflow_is_told(void **state)
{
	int taken = 0;

	(void)state;
	make("/f");
	assert_int_equal(watch_add(folder, IN_OPEN | IN_CLOSE), 0);
	open_and_close("/f", queue_length() / 2 + 10);
	assert_int_equal(watch_take(count, &taken), -1);
	assert_int_equal(taken, queue_length());
	open_and_close("/f", 1);
	assert_int_equal(watch_take(count, &taken), 2);
}

static void
a_removed_folder_says_so_and_can_be_added_anew(void **state)
{
	struct told told = { 0 };

	(void)state;
	assert_int_equal(mkdir(at("/b"), 0700), 0);
	assert_int_equal(watch_add(at("/b"), IN_CREATE), 0);
	assert_int_equal(rmdir(at("/b")), 0);
	assert_int_equal(watch_take(tell, &told), 1);
	assert_string_equal(told.text, "/b: ");
	assert_int_equal(told.events, IN_IGNORED);
	assert_int_equal(watch_add(at("/b"), IN_CREATE), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(mkdir(at("/b"), 0700), 0);
	assert_int_equal(watch_add(at("/b"), IN_CREATE), 0);
	make("/b/y");
	told.text[0] = '\0';
	assert_int_equal(watch_take(tell, &told), 1);
	assert_string_equal(told.text, "/b:y ");
}

static void
a_removed_watch_is_silent(void **state)
{
	struct told told = { 0 };

	(void)state;
	assert_int_equal(watch_add(folder, IN_CREATE), 0);
	make("/x");
	assert_int_equal(watch_remove(folder), 0);
	assert_int_equal(watch_remove(folder), 0);
	make("/y");
	assert_int_equal(watch_take(tell, &told), 0);
	assert_string_equal(told.text, "");
}

static void
what_is_added_twice_is_told_once(void **state)
{
	struct told told = { 0 };

	(void)state;
	assert_int_equal(watch_add(folder, IN_CREATE), 0);
	assert_int_equal(watch_add(folder, IN_CREATE), 0);
	make("/x");
	assert_int_equal(watch_take(tell, &told), 1);
	assert_string_equal(told.text, ":x ");
	make("/y");
	assert_int_equal(watch_take(NULL, NULL), 1);
}

static void
a_closed_set_leaves_nothing_to_the_next(void **state)
{
	struct told told = { 0 };
	int i, taken = 0, fd = watch_open();

	(void)state;
	assert_int_equal(watch_add(folder, MAKES), 0);
	for (i = 0; i < 10; i++)
		make("/x");
	watch_close();
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(watch_take(count, &taken), 0);
	assert_int_not_equal(watch_open(), -1);
	assert_int_equal(watch_add(folder, MAKES), 0);
	assert_int_equal(watch_take(tell, &told), 0);
	make("/y");
	assert_int_equal(watch_take(tell, &told), 2);
	assert_string_equal(told.text, ":y :y ");
}

static void
the_descriptor_is_not_inherited(void **state)
{
	(void)state;
	assert_int_equal(fcntl(watch_open(), F_GETFD), FD_CLOEXEC);
	assert_true((fcntl(watch_open(), F_GETFL) & O_NONBLOCK) != 0);
}

static void
a_descriptor_too_high_for_the_library_is_refused(void **state)
{
	int low[2048], n = 0, i;
	struct rlimit limit;

	(void)state;
	watch_close();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_max < 2000)
		skip();
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	do
		low[n] = dup(STDIN_FILENO);
	while (low[n++] < FD_SETSIZE);
	assert_int_equal(watch_open(), -1);
	assert_int_equal(errno, EMFILE);
	for (i = 0; i < n; i++)
		(void)close(low[i]);
	assert_int_not_equal(watch_open(), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_came_is_told_without_waiting),
		TEST(the_descriptor_wakes_and_the_path_is_as_it_was_added),
		TEST(a_watched_file_has_no_name_in_it),
		TEST(many_events_are_taken_at_once),
		TEST(an_overflow_is_told),
		TEST(a_removed_folder_says_so_and_can_be_added_anew),
		TEST(a_removed_watch_is_silent),
		TEST(what_is_added_twice_is_told_once),
		TEST(a_closed_set_leaves_nothing_to_the_next),
		TEST(the_descriptor_is_not_inherited),
		TEST(a_descriptor_too_high_for_the_library_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
