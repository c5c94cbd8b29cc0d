#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "task/glob.h"

struct pair {
	const char *a;
	const char *b;
	int shared;
};

static struct glob *
compile(const char *pattern)
{
	const char *what;
	struct glob *g = glob_compile(pattern, &what);

	if (g == NULL)
		fail_msg("%.60s: %s", pattern, what != NULL ? what : "memory");
	return g;
}

static int
overlap(const char *a, const char *b)
{
	struct glob *x = compile(a), *y = compile(b);
	int said = glob_overlap(x, y);

	assert_int_equal(said, glob_overlap(y, x));
	glob_free(x);
	glob_free(y);
	return said;
}

static int
match(const char *pattern, const char *path)
{
	struct glob *g = compile(pattern);
	int said = glob_match(g, path);

	glob_free(g);
	return said;
}

static void
expect_all(const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (overlap(pairs[i].a, pairs[i].b) != pairs[i].shared)
			fail_msg("%s %s", pairs[i].a, pairs[i].b);
}

#define EXPECT(pairs) expect_all(pairs, sizeof(pairs) / sizeof((pairs)[0]))

static void
folder_reserves_all_below_it(void **state)
{
	static const struct pair pairs[] = {
		{ "/a", "/a/b/c", 1 },
		{ "/a", "/ab", 0 },
		{ "/a/b", "/a/c", 0 },
		{ "/a/", "/a", 1 },
		{ "/src/*.c", "/src/x.c/y", 1 },
		{ "/src/*.c", "/src/x.h/y.c", 0 },
		{ "/src/*", "/src", 1 },
		{ "/src/*.c", "/src/*.h", 0 },
		{ "/src/{a,b}/x", "/src/[cd]", 0 },
		{ "/src/{a,b}/x", "/src/[bc]", 1 },
	};

	(void)state;
	EXPECT(pairs);
}

static void
root_reserves_everything(void **state)
{
	static const struct pair pairs[] = {
		{ "/", "/", 1 },
		{ "/", "/a/b", 1 },
		{ "/", "/**/x", 1 },
		{ "/", "/[!a]", 1 },
		{ "/{,a}", "/b", 1 },
		{ "/", "/[/]", 0 },
		{ "/", "port:80", 0 },
	};

	(void)state;
	EXPECT(pairs);
	assert_int_equal(match("/", "/"), 1);
	assert_int_equal(match("/a", "/"), 0);
	assert_int_equal(match("/*", "/"), 0);
	assert_int_equal(match("/**", "/"), 1);
}

static void
stars_stay_in_a_component_and_take_dot_files(void **state)
{
	(void)state;
	assert_int_equal(match("/a/*.c", "/a/.x.c"), 1);
	assert_int_equal(match("/a/*", "/a/.hidden"), 1);
	assert_int_equal(match("/*.c", "/a/b.c"), 0);
	assert_int_equal(match("/a*c", "/a/c"), 0);
	assert_int_equal(match("/a**c", "/a/c"), 0);
	assert_int_equal(match("/a**c", "/abbc"), 1);
	assert_int_equal(match("/a/*/b", "/a/b"), 0);
	assert_int_equal(match("/a/?", "/a"), 0);
}

static void
two_stars_match_any_number_of_components(void **state)
{
	static const char *const matched[] = { "/a/b", "/a/x/b", "/a/x/y/b" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(match("/a/**/b", matched[i]), 1);
		assert_int_equal(match("/**/b", matched[i]), 1);
		assert_int_equal(match("/a/**", matched[i]), 1);
		assert_int_equal(match("/**/a/**/**/b", matched[i]), 1);
	}
	assert_int_equal(match("/a/**", "/a"), 1);
	assert_int_equal(match("/a/**/b", "/ab"), 0);
	assert_int_equal(match("/a/**/b", "/a/xb"), 0);
	assert_int_equal(match("/{a/**,c}/b", "/a/x/y/b"), 1);
	assert_int_equal(match("/a/{**,x}b", "/a/x/b"), 0);
	assert_int_equal(overlap("/**/a", "/b/**"), 1);
	assert_int_equal(overlap("/x/**/a.c", "/y/**/a.c"), 0);
}

static void
classes_have_ranges_and_opposites(void **state)
{
	static const struct pair pairs[] = {
		{ "/[a-m]", "/[n-z]", 0 },
		{ "/[a-n]", "/[n-z]", 1 },
		{ "/[!a-y]", "/[a-z]", 1 },
		{ "/[!a-z]", "/[b-y]", 0 },
		{ "/[^a]", "/a", 0 },
		{ "/[]]", "/]", 1 },
		{ "/[!]]", "/]", 0 },
		{ "/[a-]", "/-", 1 },
		{ "/[-a]", "/-", 1 },
		{ "/[\\]]", "/]", 1 },
		{ "/[a\\-c]", "/b", 0 },
		{ "/[!a]b", "/x/b", 0 },
		{ "/x[.-0]b", "/x/b", 0 },
		{ "/[{,}]", "/,", 1 },
	};

	(void)state;
	EXPECT(pairs);
}

static void
quoted_characters_are_plain(void **state)
{
	static const struct pair pairs[] = {
		{ "/\\*", "/a", 0 },
		{ "/\\*", "/[*]", 1 },
		{ "/\\a\\b", "/ab/c", 1 },
		{ "/\\{a,b\\}", "/a", 0 },
		{ "/{a\\,b,c}", "/a,b", 1 },
		{ "/a\\/b", "/a/b/c", 1 },
		{ "/\\\\", "/[\\\\]", 1 },
	};
	struct glob *g = compile("/a\\*b");

	(void)state;
	EXPECT(pairs);
	assert_true(glob_literal(g));
	glob_free(g);
}

static void
empty_alternatives_leave_no_component(void **state)
{
	static const struct pair pairs[] = {
		{ "/a/{,b}", "/a/c", 1 },
		{ "/a/{,b/}c", "/a/c", 1 },
		{ "/a/{,b}/c", "/a/c", 1 },
		{ "/a/{,b}/c", "/a/b/d", 0 },
		{ "/a{,.c}", "/a.c", 1 },
		{ "/{}a", "/a", 1 },
		{ "/a,b}", "/a,b}/c", 1 },
	};

	(void)state;
	EXPECT(pairs);
}

static void
utf8_characters_count_once(void **state)
{
	(void)state;
	assert_int_equal(match("/?", "/é"), 1);
	assert_int_equal(match("/??", "/é"), 0);
	assert_int_equal(match("/?", "/😀"), 1);
	assert_int_equal(match("/[à-ü]", "/é"), 1);
	assert_int_equal(match("/[!é]", "/é"), 0);
	assert_int_equal(match("/[!é]", "/è"), 1);
	assert_int_equal(match("/*é", "/caf\xc3\xa9"), 1);
	assert_int_equal(overlap("/[α-ω]", "/[а-я]"), 0);
	assert_int_equal(overlap("/[α-ω]", "/[!a-z]"), 1);
	assert_int_equal(overlap("/[\xed\x9f\xbf-\xee\x80\x80]",
			     "/[!\xed\x9f\xbf\xee\x80\x80]"),
	    0);
}

static void
bytes_that_are_no_utf8_count_once_each(void **state)
{
	(void)state;
	assert_int_equal(match("/?", "/\xff"), 1);
	assert_int_equal(match("/??", "/\xc3("), 1);
	assert_int_equal(match("/??", "/\xc0\x80"), 1);
	assert_int_equal(match("/???", "/\xed\xa0\x80"), 1);
	assert_int_equal(match("/[\xff]", "/\xff"), 1);
	assert_int_equal(match("/[ÿ]", "/\xff"), 0);
	assert_int_equal(match("/\xe2\x82", "/\xe2\x82"), 1);
	assert_int_equal(match("/[!a]", "/\xe2"), 1);
}

static void
resources_are_equal_text_or_globs(void **state)
{
	static const struct pair pairs[] = {
		{ "port:8080", "port:8080", 1 },
		{ "port:8080", "port:808", 0 },
		{ "port:80*", "port:8080", 1 },
		{ "port:80*", "port:9080", 0 },
		{ "port:80[0-4]?", "port:*9", 1 },
		{ "port:{1,2}", "port:[2-3]", 1 },
		{ "gpu:0", "port:0", 0 },
		{ "db:a", "db:a/b", 0 },
		{ "db:*", "db:a/b", 0 },
		{ "db:*/b", "db:a/b", 1 },
		{ "db:a/..", "db:a/..", 1 },
		{ "db:", "db:*", 1 },
		{ "gpu:0", "/**", 0 },
		{ "gpu:*", "/gpu:0", 0 },
	};

	(void)state;
	EXPECT(pairs);
	assert_int_equal(match("port:80*", "port:8080"), 1);
	assert_int_equal(match("port:80", "port:80/x"), 0);
	assert_int_equal(match("/*", "port:80"), 0);
}

static void
refuses(const char *pattern, const char *wanted)
{
	const char *what = NULL;

	errno = 0;
	assert_null(glob_compile(pattern, &what));
	assert_int_equal(errno, EINVAL);
	assert_non_null(what);
	assert_string_equal(what, wanted);
}

static void
bad_patterns_are_refused_with_a_complaint(void **state)
{
	char longest[4098];

	(void)state;
	refuses("", "neither an absolute path nor a resource");
	refuses("a", "neither an absolute path nor a resource");
	refuses("*:80", "neither an absolute path nor a resource");
	refuses("/[a", "unclosed [");
	refuses("/[]", "unclosed [");
	refuses("/[!", "unclosed [");
	refuses("/[a-", "unclosed [");
	refuses("/[a\\", "unclosed [");
	refuses("/{a,[,}", "unclosed [");
	refuses("/{a,{b}", "unclosed {");
	refuses("/a\\", "nothing after the last \\");
	refuses("/[z-a]", "range in [] ends before it starts");
	refuses("/a/..", "component . or ..");
	refuses("/./a", "component . or ..");
	refuses("/a/{b,../c}", "component . or ..");
	refuses("/a/.{,b}", "component . or ..");
	memset(longest, 'a', sizeof(longest));
	longest[0] = '/';
	longest[4097] = '\0';
	refuses(longest, "too long");
	longest[4096] = '\0';
	glob_free(compile(longest));
	glob_free(NULL);
}

static char *
repeat(const char *start, const char *piece, size_t len, const char *end)
{
	char *s = calloc(1,
	    strlen(start) + len + strlen(piece) + strlen(end) + 1);
	char *at = s;

	assert_non_null(s);
	at = stpcpy(at, start);
	while ((size_t)(at - s) + strlen(piece) <= len)
		at = stpcpy(at, piece);
	stpcpy(at, end);
	return s;
}

static void
expect_long(const char *a, const char *b, size_t len, int other, int same)
{
	char *x = repeat("/", a, len, "a"), *y = repeat("/", b, len, "b");
	char *z = repeat("/", b, len, "a");

	if (overlap(x, y) != other)
		fail_msg("%s against %s, other ends", a, b);
	if (overlap(x, z) != same)
		fail_msg("%s against %s, same ends", a, b);
	free(x);
	free(y);
	free(z);
}

static void
long_patterns_are_decided(void **state)
{
	char open[4001], *nested;

	(void)state;
	for (size_t len = 1000; len <= 4000; len += 3000) {
		expect_long("*a", "*a", len, 0, 1);
		expect_long("*a", "?", len, 0, 1);
		expect_long("*a", "*b", len, 0, 0);
		expect_long("{,a}", "{a,aa}", len, 0, 1);
		expect_long("{*,a}*", "*{,a}", len, 0, 1);
		expect_long("[!b]*", "*[!c]", len, 0, 1);
		expect_long("**/", "*/", len, 1, 1);
		expect_long("**/a/", "a/**/", len, 1, 1);
		expect_long("{**/,}", "{a/,}", len, 1, 1);
	}
	memset(open, '{', 2000);
	memset(open + 2000, '}', 2000);
	open[4000] = '\0';
	nested = repeat("/a", open, 4000, "/b");
	assert_int_equal(overlap(nested, "/*/b"), 1);
	assert_int_equal(overlap(nested, "/*/c"), 0);
	free(nested);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folder_reserves_all_below_it),
		cmocka_unit_test(root_reserves_everything),
		cmocka_unit_test(stars_stay_in_a_component_and_take_dot_files),
		cmocka_unit_test(two_stars_match_any_number_of_components),
		cmocka_unit_test(classes_have_ranges_and_opposites),
		cmocka_unit_test(quoted_characters_are_plain),
		cmocka_unit_test(empty_alternatives_leave_no_component),
		cmocka_unit_test(utf8_characters_count_once),
		cmocka_unit_test(bytes_that_are_no_utf8_count_once_each),
		cmocka_unit_test(resources_are_equal_text_or_globs),
		cmocka_unit_test(bad_patterns_are_refused_with_a_complaint),
		cmocka_unit_test(long_patterns_are_decided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
