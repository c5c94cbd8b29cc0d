#include "folder.h"

#include "base/names.h"

static void
make(const char *name)
{
	AUTO_FD fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_int_not_equal(fd, -1);
}

static bool
is_json(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

static int
stop_at_b(const char *name, void *arg)
{
	++*(int *)arg;
	return strcmp(name, "b") == 0 ? 7 : 0;
}

static void
names_are_sorted_and_without_dots(void **state)
{
	AUTO_NAMES names = { 0 };

	(void)state;
	make("b");
	make(".hidden");
	make("a");
	make("B");
	make("ab");
	assert_int_equal(names_read(dir, ".", NULL, &names), 0);
	assert_int_equal(names.n, 4);
	assert_string_equal(names.v[0], "B");
	assert_string_equal(names.v[1], "a");
	assert_string_equal(names.v[2], "ab");
	assert_string_equal(names.v[3], "b");
	assert_null(names.v[4]);
}

static void
only_wanted_names_are_read(void **state)
{
	AUTO_NAMES names = { 0 };
	char first[16];

	(void)state;
	make("a");
	make("c.json");
	make("b.json");
	assert_int_equal(names_read(dir, ".", is_json, &names), 0);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.v[0], "b.json");
	assert_int_equal(names_first(dir, ".", is_json, first, sizeof(first)),
	    1);
	assert_string_equal(first, "b.json");
}

static void
an_empty_folder_has_no_names(void **state)
{
	AUTO_NAMES names = { 0 };
	char first[16];

	(void)state;
	assert_int_equal(names_read(dir, ".", NULL, &names), 0);
	assert_int_equal(names.n, 0);
	assert_int_equal(names_first(dir, ".", NULL, first, sizeof(first)), 0);
}

static void
a_folder_that_is_not_there_has_no_names(void **state)
{
	AUTO_NAMES names = { 0 };
	char first[16];

	(void)state;
	assert_int_equal(names_read(dir, "none", NULL, &names), 0);
	assert_int_equal(names.n, 0);
	assert_int_equal(names_first(dir, "none", NULL, first, sizeof(first)),
	    0);
}

static void
what_is_no_folder_is_trouble(void **state)
{
	struct names names;
	char first[16];

	(void)state;
	make("f");
	assert_int_equal(names_read(dir, "f", NULL, &names), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_null(names.v);
	assert_int_equal(names_first(dir, "f", NULL, first, sizeof(first)), -1);
}

static void
a_first_name_that_finds_no_room_is_trouble(void **state)
{
	char first[4];

	(void)state;
	make("abcd");
	assert_int_equal(names_first(dir, ".", NULL, first, sizeof(first)), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	make("abc");
	assert_int_equal(unlinkat(dir, "abcd", 0), 0);
	assert_int_equal(names_first(dir, ".", NULL, first, sizeof(first)), 1);
	assert_string_equal(first, "abc");
}

static void
many_names_are_all_read(void **state)
{
	AUTO_NAMES names = { 0 };
	char name[32];
	size_t i;

	(void)state;
	for (i = 0; i < 1500; i++) {
		(void)snprintf(name, sizeof(name), "%06zu", 1499 - i);
		make(name);
	}
	assert_int_equal(names_read(dir, ".", NULL, &names), 0);
	assert_int_equal(names.n, 1500);
	for (i = 0; i < names.n; i++) {
		(void)snprintf(name, sizeof(name), "%06zu", i);
		assert_string_equal(names.v[i], name);
	}
}

static void
an_answer_ends_the_walk(void **state)
{
	int count = 0;

	(void)state;
	make("a");
	make("c");
	assert_int_equal(names_each(dir, ".", stop_at_b, &count), 0);
	assert_int_equal(count, 2);
	make("b");
	assert_int_equal(names_each(dir, ".", stop_at_b, &count), 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(names_are_sorted_and_without_dots),
		IN_FOLDER(only_wanted_names_are_read),
		IN_FOLDER(an_empty_folder_has_no_names),
		IN_FOLDER(a_folder_that_is_not_there_has_no_names),
		IN_FOLDER(what_is_no_folder_is_trouble),
		IN_FOLDER(a_first_name_that_finds_no_room_is_trouble),
		IN_FOLDER(many_names_are_all_read),
		IN_FOLDER(an_answer_ends_the_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
