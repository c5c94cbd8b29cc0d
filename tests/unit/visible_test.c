#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "cli/visible.h"

/* What is shown of a text in so many columns, and that it takes them. */
static void
shows_in(int columns, const char *text, size_t len, const char *wanted,
    int used)
{
	char *shown;
	size_t size;
	FILE *out = open_memstream(&shown, &size);

	assert_non_null(out);
	assert_int_equal(visible_put(out, text, len, columns), used);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(shown, wanted);
	free(shown);
}

static void
shows(const char *text, const char *wanted, int used)
{
	shows_in(-1, text, strlen(text), wanted, used);
}

static void
leaves_plain_text_alone(void **state)
{
	(void)state;
	shows("", "", 0);
	shows("make -k 'a\\b' 100%", "make -k 'a\\b' 100%", 18);
	shows("gr\303\274n", "gr\303\274n", 4);
}

static void
counts_wide_and_combining_characters(void **state)
{
	(void)state;
	shows("\346\227\245\346\234\254", "\346\227\245\346\234\254", 4);
	shows("e\314\201", "e\314\201", 1);
}

static void
shows_control_characters(void **state)
{
	(void)state;
	shows("a\033[2Jb", "a\\033[2Jb", 9);
	shows("a\nb\tc\r", "a\\nb\\tc\\r", 9);
	shows("\177", "\\177", 4);
	shows_in(-1, "a\0b", 3, "a\\0b", 4);
}

static void
shows_c1_as_characters(void **state)
{
	(void)state;
	shows("\302\233"
	      "31m",
	    "\\u009b31m", 9);
	shows("\302\205", "\\u0085", 6);
}

static void
shows_what_turns_a_line_around(void **state)
{
	(void)state;
	shows("a\342\200\256b", "a\\u202eb", 8);
	shows("\342\201\246", "\\u2066", 6);
	shows("\342\200\216", "\\u200e", 6);
}

static void
shows_what_has_no_width(void **state)
{
	(void)state;
	shows("r\342\200\213m", "r\\u200bm", 8);
	shows("\357\273\277", "\\ufeff", 6);
	shows("\363\240\201\201", "\\U000e0041", 10);
}

static void
shows_bytes_that_are_no_utf8(void **state)
{
	(void)state;
	shows("\377a", "\\xffa", 5);
	shows("\300\200", "\\xc0\\x80", 8);
	shows("\355\240\200", "\\xed\\xa0\\x80", 12);
	shows("a\342\200", "a\\xe2\\x80", 9);
}

static void
cuts_between_characters(void **state)
{
	(void)state;
	shows_in(3, "abcdef", 6, "abc", 3);
	shows_in(0, "abc", 3, "", 0);
	shows_in(3, "\346\227\245\346\234\254", 6, "\346\227\245", 2);
	shows_in(3, "ab\033", 3, "ab", 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_plain_text_alone),
		cmocka_unit_test(counts_wide_and_combining_characters),
		cmocka_unit_test(shows_control_characters),
		cmocka_unit_test(shows_c1_as_characters),
		cmocka_unit_test(shows_what_turns_a_line_around),
		cmocka_unit_test(shows_what_has_no_width),
		cmocka_unit_test(shows_bytes_that_are_no_utf8),
		cmocka_unit_test(cuts_between_characters),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
