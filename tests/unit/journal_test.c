#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/file.h>

#include "base/file.h"
#include "base/names.h"
#include "spool/journal.h"
#include "task/json.h"
#include "temporary.h"

#define CURRENT "journal/current.jsonl"
#define NOTHING                                                                \
	{                                                                      \
		.event = "paused", .waited = -1, .ran = -1                     \
	}

static char *
journal_of(struct spool *s, size_t *len)
{
	char *text;

	assert_int_equal(file_read(s->dir, CURRENT, 1 << 20, &text, len), 0);
	return text;
}

/* The one line of the journal, without its time. */
static char *
line_after(struct spool *s, const struct journal_line *line)
{
	static const char front[] = "{\"at\":\"2026-11-21T10:00:00.000000Z\"";
	struct json_fault fault;
	char *text;
	size_t len;

	(void)unlinkat(s->dir, CURRENT, 0);
	journal_write(s, line);
	text = journal_of(s, &len);
	assert_in_range(len, sizeof(front), 4095);
	assert_ptr_equal(strchr(text, '\n'), text + len - 1);
	assert_int_equal(json_check(text, len, NULL, &fault), 0);
	memmove(text, text + sizeof(front) - 1, len - sizeof(front) + 2);
	return text;
}

static void
a_line_says_what_it_was_given(void **state)
{
	struct journal_line line = { "ended", "0123456789abcdef", "default",
		"w1", "failed", "delayed", "exit 2", 3, 1500, 2000999 };
	char *text = line_after(*state, &line);

	assert_string_equal(text,
	    ",\"event\":\"ended\",\"id\":\"0123456789abcdef\","
	    "\"queue\":\"default\",\"worker\":\"w1\",\"attempt\":3,"
	    "\"outcome\":\"failed\",\"state\":\"delayed\","
	    "\"why\":\"exit 2\",\"waited_ms\":1,\"ran_ms\":2000}\n");
	free(text);
}

static void
what_is_not_given_is_left_out(void **state)
{
	struct journal_line line = NOTHING;
	char *text = line_after(*state, &line);

	assert_string_equal(text, ",\"event\":\"paused\"}\n");
	free(text);
}

static void
a_long_reason_is_cut_between_characters(void **state)
{
	struct journal_line line = NOTHING;
	char why[8000], *text;
	size_t i;

	memset(why, '\001', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	line.why = why;
	free(line_after(*state, &line));
	for (i = 1; i + 2 < sizeof(why); i += 2)
		memcpy(why + i, "\xc3\xa4", 2);
	why[0] = 'a';
	why[i] = '\0';
	text = line_after(*state, &line);
	assert_null(strstr(text, "\xef\xbf\xbd"));
	assert_non_null(strstr(text, "\xc3\xa4\"}\n"));
	free(text);
}

static void
the_journal_is_its_owners_alone(void **state)
{
	struct spool *s = *state;
	struct journal_line line = NOTHING;
	struct stat st;

	free(line_after(s, &line));
	assert_int_equal(fstatat(s->dir, CURRENT, &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void
no_journal_is_no_failure(void **state)
{
	struct spool *s = *state;
	struct journal_line line = NOTHING;

	assert_int_equal(unlinkat(s->dir, "journal", AT_REMOVEDIR), 0);
	errno = EDOM;
	journal_write(s, &line);
	assert_int_equal(errno, EDOM);
}

static void
grow(struct spool *s)
{
	struct journal_line line = NOTHING;
	int i;

	for (i = 0; i < 30; i++)
		journal_write(s, &line);
}

static size_t
count_old(struct spool *s)
{
	AUTO_NAMES names;

	assert_int_equal(names_read(s->dir, "journal", NULL, &names), 0);
	return names.n;
}

static void
a_small_journal_stays(void **state)
{
	grow(*state);
	assert_int_equal(journal_rotate(*state), 0);
	assert_int_equal(count_old(*state), 1);
}

static void
a_big_one_is_put_aside_and_the_oldest_dropped(void **state)
{
	static const char *const old[] = { "journal/20200101T000000Z.jsonl",
		"journal/20200102T000000Z.jsonl",
		"journal/20200103T000000Z.jsonl", "journal/notes.txt" };
	struct spool *s = *state;
	size_t i;

	for (i = 0; i < 4; i++)
		temporary_write(s, old[i], "{}\n");
	temporary_write(s, "etc/taskdir.conf", "[journal]\nsize=1K\nkeep=2\n");
	grow(s);
	assert_int_equal(journal_rotate(s), 1);
	assert_int_equal(faccessat(s->dir, CURRENT, F_OK, 0), -1);
	assert_int_equal(faccessat(s->dir, old[0], F_OK, 0), -1);
	assert_int_equal(faccessat(s->dir, old[1], F_OK, 0), -1);
	assert_int_equal(faccessat(s->dir, old[2], F_OK, 0), 0);
	assert_int_equal(faccessat(s->dir, old[3], F_OK, 0), 0);
	assert_int_equal(count_old(s), 3);
	assert_int_equal(journal_rotate(s), 0);
}

static void
who_comes_second_leaves_it_to_the_first(void **state)
{
	struct spool *s = *state;
	int fd;

	temporary_write(s, "etc/taskdir.conf", "[journal]\nsize = 1K\n");
	grow(s);
	fd = openat(s->dir, "journal/.lock", O_RDWR | O_CREAT, 0600);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(journal_rotate(s), 0);
	(void)close(fd);
	assert_int_equal(journal_rotate(s), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(a_line_says_what_it_was_given),
		IN_SPOOL(what_is_not_given_is_left_out),
		IN_SPOOL(a_long_reason_is_cut_between_characters),
		IN_SPOOL(the_journal_is_its_owners_alone),
		IN_SPOOL(no_journal_is_no_failure),
		IN_SPOOL(a_small_journal_stays),
		IN_SPOOL(a_big_one_is_put_aside_and_the_oldest_dropped),
		IN_SPOOL(who_comes_second_leaves_it_to_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
