#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "base/clock.h"
#include "base/file.h"
#include "spool/settings.h"
#include "temporary.h"

#define CONF "etc/taskdir.conf"

static const struct settings *
settings_of(struct spool *s, const char *text, struct settings_fault *fault)
{
	temporary_write(s, CONF, text);
	free(s->settings);
	s->settings = NULL;
	errno = 0;
	return settings_get(s, fault);
}

static void
expect_fault(struct spool *s, const char *text, int line, const char *what)
{
	struct settings_fault fault;
	char file[256];

	assert_null(settings_of(s, text, &fault));
	assert_int_equal(errno, EINVAL);
	assert_string_equal(fault.what, what);
	assert_int_equal(fault.line, line);
	(void)snprintf(file, sizeof(file), "%s/" CONF, s->path);
	assert_string_equal(fault.file, file);
}

static void
without_a_file_the_builtin_values_hold(void **state)
{
	const struct settings *set = settings_get(*state, NULL);

	assert_non_null(set);
	assert_int_equal(set->attempts, 4);
	assert_int_equal(set->timeout, 86400 * CLOCK_SECOND);
	assert_int_equal(set->backoff_count, 3);
	assert_int_equal(set->backoff[0], 0);
	assert_int_equal(set->backoff[2], 900 * CLOCK_SECOND);
	assert_int_equal(set->retry_share, 4);
	assert_int_equal(set->yield_lower, 0);
	assert_int_equal(set->grace, 10 * CLOCK_SECOND);
	assert_int_equal(set->rescan, 60 * CLOCK_SECOND);
	assert_int_equal(set->journal_size, 16 << 20);
	assert_int_equal(set->journal_keep, 8);
	assert_int_equal(set->ballast, 4 << 20);
	assert_ptr_equal(settings_get(*state, NULL), set);
}

static void
the_spools_values_hold_over_them(void **state)
{
	const struct settings *set = settings_of(*state,
	    "; first\n[task]\nattempts = 7 ; seven\n  backoff = 1s, 2m\n"
	    "[journal]\nsize=5K\n[disk]\r\nballast = 0\r\n[run]\ngrace: 0",
	    NULL);

	assert_non_null(set);
	assert_int_equal(set->attempts, 7);
	assert_int_equal(set->backoff_count, 2);
	assert_int_equal(set->backoff[1], 120 * CLOCK_SECOND);
	assert_int_equal(set->journal_size, 5120);
	assert_int_equal(set->ballast, 0);
	assert_int_equal(set->grace, 0);
	assert_int_equal(set->journal_keep, 8);
}

static void
what_is_not_known_is_refused_with_its_line(void **state)
{
	expect_fault(*state, "[task]\n\ntries = 4\n", 3, "[task] has no tries");
	expect_fault(*state, "[tusk]\nattempts = 4\n", 2,
	    "attempts: there is no section [tusk]");
	expect_fault(*state, "attempts = 4\n", 1,
	    "attempts: there is no section []");
	expect_fault(*state, "[task]\nattempts\n[task]\ntries = 1\n", 2,
	    "it is neither [section] nor key = value");
	expect_fault(*state, "[task]\ntries = 1\nattempts\n", 2,
	    "[task] has no tries");
}

static void
bad_values_are_refused_with_their_line(void **state)
{
	static const char *const bad[][2] = {
		{ "[task]\nattempts = 0", "attempts: '0' is not 1 to 1000" },
		{ "[task]\nattempts = 4x", "attempts: '4x' is not 1 to 1000" },
		{ "[task]\nattempts =", "attempts: '' is not 1 to 1000" },
		{ "[task]\ntimeout = 5", "timeout: '5' is not 1s to 365d" },
		{ "[task]\nbackoff = ,",
		    "backoff: ',' is not 1 to 16 of 0 to 365d" },
		{ "[task]\nbackoff = 1s 2",
		    "backoff: '1s 2' is not 1 to 16 of 0 to 365d" },
		{ "[journal]\nsize = 1T", "size: '1T' is not 1K to 1024G" },
		{ "[journal]\nsize = 1", "size: '1' is not 1K to 1024G" },
		{ "[disk]\nballast = 99999999999G",
		    "ballast: '99999999999G' is not 0 to 1024G" },
		{ "[disk]\nballast = -1", "ballast: '-1' is not 0 to 1024G" },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_fault(*state, bad[i][0], 2, bad[i][1]);
}

static void
a_list_has_a_limit(void **state)
{
	assert_non_null(settings_of(*state,
	    "[task]\nbackoff = 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s "
	    "1s",
	    NULL));
	assert_null(settings_of(*state,
	    "[task]\nbackoff = 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s "
	    "1s 1s",
	    NULL));
}

static void
long_lines_and_binary_files_are_refused(void **state)
{
	struct spool *s = *state;
	struct settings_fault fault;
	char text[600];
	int fd;

	(void)snprintf(text, sizeof(text), "# %0400d\n[task]\n", 1);
	assert_non_null(settings_of(s, text, NULL));
	(void)snprintf(text, sizeof(text), "[task]\nbackoff = %0400d\n", 1);
	expect_fault(s, text, 2, "the line is too long");
	fd = openat(s->dir, CONF, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "[task]\n\0\n", 9), 9);
	(void)close(fd);
	free(s->settings);
	s->settings = NULL;
	assert_null(settings_get(s, &fault));
	assert_int_equal(errno, EINVAL);
	assert_string_equal(fault.what, "it is no text");
}

/* `make` runs the tests in the source's own folder. */
static void
read_shipped(char **text)
{
	size_t len;

	assert_int_equal(file_read(AT_FDCWD, "etc/taskdir.conf", 1 << 20, text,
			     &len),
	    0);
}

static void
the_shipped_file_shows_every_builtin_value(void **state)
{
	const struct settings_key *key;
	char *text, *section, *line, wanted[128];
	size_t i;

	(void)state;
	read_shipped(&text);
	for (i = 0; (key = settings_key(i)) != NULL; i++) {
		(void)snprintf(wanted, sizeof(wanted), "\n[%s]\n",
		    key->section);
		section = strstr(text, wanted);
		assert_non_null(section);
		(void)snprintf(wanted, sizeof(wanted), "\n# %s = %s\n",
		    key->name, key->value);
		line = strstr(section, wanted);
		assert_non_null(line);
		section = strstr(section + 1, "\n[");
		assert_true(section == NULL || line < section);
	}
	free(text);
}

static void
the_shipped_file_shows_no_other_key(void **state)
{
	char *text, *p;
	size_t shown = 0, known = 0;

	read_shipped(&text);
	for (p = text; (p = strstr(p, "\n# ")) != NULL; p += 3) {
		size_t name = strspn(p + 3, "abcdefghijklmnopqrstuvwxyz_");

		if (strncmp(p + 3 + name, " = ", 3) != 0)
			continue;
		shown++;
		memcpy(p + 1, "  ", 2);
	}
	while (settings_key(known) != NULL)
		known++;
	assert_int_equal(shown, known);
	assert_non_null(settings_of(*state, text, NULL));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(without_a_file_the_builtin_values_hold),
		IN_SPOOL(the_spools_values_hold_over_them),
		IN_SPOOL(what_is_not_known_is_refused_with_its_line),
		IN_SPOOL(bad_values_are_refused_with_their_line),
		IN_SPOOL(a_list_has_a_limit),
		IN_SPOOL(long_lines_and_binary_files_are_refused),
		IN_SPOOL(the_shipped_file_shows_every_builtin_value),
		IN_SPOOL(the_shipped_file_shows_no_other_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
