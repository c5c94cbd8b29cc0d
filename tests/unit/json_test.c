#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "task/json.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define YES(t)                                                                 \
	{                                                                      \
		t, sizeof(t) - 1, 0, NULL                                      \
	}
#define NO(t, at)                                                              \
	{                                                                      \
		t, sizeof(t) - 1, at, NULL                                     \
	}
#define NO_WHAT(t, at, what)                                                   \
	{                                                                      \
		t, sizeof(t) - 1, at, what                                     \
	}

struct sample {
	const char *text;
	size_t len;
	size_t at;
	const char *what;
};

/* A copy that ends where the text ends, so that reading on is noticed. */
static char *
exact(const char *text, size_t len)
{
	char *copy = malloc(len == 0 ? 1 : len);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return copy;
}

static int
check(const char *text, size_t len, const char *lax, struct json_fault *fault)
{
	char *copy = exact(text, len);
	int answer;

	memset(fault, 0xff, sizeof(*fault));
	answer = json_check(copy, len, lax, fault);
	free(copy);
	return answer;
}

static void
accepts_all(const struct sample *samples, size_t count)
{
	struct json_fault fault;
	size_t i;

	for (i = 0; i < count; i++) {
		errno = 0;
		if (check(samples[i].text, samples[i].len, NULL, &fault) != 0)
			fail_msg("refused: %s: %s at %zu", samples[i].text,
			    fault.what, fault.at);
		assert_int_equal(errno, 0);
	}
}

static void
refuses_all(const struct sample *samples, size_t count)
{
	const struct sample *s;
	struct json_fault fault;

	for (s = samples; s < samples + count; s++) {
		if (check(s->text, s->len, NULL, &fault) != -1)
			fail_msg("accepted: %s", s->text);
		assert_int_equal(errno, EINVAL);
		if (fault.at != s->at)
			fail_msg("%s: %s at %zu, not at %zu", s->text,
			    fault.what, fault.at, s->at);
		if (s->what != NULL)
			assert_string_equal(fault.what, s->what);
	}
}

static void
check_accepts_structures(void **state)
{
	static const struct sample samples[] = { YES("{}"), YES("[]"),
		YES("[[]]"), YES("[{}]"), YES("{\"a\":{}}"), YES("{\"a\":[]}"),
		YES("[[],[],{}]"), YES("true"), YES("false"), YES("null"),
		YES("\"\""), YES("0"), YES(" \t\r\n{ \t\r\n} \t\r\n"),
		YES("[ ]"), YES("[ 1 , 2 ]"), YES("{ \"a\" : 1 , \"b\" : 2 }"),
		YES("[null,true,false]"), YES("{\"\":0}"),
		YES("{\"a\":1,\"A\":2}"), YES("[1]\n"),
		YES("{\"a\":[{\"b\":[{\"c\":null}]}],\"d\":{}}"),
		YES("[[1],[2,[3]],\"x\"]"), YES(" 1"), YES("\"x\"\n"),
		YES("{\"[\":\"]\",\"{\":\"}\"}") };

	(void)state;
	accepts_all(samples, COUNT(samples));
}

static void
check_refuses_broken_structures(void **state)
{
	static const struct sample samples[] = { NO_WHAT("", 0, "cut short"),
		NO_WHAT(" ", 1, "cut short"), NO("[", 1), NO("{", 1),
		NO("]", 0), NO("}", 0), NO(",", 0), NO("[1", 2), NO("[1,", 3),
		NO("[1,]", 3), NO("[,1]", 1), NO("[1,,2]", 3), NO("[1 2]", 3),
		NO("[1}", 2), NO("{]", 1), NO("[1:2]", 2), NO("[\"a\":1]", 4),
		NO("[,]", 1), NO("{\"a\"}", 4), NO("{\"a\":}", 5),
		NO("{\"a\":1,}", 7), NO("{,\"a\":1}", 1),
		NO("{\"a\":1 \"b\":2}", 7), NO("{\"a\",1}", 4),
		NO("{\"a\"::1}", 5), NO("{a:1}", 1), NO("{'a':1}", 1),
		NO("{1:1}", 1), NO("{null:1}", 1), NO("{\"a\":1]", 6),
		NO("{\"a\":1,,\"b\":2}", 7), NO("{\"a\":1;\"b\":2}", 6),
		NO("{\"a\":1", 6), NO("{\"a\"", 4), NO("{\"a\":", 5),
		NO("{\"a", 3), NO("{\"a\":1,\"b\"", 10), NO("[]]", 2),
		NO("{}}", 2), NO("[][]", 2), NO("{}{}", 2),
		NO_WHAT("{} x", 3, "text behind the value"), NO("1 2", 2),
		NO("\"a\"\"b\"", 3), NO("null null", 5), NO("{}#", 2),
		NO("{}/**/", 2), NO("/**/{}", 0), NO("{/**/}", 1),
		NO("//\n{}", 0), NO("[1]x", 3), NO("[*]", 1), NO("()", 0),
		NO("<null>", 0), NO("[\f]", 1), NO("[\v1]", 1),
		NO("\xc2\xa0{}", 0), NO("{}\xe2\x81\xa0", 2), NO("\\", 0),
		NO("[\\n]", 1), NO("{\"a\":\"b\"\"c\"}", 8), NO("@", 0),
		NO("\x01{}", 0), NO("[\x1b]", 1), NO("\x7f", 0) };

	(void)state;
	refuses_all(samples, COUNT(samples));
}

static void
check_refuses_what_is_no_word(void **state)
{
	static const struct sample samples[] = { NO("tru", 3), NO("nul", 3),
		NO("fals", 4), NO("True", 0), NO("TRUE", 0), NO("nULL", 1),
		NO("trueish", 4), NO("nan", 1), NO("NaN", 0), NO("Infinity", 0),
		NO("undefined", 0), NO("[tru]", 4), NO("[fals,1]", 5),
		NO("[n]", 2), NO("'a'", 0), NO("[abc]", 1) };

	(void)state;
	refuses_all(samples, COUNT(samples));
}

static void
check_refuses_byte_order_marks_and_nul_bytes(void **state)
{
	static const struct sample samples[] = { NO("\xef\xbb\xbf{}", 0),
		NO("\xef\xbb\xbf", 0), NO("\xff\xfe{\0}\0", 0),
		NO("\xfe\xff\0{\0}", 0), NO("{}\0", 2), NO("\0{}", 0),
		NO("\0", 0), NO("[\0]", 1), NO("[1\0]", 2),
		NO("{\"a\0\":1}", 3), NO("[\"\0\"]", 2), NO("{}\0x", 2),
		NO("1\0", 1), NO("-\0", 1), NO("1e\0", 2), NO("tr\0e", 2) };

	(void)state;
	refuses_all(samples, COUNT(samples));
}

static void
check_accepts_strings(void **state)
{
	static const struct sample samples[] = {
		YES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), YES("\"\\u0001\""),
		YES("\"\\u001f\\u0020\\u007f\""), YES("\"\\uFFFF\\uffff\""),
		YES("\"\\uD800\\uDC00\""), YES("\"\\udbff\\udfff\""),
		YES("\"\\ud83d\\ude39\\ud83d\\udc8d\""), YES("\"\\uD7FF\""),
		YES("\"\\uE000\""), YES("\"\x7f\""), YES("\"\xc2\x80\""),
		YES("\"\xdf\xbf\""), YES("\"\xe0\xa0\x80\""),
		YES("\"\xed\x9f\xbf\""), YES("\"\xee\x80\x80\""),
		YES("\"\xef\xbf\xbf\""), YES("\"\xf0\x90\x80\x80\""),
		YES("\"\xf4\x8f\xbf\xbf\""),
		YES("\"\xe2\x80\xa8\xe2\x80\xa9\""), YES("\"\xef\xbb\xbf\""),
		YES("\"/*x*/\""), YES("\"'\""), YES("\"\\\\u0000\""),
		YES("\"\\\\\""), YES("\"\\\\\\\"\""), YES("\"a b,c:d[e]{f}\""),
		YES("\"\\u00e9\xc3\xa9\""), YES("{\"\xc3\xa9\":1,\"e\":2}"),
		YES("\"1e400\"")
	};

	(void)state;
	accepts_all(samples, COUNT(samples));
}

static void
check_refuses_broken_strings(void **state)
{
	static const struct sample samples[] = { NO_WHAT("\"", 1, "cut short"),
		NO("\"a", 2), NO("\"\\\"", 3),
		NO_WHAT("\"\n\"", 1, "raw control character in a string"),
		NO("\"a\tb\"", 2), NO("\"\x1b\"", 1), NO("\"\x01\"", 1),
		NO("\"\x1f\"", 1), NO("\"\r\"", 1), NO("\"\\\x01\"", 1),
		NO_WHAT("\"\\x41\"", 1, "unknown escape"), NO("\"\\a\"", 1),
		NO("\"\\'\"", 1), NO("\"\\0\"", 1), NO("\"\\v\"", 1),
		NO("\"\\U0041\"", 1), NO("\"\\\"", 3), NO("\"\\", 1),
		NO("\"\\u\"", 1), NO("\"\\u1\"", 1), NO("\"\\u12\"", 1),
		NO("\"\\u123\"", 1), NO("\"\\u123", 1), NO("\"\\u00g0\"", 1),
		NO("\"\\u 041\"", 1), NO("\"\\u+041\"", 1),
		NO("\"\\u0x41\"", 1), NO("\"\\u-001\"", 1),
		NO("\"\\\xc3\xa9\"", 1),
		NO_WHAT("\"a\\u0000\"", 2, "\\u0000 in a string"),
		NO("{\"id\\u0000x\":1}", 4),
		NO_WHAT("\"\\ud800\"", 1, "lone surrogate"),
		NO("\"\\udc00\"", 1), NO("\"\\udfff\"", 1),
		NO("\"\\uDBFF\"", 1), NO("\"\\ud800x\"", 1),
		NO("\"\\ud800\\n\"", 1), NO("\"\\ud800\\u\"", 1),
		NO("\"\\ud800\\u0041\"", 1), NO("\"\\ud800\\ud800\"", 1),
		NO("\"\\ud800\\ue000\"", 1), NO("\"\\udc00\\ud800\"", 1),
		NO("\"\\ud800\\udc0\"", 1), NO("\"x\\ud800\\", 2),
		NO("\"\\ud83d\\ude39\\ud83d\"", 13), NO("{\"\\ud800\":1}", 2) };

	(void)state;
	refuses_all(samples, COUNT(samples));
}

static void
check_refuses_what_is_not_utf8(void **state)
{
	static const struct sample samples[] = {
		NO_WHAT("\"\x80\"", 1, "not UTF-8"), NO("\"\xbf\"", 1),
		NO("\"\xff\"", 1), NO("\"\xfe\"", 1), NO("\"\xc0\xaf\"", 1),
		NO("\"\xc0\x80\"", 1), NO("\"\xc1\xbf\"", 1), NO("\"\xc3\"", 1),
		NO("\"\xc3\x28\"", 1), NO("\"a\xe9\"", 2),
		NO("\"\xe0\x80\x80\"", 1), NO("\"\xe0\x9f\xbf\"", 1),
		NO("\"\xe2\x82\"", 1), NO("\"\xe2\x28\xa1\"", 1),
		NO("\"\xed\xa0\x80\"", 1), NO("\"\xed\xbf\xbf\"", 1),
		NO("\"\xed\xa0\x80\xed\xb0\x80\"", 1),
		NO("\"\xf0\x80\x80\x80\"", 1), NO("\"\xf0\x8f\xbf\xbf\"", 1),
		NO("\"\xf0\x9f\x98\"", 1), NO("\"\xf4\x90\x80\x80\"", 1),
		NO("\"\xf5\x80\x80\x80\"", 1), NO("\"\xf7\xbf\xbf\xbf\"", 1),
		NO("\"\xf8\x88\x80\x80\x80\"", 1), NO("\"\xf0\x9f", 1),
		NO("\"\xfc\x84\x80\x80\x80\x80\"", 1), NO("\xff", 0),
		NO("{\"\xff\":1}", 2), NO("[\xe5]", 1),
		NO("\"\xc3\xa9\xa9\"", 3)
	};

	(void)state;
	refuses_all(samples, COUNT(samples));
}

static void
check_accepts_numbers_that_a_double_holds(void **state)
{
	static const struct sample samples[] = { YES("0"), YES("-0"), YES("-1"),
		YES("10"), YES("123"), YES("0.5"), YES("-0.5"), YES("0e0"),
		YES("0E+5"), YES("1e5"), YES("1E-5"), YES("1e+05"),
		YES("1.25e3"), YES("0e400"), YES("0.0e-99999999999999999999"),
		YES("-0.0"), YES("1e308"), YES("1.7976931348623157e308"),
		YES("2.2250738585072014e-308"), YES("9007199254740991"),
		YES("-9007199254740991"), YES("4294967296"), YES("1e22"),
		YES("1e23"), YES("0.12345678901234567"),
		YES("1234567890.1234567"),
		YES("0.00000000000000000000012345678901234567"),
		YES("1.00000000000000000000000000"),
		YES("0.10000000000000000000"), YES("100000000000000000000.0"),
		YES("100000000000000000000e-5"), YES("[1,2.5,-3e-3]"),
		YES("0.1"), YES("1e0000000000000000001"),
		YES("0."
		    "00000000000000000000000000000000000000000000000001e50") };

	(void)state;
	accepts_all(samples, COUNT(samples));
}

static void
check_refuses_what_is_no_number(void **state)
{
	static const struct sample samples[] = {
		NO_WHAT("0123", 1, "not a number"), NO("-0123", 2), NO("00", 1),
		NO("1.", 2), NO("[1.]", 3), NO("1.e5", 2), NO("+1", 0),
		NO(".5", 0), NO("-.5", 1), NO("-", 1), NO("[-]", 2),
		NO("--1", 1), NO("-a", 1), NO("1e", 2), NO("1e+", 3),
		NO("[1e-]", 4), NO("1ee5", 2), NO("1e5.5", 3), NO("1.2.3", 3),
		NO("1e1e1", 3), NO("0x10", 1), NO("0X1F", 1), NO("-0x1", 2),
		NO("1_000", 1), NO("1,000", 1), NO("1f", 1), NO("0b1", 1),
		NO("-Infinity", 1), NO("-NaN", 1), NO("1+2", 1), NO("1-", 1),
		NO("[0e]", 3), NO("[1 000]", 3), NO("0.1.", 3), NO("1e.5", 2),
		NO("\xef\xbc\x91", 0), NO("[1a]", 2), NO("1.5x", 3),
		NO("[-01]", 3), NO("{\"a\":+0}", 5)
	};

	(void)state;
	refuses_all(samples, COUNT(samples));
}

static void
check_refuses_numbers_that_a_double_loses(void **state)
{
	static const struct sample samples[] = { NO_WHAT("9007199254740992", 0,
						     "integer beyond 2^53-1"),
		NO("-9007199254740992", 0), NO("9007199254740993", 0),
		NO("10000000000000000", 0), NO("18446744073709551615", 0),
		NO("[100000000000000000000000000000]", 1),
		NO_WHAT("1e400", 0, "number too large"), NO("-1e400", 0),
		NO("1e309", 0), NO("1.8e308", 0), NO("123123e100000", 0),
		NO("1e99999999999999999999", 0), NO("0.1e310", 0),
		NO_WHAT("1e-400", 0, "number too small"), NO("4e-324", 0),
		NO("1e-99999999999999999999", 0), NO("-1e-310", 0),
		NO_WHAT("0.123456789012345678", 0, "more than 17 digits"),
		NO("3.141592653589793238", 0),
		NO("[1, 1.00000000000000000001]", 4),
		NO("123456789012345678.5", 0), NO("123456789012345678e5", 0),
		NO("{\"a\":{\"b\":1e400}}", 10) };

	(void)state;
	refuses_all(samples, COUNT(samples));
}

static void
check_lets_a_lax_member_keep_its_numbers(void **state)
{
	static const char *const good[] = {
		"{\"meta\":9007199254740993}",
		"{\"meta\":1e400,\"a\":1}",
		"{\"a\":1,\"meta\":{\"b\":[1e400,0.1234567890123456789]}}",
		"{\"m\\u0065ta\":1e-400}",
	};
	static const char *const bad[] = {
		"{\"meta\":0123}",
		"{\"meta\":1.}",
		"{\"meta\":NaN}",
		"{\"meta\":{},\"a\":1e400}",
		"{\"a\":1e400,\"meta\":1}",
		"{\"a\":{\"meta\":1e400}}",
		"[{\"meta\":1e400}]",
		"1e400",
		"{\"Meta\":1e400}",
		"{\"met\":1e400}",
		"{\"metas\":1e400}",
		"{\"meta\":{\"a\":1,\"a\":2}}",
		"{\"meta\":\"\\u0000\"}",
	};
	struct json_fault fault;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		assert_int_equal(check(good[i], strlen(good[i]), "meta",
				     &fault),
		    0);
		assert_int_equal(check(good[i], strlen(good[i]), NULL, &fault),
		    -1);
	}
	for (i = 0; i < COUNT(bad); i++)
		assert_int_equal(check(bad[i], strlen(bad[i]), "meta", &fault),
		    -1);
}

static void
check_refuses_a_key_given_twice(void **state)
{
	static const struct sample samples[] = { NO_WHAT("{\"a\":1,\"a\":2}", 7,
						     "key given twice"),
		NO("{\"a\":1,\"a\":1}", 7), NO("{\"\":1,\"\":2}", 6),
		NO("{\"a\":1,\"\\u0061\":2}", 7),
		NO("{\"\\u0061\":1,\"a\":2}", 12),
		NO("{\"\\u00e9\":1,\"\xc3\xa9\":2}", 12),
		NO("{\"\\ud83d\\ude39\":1,\"\xf0\x9f\x98\xb9\":2}", 18),
		NO("{\"/\":1,\"\\/\":2}", 7),
		NO("{\"\\n\":1,\"\\u000A\":2}", 8),
		NO("{\"\\\"\":1,\"\\u0022\":2}", 8),
		NO("[{\"a\":1,\"b\":2,\"a\":3}]", 14),
		NO("{\"a\":{\"b\":1,\"b\":2}}", 12),
		NO("{\"a\":{\"a\":{}},\"a\":2}", 14),
		NO("{\"a\":[{\"b\":[]},{\"c\":1,\"c\":2}]}", 22) };
	static const struct sample good[] = { YES("{\"a\":{\"a\":{\"a\":1}}}"),
		YES("[{\"a\":1},{\"a\":1}]"), YES("{\"a\":1,\"aa\":2,\"\":3}"),
		YES("{\"a\":1,\"\\\\u0061\":2}"),
		YES("{\"a\":{\"b\":1},\"b\":{\"a\":1}}"),
		YES("{\"\xc3\xa9\":1,\"e\\u0301\":2}"),
		YES("{\"x\":{\"k\":1},\"y\":{\"k\":1},\"k\":1}") };

	(void)state;
	refuses_all(samples, COUNT(samples));
	accepts_all(good, COUNT(good));
}

/* An object of so many different keys, then the tail. */
static char *
many_keys(int count, const char *tail, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);
	int i;

	assert_non_null(out);
	for (i = 0; i < count; i++)
		(void)fprintf(out, "%c\"%x\":0", "{,"[i > 0], (unsigned int)i);
	(void)fputs(tail, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
check_judges_a_hundred_thousand_keys(void **state)
{
	struct json_fault fault;
	size_t len;
	AUTO_STR good = many_keys(100000, "}", &len);
	AUTO_STR bad = NULL;

	(void)state;
	assert_int_equal(json_check(good, len, NULL, &fault), 0);
	bad = many_keys(100000, ",\"\\u0037\":1}", &len);
	assert_int_equal(json_check(bad, len, NULL, &fault), -1);
	assert_string_equal(fault.what, "key given twice");
	assert_string_equal(fault.key, "7");
	assert_int_equal(fault.at, len - strlen("\"\\u0037\":1}"));
}

static void
place(char *at, const char *piece)
{
	while (*piece != '\0')
		*at++ = *piece++;
}

static void
check_judges_very_long_keys(void **state)
{
	static char text[JSON_MAX];
	size_t half = JSON_MAX / 2 - 20, len = half * 2 + 7;
	struct json_fault fault;

	(void)state;
	memset(text, 'k', sizeof(text));
	place(text, "{\"");
	place(text + half + 2, "\":1,\"");
	place(text + len, "\":2}");
	assert_int_equal(json_check(text, len + 4, NULL, &fault), -1);
	assert_string_equal(fault.what, "key given twice");
	assert_int_equal(fault.at, half + 6);
	assert_int_equal(strlen(fault.key), 64);
	text[len - 1] = 'x';
	assert_int_equal(json_check(text, len + 4, NULL, &fault), 0);
}

static void
check_bounds_the_depth(void **state)
{
	char text[4 * (JSON_DEPTH + 1)];
	struct json_fault fault;
	size_t n = JSON_DEPTH, i;

	(void)state;
	memset(text, '[', n);
	memset(text + n, ']', n);
	assert_int_equal(check(text, 2 * n, NULL, &fault), 0);
	memset(text, '[', n + 1);
	memset(text + n + 1, ']', n + 1);
	assert_int_equal(check(text, 2 * n + 2, NULL, &fault), -1);
	assert_string_equal(fault.what, "nested too deep");
	assert_int_equal(fault.at, n);
	for (i = 0; i < n; i++)
		place(text + 4 * i, "{\"\":");
	text[4 * n] = '[';
	assert_int_equal(check(text, 4 * n + 1, NULL, &fault), -1);
	assert_int_equal(fault.at, 4 * n);
}

static void
check_bounds_the_size(void **state)
{
	static char text[JSON_MAX + 4];
	size_t size = sizeof(text);
	struct json_fault fault;

	(void)state;
	memset(text, ' ', size);
	text[0] = '1';
	assert_int_equal(json_check(text, JSON_MAX, NULL, &fault), 0);
	assert_int_equal(json_check(text, JSON_MAX + 1, NULL, &fault), -1);
	assert_string_equal(fault.what, "longer than 1 MiB");
	assert_int_equal(fault.at, JSON_MAX);
	memset(text, 'a', size);
	text[0] = text[JSON_MAX - 1] = '"';
	assert_int_equal(json_check(text, JSON_MAX, NULL, &fault), 0);
	assert_int_equal(json_first(text, size, NULL, &fault), JSON_MAX);
	text[JSON_MAX - 1] = 'a';
	text[JSON_MAX] = '"';
	assert_int_equal(json_check(text, JSON_MAX + 1, NULL, &fault), -1);
	assert_string_equal(fault.what, "longer than 1 MiB");
	assert_int_equal(json_first(text, size, NULL, &fault), JSON_MAX + 1);
	memset(text, '1', size);
	assert_int_equal(json_first(text, size, NULL, &fault), -1);
}

static void
check_refuses_a_text_cut_at_any_byte(void **state)
{
	static const char text
	    [] = "{\"id\": \"x\\u00e9\\ud83d\\ude39\xc3\xa9\xf0\x9f\x98\xb9\", "
		 "\"n\":[-1.5e+3,0,true,false,null,{}],\"o\":{\"a\":[[]],\"b\":"
		 "\"\\\\\"}}";
	struct json_fault fault;
	size_t len;

	(void)state;
	assert_int_equal(check(text, sizeof(text) - 1, NULL, &fault), 0);
	for (len = 0; len < sizeof(text) - 1; len++) {
		assert_int_equal(check(text, len, NULL, &fault), -1);
		assert_true(fault.at <= len);
		assert_int_equal(json_first(text, len, NULL, &fault), -1);
	}
}

static void
fault_names_the_top_level_key(void **state)
{
	static const struct {
		const char *text;
		const char *key;
	} samples[] = { { "{\"prio\":01}", "prio" },
		{ "{\"a\":[1,{\"b\":1.}]}", "a" },
		{ "{\"a\":1,\"b\":\"\\x\"}", "b" }, { "{\"a\":1x}", "a" },
		{ "{\"a\":1,\"b\"}", "" }, { "{\"a\":1,x", "" },
		{ "{\"a\":1,\"a\":1}", "a" }, { "{\"a\":1}x", "" },
		{ "{\"a\":{\"b\":{}},\"c\":[", "c" }, { "[{\"a\":x}]", "" },
		{ "{\"a\\n\\u001b[m\\u007f\\u009b\":x}", "a??[m??" },
		{ "{\"\xc2\x9b\x7f\":x}", "??" },
		{ "{\"\\u00e9\":x}", "\xc3\xa9" },
		{ "{\"\\\"\\\\\":x}", "\"\\" }, { "x", "" }, { "{}x", "" },
		{ "{\"\\ud83d\\ude39\":x}", "\xf0\x9f\x98\xb9" } };
	struct json_fault fault;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		assert_int_equal(check(samples[i].text, strlen(samples[i].text),
				     NULL, &fault),
		    -1);
		assert_string_equal(fault.key, samples[i].key);
	}
}

static void
fault_cuts_a_long_key_between_characters(void **state)
{
	char text[256], want[65];
	struct json_fault fault;

	(void)state;
	memset(want, 'k', 63);
	want[63] = '\0';
	(void)snprintf(text, sizeof(text), "{\"%s\xc3\xa9xyz\":x}", want);
	assert_int_equal(check(text, strlen(text), NULL, &fault), -1);
	assert_string_equal(fault.key, want);
	(void)snprintf(text, sizeof(text), "{\"%slxyz\":x}", want);
	assert_int_equal(check(text, strlen(text), NULL, &fault), -1);
	assert_int_equal(strlen(fault.key), 64);
}

static void
first_measures_one_value_and_leaves_the_rest(void **state)
{
	static const struct {
		const char *text;
		ssize_t len;
	} samples[] = { { "{\"a\":1}", 7 }, { "{\"a\":1}\n{\"b\":2}\n", 7 },
		{ " \n {} x", 5 }, { "[1][2", 3 }, { "{}}", 2 },
		{ "\"a\"\"", 3 }, { "1 2", 1 }, { "12", 2 }, { "null,", 4 },
		{ "{} \xff", 2 }, { "[]\x01", 2 }, { "", -1 }, { "  ", -1 },
		{ "{\"a\":1", -1 }, { "x{}", -1 }, { "01", -1 }, { "1.", -1 },
		{ "1e400 ", -1 }, { "{\"a\":1,\"a\":2} {}", -1 },
		{ "\"\\ud800\" 1", -1 }, { "[1,] 2", -1 },
		{ "{\"meta\":1e400}", -1 }, { "-", -1 }, { "\"a", -1 } };
	struct json_fault fault;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		AUTO_STR copy = exact(samples[i].text, strlen(samples[i].text));

		assert_int_equal(json_first(copy, strlen(samples[i].text), NULL,
				     &fault),
		    samples[i].len);
	}
}

static int
print_member(const struct json_member *m, void *arg)
{
	return fprintf(arg, "<%.*s>=<%.*s>\n", (int)m->key_len, m->key,
		   (int)m->value_len, m->value) < 0;
}

static int
stop_at_b(const struct json_member *m, void *arg)
{
	++*(int *)arg;
	return json_key_is(m, "b") ? 7 : 0;
}

static void
members_shows_keys_and_values_as_written(void **state)
{
	static const char text[] = " { \"a\" :  1 ,\"\\u0062\":[ 1, "
				   "{\"x\":\"}\"} ] , \"\": \"\\\"]\" "
				   ",\"d\":{},\"e\":-1.5e+9\t,\"f\":true\n}\n";
	static const char want[] = "<a>=<1>\n<\\u0062>=<[ 1, {\"x\":\"}\"} ]>\n"
				   "<>=<\"\\\"]\">\n<d>=<{}>\n<e>=<-1.5e+9>\n"
				   "<f>=<true>\n";
	struct json_fault fault;
	AUTO_STR got = NULL;
	AUTO_STR copy = exact(text, sizeof(text) - 1);
	size_t len;
	FILE *out = open_memstream(&got, &len);

	(void)state;
	assert_non_null(out);
	assert_int_equal(json_check(copy, sizeof(text) - 1, NULL, &fault), 0);
	assert_int_equal(json_members(copy, sizeof(text) - 1, print_member,
			     out),
	    0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, want);
}

static void
members_keeps_numbers_that_a_double_loses(void **state)
{
	static const char text[] = "{\"meta\":12345678901234567890}";
	AUTO_STR got = NULL;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	(void)state;
	assert_non_null(out);
	assert_int_equal(json_members(text, sizeof(text) - 1, print_member,
			     out),
	    0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, "<meta>=<12345678901234567890>\n");
}

static void
members_stops_at_the_first_answer(void **state)
{
	static const char text[] = "{\"a\":1,\"\\u0062\":2,\"c\":3}";
	int seen = 0;

	(void)state;
	assert_int_equal(json_members(text, sizeof(text) - 1, stop_at_b, &seen),
	    7);
	assert_int_equal(seen, 2);
}

static void
members_refuses_what_is_no_object(void **state)
{
	static const char *const texts[] = { "[]", "1", "\"{}\"", "", " ",
		"null", "[{\"a\":1}]" };
	int seen = 0;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++)
		assert_int_equal(json_members(texts[i], strlen(texts[i]),
				     stop_at_b, &seen),
		    -1);
	assert_int_equal(seen, 0);
	assert_int_equal(json_members(" {\n} ", 5, stop_at_b, &seen), 0);
	assert_int_equal(seen, 0);
}

static void
key_is_compares_the_decoded_key(void **state)
{
	static const struct {
		const char *key;
		const char *name;
		bool same;
	} samples[] = { { "id", "id", true }, { "i\\u0064", "id", true },
		{ "", "", true }, { "\xc3\xa9", "\xc3\xa9", true },
		{ "\\u00E9", "\xc3\xa9", true }, { "\\\\", "\\", true },
		{ "\\ud83d\\ude39", "\xf0\x9f\x98\xb9", true },
		{ "ID", "id", false }, { "id", "idx", false },
		{ "idx", "id", false }, { "", "a", false }, { "a", "", false },
		{ "\\\\u0061", "a", false }, { "\xc3\xa9", "\xff", false } };
	struct json_member m = { .value = NULL };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		m.key = samples[i].key;
		m.key_len = strlen(m.key);
		assert_int_equal(json_key_is(&m, samples[i].name),
		    samples[i].same);
	}
}

static char *
put(const char *s, size_t len)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(json_put_string(out, s, len), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
put_string_escapes_what_it_must(void **state)
{
	static const struct {
		const char *s;
		const char *text;
	} samples[] = { { "", "\"\"" }, { "plain /", "\"plain /\"" },
		{ "\"\\", "\"\\\"\\\\\"" },
		{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
		{ "\x01\x1b\x1f\x7f", "\"\\u0001\\u001b\\u001f\\u007f\"" },
		{ "\xc3\xa9\xf0\x9f\x98\xb9", "\"\xc3\xa9\xf0\x9f\x98\xb9\"" },
		{ "a\xff-\xc3", "\"a\xef\xbf\xbd-\xef\xbf\xbd\"" },
		{ "\xed\xa0\x80",
		    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" } };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		AUTO_STR copy = exact(samples[i].s, strlen(samples[i].s));
		AUTO_STR text = put(copy, strlen(samples[i].s));

		assert_string_equal(text, samples[i].text);
	}
}

static void
put_string_passes_the_check_whatever_the_bytes(void **state)
{
	struct json_fault fault;
	unsigned int a, b;
	char s[4] = "x__x";

	(void)state;
	for (a = 0; a < 256; a++)
		for (b = 0; b < 256; b++) {
			AUTO_STR text = NULL;

			s[1] = (char)a;
			s[2] = (char)b;
			text = put(s, sizeof(s));
			assert_int_equal(check(text, strlen(text), NULL,
					     &fault),
			    0);
		}
}

static void
put_string_is_read_back_as_it_was(void **state)
{
	static const char
	    name[] = "a\"\\/\b\f\n\r\t\x01\x7f\xc2\x80\xe2\x82\xac"
		     "\xf4\x8f\xbf\xbf z";
	struct json_fault fault;
	struct json_member m = { .value = NULL };
	AUTO_STR text = put(name, sizeof(name) - 1);

	(void)state;
	assert_int_equal(check(text, strlen(text), NULL, &fault), 0);
	m.key = text + 1;
	m.key_len = strlen(text) - 2;
	assert_true(json_key_is(&m, name));
}

static void
put_key_writes_key_and_colon(void **state)
{
	AUTO_STR text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	assert_int_equal(json_put_key(out, "a\"b"), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "\"a\\\"b\":");
}

static void
put_says_when_it_cannot_write(void **state)
{
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	assert_int_equal(setvbuf(out, NULL, _IONBF, 0), 0);
	assert_int_equal(json_put_string(out, "x", 1), -1);
	assert_int_equal(json_put_key(out, "x"), -1);
	(void)fclose(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_accepts_structures),
		cmocka_unit_test(check_refuses_broken_structures),
		cmocka_unit_test(check_refuses_what_is_no_word),
		cmocka_unit_test(check_refuses_byte_order_marks_and_nul_bytes),
		cmocka_unit_test(check_accepts_strings),
		cmocka_unit_test(check_refuses_broken_strings),
		cmocka_unit_test(check_refuses_what_is_not_utf8),
		cmocka_unit_test(check_accepts_numbers_that_a_double_holds),
		cmocka_unit_test(check_refuses_what_is_no_number),
		cmocka_unit_test(check_refuses_numbers_that_a_double_loses),
		cmocka_unit_test(check_lets_a_lax_member_keep_its_numbers),
		cmocka_unit_test(check_refuses_a_key_given_twice),
		cmocka_unit_test(check_judges_a_hundred_thousand_keys),
		cmocka_unit_test(check_judges_very_long_keys),
		cmocka_unit_test(check_bounds_the_depth),
		cmocka_unit_test(check_bounds_the_size),
		cmocka_unit_test(check_refuses_a_text_cut_at_any_byte),
		cmocka_unit_test(fault_names_the_top_level_key),
		cmocka_unit_test(fault_cuts_a_long_key_between_characters),
		cmocka_unit_test(first_measures_one_value_and_leaves_the_rest),
		cmocka_unit_test(members_shows_keys_and_values_as_written),
		cmocka_unit_test(members_keeps_numbers_that_a_double_loses),
		cmocka_unit_test(members_stops_at_the_first_answer),
		cmocka_unit_test(members_refuses_what_is_no_object),
		cmocka_unit_test(key_is_compares_the_decoded_key),
		cmocka_unit_test(put_string_escapes_what_it_must),
		cmocka_unit_test(
		    put_string_passes_the_check_whatever_the_bytes),
		cmocka_unit_test(put_string_is_read_back_as_it_was),
		cmocka_unit_test(put_key_writes_key_and_colon),
		cmocka_unit_test(put_says_when_it_cannot_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
