#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MOMENT	 INT64_C(1795255200000000) /* 2026-11-21T10:00:00Z */

static void
a_moment_is_written_with_microseconds_in_utc(void **state)
{
	char text[CLOCK_TEXT], day[CLOCK_DAY];

	(void)state;
	clock_format(MOMENT + 7, text);
	assert_string_equal(text, "2026-11-21T10:00:00.000007Z");
	clock_day(MOMENT, day);
	assert_string_equal(day, "2026-11-21");
	clock_format(0, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
	clock_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
}

static void
what_was_written_is_read_back(void **state)
{
	char text[CLOCK_TEXT];
	int64_t at, step = INT64_C(98765432109876), back;

	(void)state;
	for (at = 0; at < INT64_C(253402300800000000); at += step) {
		clock_format(at, text);
		assert_int_equal(clock_parse(text, &back), 0);
		assert_true(back == at);
	}
}

static void
offsets_and_fractions_are_understood(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} same[] = {
		{ "2026-11-21T10:00:00", MOMENT },
		{ "2026-11-21T10:00:00Z", MOMENT },
		{ "2026-11-21t10:00:00z", MOMENT },
		{ "2026-11-21 10:00:00", MOMENT },
		{ "2026-11-21T11:30:00+01:30", MOMENT },
		{ "2026-11-20T23:00:00-11:00", MOMENT },
		{ "2026-11-21T10:00:00.5Z", MOMENT + 500000 },
		{ "2026-11-21T10:00:00.000001999+00:00", MOMENT + 1 },
		{ "2028-02-29T00:00:00Z", INT64_C(1835395200000000) },
	};
	int64_t at;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(same); i++) {
		assert_int_equal(clock_parse(same[i].text, &at), 0);
		assert_true(at == same[i].at);
	}
}

static void
what_is_no_moment_is_refused(void **state)
{
	static const char *const bad[] = { "", "2026", "2026-11-21",
		"2026-11-21T10:00", "2026-11-21T10:00:00.",
		"2026-11-21T10:00:00ZZ", "2026-11-21T10:00:00 Z",
		" 2026-11-21T10:00:00Z", "2026-1-21T10:00:00Z",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z",
		"2026-11-21T10:00:60Z", "2026-11-21T10:00:99Z",
		"2026-11-21T10:00:00+1:00", "2026-11-21T10:00:00+0100",
		"2026-11-21T10:00:00+24:00", "2026-11-21T10:00:00+01:60",
		"1969-12-31T23:59:59Z", "20261121T100000Z", "+5m", "now" };
	int64_t at;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		assert_int_equal(clock_parse(bad[i], &at), -1);
}

static void
durations_are_exact(void **state)
{
	static const struct {
		const char *text;
		int64_t span;
	} same[] = {
		{ "0", 0 },
		{ "0s", 0 },
		{ "90s", 90 * CLOCK_SECOND },
		{ "5m", 300 * CLOCK_SECOND },
		{ "2h", 7200 * CLOCK_SECOND },
		{ "1d", 86400 * CLOCK_SECOND },
		{ "1h30m", 5400 * CLOCK_SECOND },
		{ "0.5h", 1800 * CLOCK_SECOND },
		{ "1.5s", 1500000 },
		{ "0.29s", 290000 },
		{ "0.000001s", 1 },
		{ "0.0000019s", 1 },
		{ "0.1d0.1s", 8640 * CLOCK_SECOND + 100000 },
		{ "000000000000000000000000001s", CLOCK_SECOND },
		{ "36500d", INT64_C(36500) * 86400 * CLOCK_SECOND },
	};
	int64_t span;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(same); i++) {
		assert_int_equal(clock_duration(same[i].text, &span), 0);
		assert_true(span == same[i].span);
	}
}

static void
what_is_no_duration_is_refused(void **state)
{
	static const char *const bad[] = { "", "5", "s", "5x", "-5s", "+5s",
		" 5s", "5 s", "5s ", "1.s", ".5s", "1.2.3s", "0x10s", "1e3s",
		"1,5s", "1h30", "inf", "nans", "36501d", "36500d1s",
		"99999999999999999999999999d", "9223372036854775807s", "00",
		"0m0" };
	int64_t span;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		assert_int_equal(clock_duration(bad[i], &span), -1);
}

static void
a_duration_is_written_short_and_read_back(void **state)
{
	static const struct {
		int64_t span;
		const char *text;
	} same[] = {
		{ 0, "0s" },
		{ 1, "0.000001s" },
		{ 1500000, "1.5s" },
		{ 59 * CLOCK_SECOND, "59s" },
		{ 60 * CLOCK_SECOND, "1m" },
		{ 90 * CLOCK_SECOND, "90s" },
		{ 5400 * CLOCK_SECOND, "90m" },
		{ 86400 * CLOCK_SECOND, "1d" },
		{ 123456789 * CLOCK_SECOND + 654321, "123456789.654321s" },
	};
	char text[24];
	int64_t span;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(same); i++) {
		clock_duration_format(same[i].span, text);
		assert_string_equal(text, same[i].text);
		assert_int_equal(clock_duration(text, &span), 0);
		assert_true(span == same[i].span);
	}
}

static void
the_clocks_go_on(void **state)
{
	int64_t now = clock_now(), steady = clock_steady();

	(void)state;
	assert_true(now > INT64_C(1700000000) * CLOCK_SECOND);
	assert_true(clock_steady() >= steady);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_is_written_with_microseconds_in_utc),
		cmocka_unit_test(what_was_written_is_read_back),
		cmocka_unit_test(offsets_and_fractions_are_understood),
		cmocka_unit_test(what_is_no_moment_is_refused),
		cmocka_unit_test(durations_are_exact),
		cmocka_unit_test(what_is_no_duration_is_refused),
		cmocka_unit_test(a_duration_is_written_short_and_read_back),
		cmocka_unit_test(the_clocks_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
