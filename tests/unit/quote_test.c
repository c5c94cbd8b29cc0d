#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/quote.h"

static char *
quoted(const char *word)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(quote_word(out, word), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* What a shell makes of it, with a mark behind so that no newline is lost. */
static void
assert_survives(const char *word)
{
	AUTO_STR text = quoted(word);
	AUTO_STR script = NULL;
	char back[1024];
	FILE *in;
	size_t len;

	assert_null(strchr(text, '\n'));
	assert_true(
	    asprintf(&script, "%sprintf '%%s.' %s", QUOTE_NEWLINE, text) > 0);
	assert_null(strchr(script, '\n'));
	assert_non_null(in = popen(script, "r"));
	len = fread(back, 1, sizeof(back) - 1, in);
	assert_int_equal(pclose(in), 0);
	back[len] = '\0';
	assert_true(len > 0 && back[len - 1] == '.');
	back[len - 1] = '\0';
	assert_string_equal(back, word);
}

static void
plain_words_stay_plain(void **state)
{
	static const char *const words[] = { "make", "-j4", "a/b.c", "a=b",
		"user@host:x", "1,2", "50%", "a_b+c" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		AUTO_STR text = quoted(words[i]);

		assert_string_equal(text, words[i]);
	}
}

static void
odd_words_come_back(void **state)
{
	static const char *const words[] = { "", " ", "a b", "'", "''", "it's",
		"\"", "$HOME", "${HOME}", "$(id)", "`id`", "\\", "\\n", "*",
		"?", "[a]", "~", "~root", "#", "!", "a;b", "a&b", "a|b", "<a",
		">a", "(a)", "{a,b}", "\t", "\r", "\x01\x7f", "\xff\xfe", "é",
		"\n", "a\nb", "\n\n", "a\n", "'\n'", "$nl", "-n", "%s%n" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_survives(words[i]);
}

static void
every_byte_comes_back(void **state)
{
	char word[256];
	int c;

	(void)state;
	for (c = 1; c < 256; c++)
		word[c - 1] = (char)c;
	word[255] = '\0';
	assert_survives(word);
}

static void
a_full_disk_is_told(void **state)
{
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	(void)setvbuf(out, NULL, _IONBF, 0);
	assert_int_equal(quote_word(out, "word"), -1);
	clearerr(out);
	assert_int_equal(quote_word(out, "odd word"), -1);
	(void)fclose(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_words_stay_plain),
		cmocka_unit_test(odd_words_come_back),
		cmocka_unit_test(every_byte_comes_back),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
