#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "task/path.h"

static void
expect(const char *cwd, const char *path, const char *wanted)
{
	char *got = path_absolute(cwd, path);

	assert_non_null(got);
	assert_string_equal(got, wanted);
	free(got);
}

static void
expect_refusal(const char *cwd, const char *path)
{
	errno = 0;
	assert_null(path_absolute(cwd, path));
	assert_int_equal(errno, EINVAL);
}

static void
relative_path_starts_at_cwd(void **state)
{
	(void)state;
	expect("/home/u", "src/a.c", "/home/u/src/a.c");
	expect("/home/u/", "src", "/home/u/src");
	expect("/", "src", "/src");
	expect("/home//./u/../v", "src", "/home/v/src");
	expect("/home/u", "", "/home/u");
	expect("/home/u", ".", "/home/u");
	expect("/home/u", "./a:b", "/home/u/a:b");
}

static void
absolute_path_ignores_cwd(void **state)
{
	(void)state;
	expect("/home/u", "/src/a.c", "/src/a.c");
	expect(NULL, "/src", "/src");
	expect("not/absolute", "/src", "/src");
}

static void
steps_and_doubled_slashes_are_resolved(void **state)
{
	(void)state;
	expect("/", "/a//b///c", "/a/b/c");
	expect("/", "/a/./b/.", "/a/b");
	expect("/", "/a/b/../c", "/a/c");
	expect("/", "/a/b/../../c/", "/c");
	expect("/", "/a/", "/a");
	expect("/", "//", "/");
	expect("/a/b", "..", "/a");
	expect("/", "/...", "/...");
	expect("/", "/.a/..b", "/.a/..b");
}

static void
nothing_is_above_the_root(void **state)
{
	(void)state;
	expect("/", "..", "/");
	expect("/a", "../../../b", "/b");
}

static void
wildcards_are_plain_text(void **state)
{
	(void)state;
	expect("/p", "*.[ch]", "/p/*.[ch]");
	expect("/p", "**/x", "/p/**/x");
	expect("/p", "*/../x", "/p/x");
	expect("/p", "a?[b]/../x", "/p/x");
	expect("/p", "{a,b/c}/d", "/p/{a,b/c}/d");
	expect("/p", "a,b/../x", "/p/x");
	expect("/p", "\\{a,b\\}/../x", "/p/x");
}

static void
step_up_from_an_uncertain_component_is_refused(void **state)
{
	(void)state;
	expect_refusal("/p", "**/..");
	expect_refusal("/p", "a/**/../b");
	expect_refusal("/p", "{a,b/c}/../d");
	expect_refusal("/p", "{a/../b,c}");
	expect_refusal("/p", "{a/b,c/../d}");
	expect_refusal("/p", "[a/../b]");
	expect("/p", "{a,b/x/../c}", "/p/{a,b/c}");
}

static void
relative_path_needs_an_absolute_cwd(void **state)
{
	(void)state;
	expect_refusal("home", "a");
	expect_refusal("", "a");
	expect_refusal(NULL, "a");
}

static void
quoted_folder_is_plain_in_a_pattern(void **state)
{
	char *got = path_quote("/a*[b]{c}\\?");

	(void)state;
	assert_non_null(got);
	assert_string_equal(got, "/a\\*\\[b]\\{c\\}\\\\\\?");
	expect(got, "x", "/a\\*\\[b]\\{c\\}\\\\\\?/x");
	expect(got, "..", "/");
	free(got);
}

static void
resource_has_a_lower_case_word_and_a_colon(void **state)
{
	(void)state;
	assert_true(path_is_resource("port:8080"));
	assert_true(path_is_resource("gpu:0"));
	assert_true(path_is_resource("a_b-2:"));
	assert_false(path_is_resource("./a:b"));
	assert_false(path_is_resource("/a:b"));
	assert_false(path_is_resource("2a:b"));
	assert_false(path_is_resource("_a:b"));
	assert_false(path_is_resource("Port:1"));
	assert_false(path_is_resource("a/b:c"));
	assert_false(path_is_resource("port"));
	assert_false(path_is_resource(":a"));
	assert_false(path_is_resource(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relative_path_starts_at_cwd),
		cmocka_unit_test(absolute_path_ignores_cwd),
		cmocka_unit_test(steps_and_doubled_slashes_are_resolved),
		cmocka_unit_test(nothing_is_above_the_root),
		cmocka_unit_test(wildcards_are_plain_text),
		cmocka_unit_test(
		    step_up_from_an_uncertain_component_is_refused),
		cmocka_unit_test(relative_path_needs_an_absolute_cwd),
		cmocka_unit_test(quoted_folder_is_plain_in_a_pattern),
		cmocka_unit_test(resource_has_a_lower_case_word_and_a_colon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
