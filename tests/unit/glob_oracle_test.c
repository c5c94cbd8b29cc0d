/*
 * Decisions against a naive judge: every short path, matched by trying the
 * alternatives of the pattern's text in turn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "task/glob.h"

#define ALPHABET  "/ab.c"
#define SHORT	  6
#define LONG	  8
#define WORDS_MAX 300000
#define TEXT_MAX  512
#define TREE	  '\1'
#define STAR	  '\2'
#define POOL	  2000
#define PAIRS	  20000

/* Paths by length, "" for the root; the first are the short ones. */
struct words {
	char (*text)[LONG + 1];
	size_t count;
	size_t shorts;
};

struct subject {
	char text[TEXT_MAX];
	struct glob *glob;
	bool *matched; /* of the short words */
	size_t weight; /* a word that it needs is no longer */
};

typedef int decision(const struct subject *, const struct subject *);

static struct words words;

static const char *const patterns[] = {
	"/",
	"/a",
	"/a/b",
	"/ab",
	"/*",
	"/*/b",
	"/a*",
	"/*a",
	"/?",
	"/??",
	"/a?b",
	"/**",
	"/**/a",
	"/a/**",
	"/a/**/b",
	"/**/a/**",
	"/**/**",
	"/**/*.a",
	"/a**b",
	"/***",
	"/[ab]",
	"/[!a]",
	"/[^.]b",
	"/[a-c]*",
	"/[/]",
	"/a[/]b",
	"/[.-b]a",
	"/.*",
	"/*.*",
	"/..a",
	"/{a,b}",
	"/{a,b/c}",
	"/{a,b}/{b,c}",
	"/a/{,b}",
	"/a{,/b}",
	"/a/{,b}/c",
	"/{**,a}b",
	"/{**,a}/b",
	"/{a,**/}b",
	"/a/{*,}",
	"/{,{a,{b,c}*}}.a",
	"/*{*,}a",
	"/{**/,}{**,b}",
	"/{.a,*b}",
	"/.{*,a}",
	"/\\.a",
	"/\\a/\\b",
	"/{\\a.,b}",
	"/{[,}a]b,c}",
	"/{}a",
	"/{a}",
	"/a{{},{.}}b",
	"/{{/**/,}?,**[!a]}[!a]",
};

#define PATTERNS (sizeof(patterns) / sizeof(patterns[0]))

static bool judge_text(const char *, const char *);
static bool judge_names(const char *, const char *);
static bool judge_name(const char *, const char *, const char *, const char *);

/* The end of what is quoted or a class, or of the one character. */
static const char *
piece_end(const char *p)
{
	if (*p == '\\')
		return p + 2;
	if (*p != '[')
		return p + 1;
	p += p[1] == '!' || p[1] == '^' ? 2 : 1;
	do
		p += *p == '\\' ? 2 : 1;
	while (*p != ']');
	return p + 1;
}

static const char *
find_any(const char *p, const char *end, const char *wanted)
{
	while (p < end && strchr(wanted, *p) == NULL)
		p = piece_end(p);
	return p;
}

/* Stars become marks first, so that no two runs grow together. */
static bool
judge(const char *pattern, const char *word)
{
	char text[TEXT_MAX] = "", *out = text;

	while (*pattern != '\0') {
		const char *end = piece_end(pattern);

		if (*pattern == '*') {
			size_t run = strspn(pattern, "*");

			*out++ = run == 2 ? TREE : STAR;
			pattern += run;
			continue;
		}
		while (pattern < end)
			*out++ = *pattern++;
	}
	*out = '\0';
	return judge_text(text, word);
}

static bool
judge_text(const char *text, const char *word)
{
	const char *end = text + strlen(text);
	const char *open = find_any(text, end, "{");
	const char *from = open + 1, *close = from;
	char one[TEXT_MAX];

	if (open == end)
		return judge_names(text, word);
	for (int depth = 1; depth > 0; close = piece_end(close)) {
		close = find_any(close, end, "{}");
		depth += *close == '{' ? 1 : -1;
	}
	for (int depth = 0; from < close; from++) {
		const char *to = from;

		while (depth > 0 || (*to != ',' && to != close - 1)) {
			depth += (*to == '{') - (*to == '}');
			to = piece_end(to);
		}
		(void)snprintf(one, sizeof(one), "%.*s%.*s%s",
		    (int)(open - text), text, (int)(to - from), from, close);
		if (judge_text(one, word))
			return true;
		from = to;
	}
	return false;
}

static bool
judge_names(const char *text, const char *word)
{
	const char *end = text + strlen(text), *rest, *name_end;

	while (*text == '/')
		text++;
	if (text == end)
		return true;
	rest = find_any(text, end, "/");
	name_end = *word == '/' ? word + 1 + strcspn(word + 1, "/") : word;
	if (rest == text + 1 && *text == TREE)
		return judge_names(rest, word) ||
		       (*word == '/' && judge_names(text, name_end));
	return *word == '/' && judge_name(text, rest, word + 1, name_end) &&
	       judge_names(rest, name_end);
}

static bool
judge_class(const char *p, const char *end, char c)
{
	bool invert = p[1] == '!' || p[1] == '^', in = false;

	p += invert ? 2 : 1;
	for (; p < end - 1; p++) {
		p += *p == '\\';
		if (p[1] == '-' && p + 2 < end - 1) {
			in = in || (c >= p[0] && c <= p[2]);
			p += 2;
		} else {
			in = in || c == *p;
		}
	}
	return in != invert;
}

static bool
judge_name(const char *p, const char *pend, const char *n, const char *nend)
{
	const char *next;

	if (p == pend)
		return n == nend;
	if (*p == STAR || *p == TREE)
		return judge_name(p + 1, pend, n, nend) ||
		       (n < nend && judge_name(p, pend, n + 1, nend));
	if (n == nend)
		return false;
	next = piece_end(p);
	if (*p == '[' ? !judge_class(p, next, *n) : *p != '?' && next[-1] != *n)
		return false;
	return judge_name(next, pend, n + 1, nend);
}

static void
add_words(char *word, size_t len, size_t full)
{
	if (len == full) {
		assert_true(words.count < WORDS_MAX);
		if (word[len - 1] != '/')
			memcpy(words.text[words.count++], word, len + 1);
		return;
	}
	for (const char *c = ALPHABET; *c != '\0'; c++) {
		if (*c == '/' && word[len - 1] == '/')
			continue;
		word[len] = *c;
		add_words(word, len + 1, full);
		word[len] = '\0';
	}
}

static int
make_words(void **state)
{
	char word[LONG + 1] = "/";

	(void)state;
	words.text = calloc(WORDS_MAX, sizeof(*words.text));
	if (words.text == NULL)
		return -1;
	words.count = 1;
	for (size_t len = 2; len <= LONG; len++) {
		add_words(word, 1, len);
		if (len == SHORT)
			words.shorts = words.count;
	}
	return 0;
}

static int
free_words(void **state)
{
	(void)state;
	free(words.text);
	return 0;
}

static bool
subject_make(struct subject *s)
{
	const char *what;

	s->glob = glob_compile(s->text, &what);
	if (s->glob == NULL) {
		assert_string_equal(what, "component . or ..");
		return false;
	}
	s->matched = calloc(words.shorts, sizeof(*s->matched));
	assert_non_null(s->matched);
	for (size_t i = 0; i < words.shorts; i++)
		s->matched[i] = judge(s->text, words.text[i]);
	return true;
}

static struct subject *
subjects_by_hand(void)
{
	struct subject *s = calloc(PATTERNS, sizeof(*s));

	assert_non_null(s);
	for (size_t i = 0; i < PATTERNS; i++) {
		(void)snprintf(s[i].text, TEXT_MAX, "%s", patterns[i]);
		assert_true(subject_make(&s[i]));
	}
	return s;
}

static void
subjects_free(struct subject *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		glob_free(s[i].glob);
		free(s[i].matched);
	}
	free(s);
}

/* Long words are asked only when no short one is shared. */
static bool
share_word(const struct subject *a, const struct subject *b, bool longer)
{
	for (size_t i = 0; i < words.shorts; i++)
		if (a->matched[i] && b->matched[i])
			return true;
	for (size_t i = words.shorts; longer && i < words.count; i++)
		if (judge(a->text, words.text[i]) &&
		    judge(b->text, words.text[i]))
			return true;
	return false;
}

static int
by_glob(const struct subject *a, const struct subject *b)
{
	int ab = glob_overlap(a->glob, b->glob);

	assert_int_equal(ab, glob_overlap(b->glob, a->glob));
	return ab;
}

static bool
disagree(const struct subject *a, const struct subject *b, decision *decide)
{
	int said = decide(a, b);

	bool longer = said == 1 && decide == by_glob;

	return share_word(a, b, longer) != (said == 1);
}

static int
by_plain_start(const struct subject *a, const struct subject *b)
{
	size_t n = strcspn(a->text, "*?[{"), m = strcspn(b->text, "*?[{");

	return strncmp(a->text, b->text, n < m ? n : m) == 0;
}

static int
by_equal_text(const struct subject *a, const struct subject *b)
{
	return strcmp(a->text, b->text) == 0;
}

static size_t
disagreements(decision *decide)
{
	struct subject *s = subjects_by_hand();
	size_t found = 0;

	for (size_t i = 0; i < PATTERNS; i++) {
		for (size_t j = 0; j <= i; j++) {
			if (!disagree(&s[i], &s[j], decide))
				continue;
			found++;
			if (decide == by_glob)
				print_message("%s %s\n", s[i].text, s[j].text);
		}
	}
	subjects_free(s, PATTERNS);
	return found;
}

static void
pairs_by_hand_agree_with_the_judge(void **state)
{
	(void)state;
	assert_true(PATTERNS * (PATTERNS + 1) / 2 > 300);
	assert_int_equal(disagreements(by_glob), 0);
}

static void
judge_finds_a_wrong_decision(void **state)
{
	(void)state;
	assert_true(disagreements(by_plain_start) > 50);
	assert_true(disagreements(by_equal_text) > 50);
}

static void
matches_agree_with_the_judge(void **state)
{
	struct subject *s = subjects_by_hand();

	(void)state;
	for (size_t i = 0; i < PATTERNS; i++) {
		for (size_t j = 0; j < words.shorts; j++) {
			const char *word = j == 0 ? "/" : words.text[j];

			if (glob_match(s[i].glob, word) != s[i].matched[j])
				fail_msg("%s %s", s[i].text, word);
		}
	}
	subjects_free(s, PATTERNS);
}

static uint32_t
roll(uint32_t *seed, uint32_t sides)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % sides;
}

/* Moves *out to the end of what it adds; returns the weight of that. */
static size_t
random_text(uint32_t *seed, char **out, size_t pieces, int depth)
{
	static const char *const simple[] = { "a", "b", ".", "a", "b", "*", "*",
		"?", "/", "/", "[ab]", "[!a]", "[^b.]", "[a-c]", "[!/b]", "\\a",
		"\\.", "**", "/**/", "**/" };
	const uint32_t n = sizeof(simple) / sizeof(simple[0]);
	size_t weight = 0;

	for (; pieces > 0; pieces--) {
		uint32_t side = roll(seed, n + 5);
		size_t one, other;

		if (side < n) {
			*out = stpcpy(*out, simple[side]);
			weight += side < n - 3 ? 1 : 2;
		} else if (depth > 0) {
			*out = stpcpy(*out, "{");
			one = random_text(seed, out, roll(seed, 3), depth - 1);
			*out = stpcpy(*out, ",");
			other = random_text(seed, out, roll(seed, 3),
			    depth - 1);
			*out = stpcpy(*out, "}");
			weight += one > other ? one : other;
		}
	}
	return weight;
}

static void
random_pairs_agree_with_the_judge(void **state)
{
	struct subject *s = calloc(POOL, sizeof(*s));
	uint32_t seed = 20260101;
	size_t overlaps = 0;

	/* What two patterns share may be as long as both together. */
	(void)state;
	assert_non_null(s);
	for (size_t i = 0; i < POOL;) {
		char *out = stpcpy(s[i].text, "/");

		s[i].weight = 1 +
			      random_text(&seed, &out, 1 + roll(&seed, 4), 2);
		i += subject_make(&s[i]);
	}
	for (size_t n = 0; n < PAIRS;) {
		struct subject *a = &s[roll(&seed, POOL)];
		struct subject *b = &s[roll(&seed, POOL)];

		if (a->weight + b->weight > LONG)
			continue;
		n++;
		overlaps += by_glob(a, b) == 1;
		if (disagree(a, b, by_glob))
			fail_msg("%s %s", a->text, b->text);
	}
	print_message("%zu of %d pairs overlap\n", overlaps, PAIRS);
	subjects_free(s, POOL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_by_hand_agree_with_the_judge),
		cmocka_unit_test(judge_finds_a_wrong_decision),
		cmocka_unit_test(matches_agree_with_the_judge),
		cmocka_unit_test(random_pairs_agree_with_the_judge),
	};

	return cmocka_run_group_tests(tests, make_words, free_words);
}
