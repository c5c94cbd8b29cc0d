#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "spool/fsck.h"
#include "spool/seen.h"
#include "temporary.h"

#define HOUR (3600 * CLOCK_SECOND)

struct told {
	char text[4096];
	int stop; /* what each finding is answered with */
};

static int
note(const struct finding *finding, void *arg)
{
	struct told *told = arg;

	(void)strlcat(told->text, finding->guarantee, sizeof(told->text));
	(void)strlcat(told->text, " ", sizeof(told->text));
	(void)strlcat(told->text, finding->object, sizeof(told->text));
	(void)strlcat(told->text, "\n", sizeof(told->text));
	return told->stop;
}

static void
clean_spool_has_no_finding(void **state)
{
	struct told told = { "", 0 };

	assert_int_equal(fsck_check(*state, clock_now(), note, &told), 0);
	assert_string_equal(told.text, "");
}

static void
what_is_left_in_tmp_is_found_after_36_hours(void **state)
{
	struct spool *s = *state;
	struct told told = { "", 0 };

	temporary_write(s, "tmp/README", "");
	temporary_write(s, "tmp/065qwb26dp31sfrz.json", "");
	temporary_write(s, "tmp/in.065qwb26dp31sfrz.json", "");
	assert_int_equal(fsck_check(s, clock_now() + 35 * HOUR, note, &told),
	    0);
	assert_int_equal(fsck_check(s, clock_now() + 37 * HOUR, note, &told),
	    2);
	assert_string_equal(told.text, "G9 tmp/065qwb26dp31sfrz.json\n"
				       "G9 tmp/in.065qwb26dp31sfrz.json\n");
}

static void
findings_end_when_they_are_not_wanted(void **state)
{
	struct spool *s = *state;
	struct told told = { "", 1 };

	temporary_write(s, "held/a", "");
	temporary_write(s, "held/b", "");
	assert_int_equal(fsck_check(s, clock_now(), note, &told), -1);
	assert_string_equal(told.text, "G1 held/a\n");
}

static void
set_tells_who_was_first(void **state)
{
	struct seen set = { 0 };
	struct seen_slot first;
	char word[32], id[ID_SIZE];
	int i;

	(void)state;
	assert_null(seen_get(&set, "none"));
	for (i = 0; i < 10000; i++) {
		(void)snprintf(word, sizeof(word), "word %d", i);
		(void)snprintf(id, sizeof(id), "%016d", i);
		assert_int_equal(seen_add(&set, word, id, STATE_DONE, &first),
		    1);
	}
	assert_int_equal(seen_add(&set, "word 4711", "x", STATE_READY, &first),
	    0);
	assert_string_equal(first.id, "0000000000004711");
	assert_int_equal(seen_get(&set, "word 9999")->state, STATE_DONE);
	assert_null(seen_get(&set, "word 10000"));
	assert_int_equal(set.used, 10000);
	seen_free(&set);
}

#define IN_SPOOL(test)                                                         \
	cmocka_unit_test_setup_teardown(test, temporary_spool, temporary_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(clean_spool_has_no_finding),
		IN_SPOOL(what_is_left_in_tmp_is_found_after_36_hours),
		IN_SPOOL(findings_end_when_they_are_not_wanted),
		cmocka_unit_test(set_tells_who_was_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
