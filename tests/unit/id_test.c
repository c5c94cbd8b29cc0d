#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "task/id.h"

#define EPOCH INT64_C(1577836800000000) /* 2020 */
#define NOW   INT64_C(1795255200123456)

static void
it_says_when(void **state)
{
	char id[ID_SIZE];

	(void)state;
	id_make(NOW, 12345, id);
	assert_true(id_ok(id));
	assert_int_equal(strlen(id), ID_LEN);
	assert_int_equal(id_time(id), NOW);
	id_make(EPOCH, 0, id);
	assert_string_equal(id, "0000000000000000");
	assert_int_equal(id_time(id), EPOCH);
}

static void
they_sort_by_their_place(void **state)
{
	static const int64_t steps[] = { 1, 2, 31, 32, 1000000, 86400000000 };
	char early[ID_SIZE], late[ID_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		id_make(NOW, UINT32_MAX, early);
		id_make(NOW + steps[i], 0, late);
		assert_true(strcmp(early, late) < 0);
	}
}

static void
chance_is_in_the_last_five(void **state)
{
	char a[ID_SIZE], b[ID_SIZE];

	(void)state;
	id_make(NOW, 0, a);
	id_make(NOW, (1U << 25) - 1, b);
	assert_memory_equal(a, b, ID_PLACE);
	assert_string_equal(a + ID_PLACE, "00000");
	assert_string_equal(b + ID_PLACE, "zzzzz");
	id_make(NOW, UINT32_MAX, a);
	assert_string_equal(a, b);
}

static void
times_out_of_its_range_are_its_ends(void **state)
{
	char place[ID_PLACE + 1];

	(void)state;
	id_place(0, place);
	assert_string_equal(place, "00000000000");
	id_place(INT64_MIN, place);
	assert_string_equal(place, "00000000000");
	id_place(INT64_MAX, place);
	assert_string_equal(place, "zzzzzzzzzzz");
	assert_true(id_place_time(place) > NOW);
}

static void
a_bucket_is_about_a_second(void **state)
{
	char id[ID_SIZE], bucket[ID_BUCKET + 1], next[ID_BUCKET + 1];

	(void)state;
	id_make(NOW, 7, id);
	id_bucket(id, bucket);
	assert_int_equal(strlen(bucket), ID_BUCKET);
	assert_memory_equal(id, bucket, ID_BUCKET);
	id_make(NOW + (1 << 20), 7, id);
	id_bucket(id, next);
	assert_true(strcmp(bucket, next) < 0);
}

static void
what_is_none_is_refused(void **state)
{
	static const char *const bad[] = { "", "0123456789abcde",
		"0123456789abcdefg", "0123456789abcdeF", "0123456789abcdei",
		"0123456789abcdel", "0123456789abcdeo", "0123456789abcdeu",
		"0123456789abcde/", "../../../../etc/", "0123456789abcde\n" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(id_ok(bad[i]));
	assert_true(id_ok("0123456789abcdef"));
	assert_true(id_ok("zzzzzzzzzzzzzzzz"));
}

static void
names_are_plain(void **state)
{
	static const char *const bad[] = { "", "_a", "-a", ".", "..", "a.b",
		"A", "a b", "a/b", "é", "a\n" };
	char longest[NAME_SIZE + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(name_ok(bad[i]));
	assert_true(name_ok("a"));
	assert_true(name_ok("0"));
	assert_true(name_ok("night-shift_2"));
	memset(longest, 'a', sizeof(longest));
	longest[64] = '\0';
	assert_true(name_ok(longest));
	longest[64] = 'a';
	longest[65] = '\0';
	assert_false(name_ok(longest));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_when),
		cmocka_unit_test(they_sort_by_their_place),
		cmocka_unit_test(chance_is_in_the_last_five),
		cmocka_unit_test(times_out_of_its_range_are_its_ends),
		cmocka_unit_test(a_bucket_is_about_a_second),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(names_are_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
