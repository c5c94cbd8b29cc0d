#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/inotify.h>

#include "spool/wake.h"
#include "temporary.h"

static void
a_word_is_seen_by_who_watches_the_folder(void **state)
{
	struct spool *s = *state;
	union {
		struct inotify_event e;
		char room[sizeof(struct inotify_event) + 256];
	} got;
	char path[PLACE_SIZE];
	int i, fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	assert_int_not_equal(fd, -1);
	(void)snprintf(path, sizeof(path), "%s/" WAKE_FOLDER, s->path);
	assert_int_not_equal(inotify_add_watch(fd, path, IN_CLOSE_WRITE), -1);
	for (i = 0; i < 2; i++) {
		wake_workers(s);
		assert_true(read(fd, &got, sizeof(got)) > 0);
		assert_string_equal(got.e.name, "wake");
	}
	(void)close(fd);
}

static void
the_file_does_not_grow(void **state)
{
	struct spool *s = *state;
	struct stat st;

	wake_workers(s);
	wake_workers(s);
	assert_int_equal(fstatat(s->dir, WAKE_FILE, &st, 0), 0);
	assert_int_equal(st.st_size, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(a_word_is_seen_by_who_watches_the_folder),
		IN_SPOOL(the_file_does_not_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
