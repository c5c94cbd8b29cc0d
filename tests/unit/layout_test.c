#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/names.h"
#include "spool/layout.h"
#include "spool/spool.h"

/* `make` runs the tests in the source's own folder. */
static char *
readme_of(const char *folder)
{
	char path[128], *text = NULL;
	size_t len;

	(void)snprintf(path, sizeof(path), "spool/%s/README", folder);
	assert_int_equal(file_read(AT_FDCWD, path, 8192, &text, &len), 0);
	return text;
}

static void
every_folder_has_a_readme(void **state)
{
	const struct layout *l;
	const char *p;
	char *text;
	int lines;

	(void)state;
	for (l = layout; l->path != NULL; l++) {
		text = readme_of(l->path);
		for (lines = 0, p = text; (p = strchr(p, '\n')); p++)
			lines++;
		assert_in_range(lines, 2, 6);
		assert_null(strchr(l->text, '\n'));
		free(text);
	}
}

static int
is_in_table(const char *path)
{
	const struct layout *l;

	for (l = layout; l->path != NULL; l++)
		if (strcmp(l->path, path) == 0)
			return 1;
	return 0;
}

static void
every_folder_of_the_skeleton_is_in_the_table(void **state)
{
	static const char *const tops[] = { ".", "ctl" };
	AUTO_NAMES names = { 0 };
	char path[300];
	size_t t, i;
	int fd;

	(void)state;
	for (t = 0; t < 2; t++) {
		(void)snprintf(path, sizeof(path), "spool/%s", tops[t]);
		names_free(&names);
		assert_int_equal(names_read(AT_FDCWD, path, NULL, &names), 0);
		for (i = 0; i < names.n; i++) {
			(void)snprintf(path, sizeof(path), "spool/%s/%s",
			    tops[t], names.v[i]);
			if ((fd = file_dir(AT_FDCWD, path)) == -1)
				continue;
			(void)close(fd);
			(void)snprintf(path, sizeof(path), "%s%s",
			    t == 0 ? "" : "ctl/", names.v[i]);
			assert_true(is_in_table(path));
		}
	}
}

static void
every_state_has_its_folder(void **state)
{
	enum state s;

	(void)state;
	for (s = 0; s < STATE_COUNT; s++)
		assert_true(is_in_table(state_name(s)));
}

static void
a_states_readme_names_the_states_that_may_follow(void **state)
{
	enum state from, to;
	char *text, name[32];

	(void)state;
	for (from = 0; from < STATE_COUNT; from++) {
		text = readme_of(state_name(from));
		for (to = 0; to < STATE_COUNT; to++) {
			(void)snprintf(name, sizeof(name), "%s/",
			    state_name(to));
			if (from != to && (strstr(text, name) != NULL) !=
					      state_may_follow(from, to))
				fail_msg("spool/%s/README: %s",
				    state_name(from), name);
		}
		free(text);
	}
}

static void
the_skeleton_has_the_format_that_is_known(void **state)
{
	char *text = NULL;
	size_t len;

	(void)state;
	assert_int_equal(file_read(AT_FDCWD, "spool/format", 64, &text, &len),
	    0);
	assert_string_equal(text, SPOOL_FORMAT);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_folder_has_a_readme),
		cmocka_unit_test(every_folder_of_the_skeleton_is_in_the_table),
		cmocka_unit_test(every_state_has_its_folder),
		cmocka_unit_test(
		    a_states_readme_names_the_states_that_may_follow),
		cmocka_unit_test(the_skeleton_has_the_format_that_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
