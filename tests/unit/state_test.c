#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "task/state.h"

static void
every_state_has_a_name_of_its_own(void **state)
{
	enum state s;

	(void)state;
	for (s = 0; s < STATE_COUNT; s++)
		assert_int_equal(state_named(state_name(s)), s);
	assert_int_equal(state_named("archive"), STATE_COUNT);
	assert_int_equal(state_named(""), STATE_COUNT);
	assert_int_equal(state_named("Ready"), STATE_COUNT);
}

/* As the manual has it: from, then all that may follow. */
static const char *const moves[STATE_COUNT] = {
	[STATE_READY] = "ready delayed held running cancelled",
	[STATE_WAITING] = "ready delayed held cancelled",
	[STATE_DELAYED] = "ready delayed held cancelled",
	[STATE_HELD] = "ready waiting delayed cancelled",
	[STATE_RUNNING] = "ready delayed held done failed cancelled",
	[STATE_DONE] = "ready waiting delayed",
	[STATE_FAILED] = "ready waiting delayed",
	[STATE_CANCELLED] = "ready waiting delayed",
};

static bool
is_listed(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *p;

	for (p = strstr(list, name); p != NULL; p = strstr(p + 1, name))
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

static void
the_moves_are_those_of_the_manual(void **state)
{
	enum state from, to;

	(void)state;
	for (from = 0; from < STATE_COUNT; from++)
		for (to = 0; to < STATE_COUNT; to++)
			assert_int_equal(state_may_follow(from, to),
			    is_listed(moves[from], state_name(to)));
}

static void
a_task_begins_where_nothing_has_happened(void **state)
{
	enum state s;

	(void)state;
	for (s = 0; s < STATE_COUNT; s++)
		assert_int_equal(state_may_begin(s),
		    is_listed("ready waiting delayed held", state_name(s)));
}

static void
three_states_are_ends(void **state)
{
	enum state s;

	(void)state;
	for (s = 0; s < STATE_COUNT; s++)
		assert_int_equal(state_ended(s),
		    is_listed("done failed cancelled", state_name(s)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_a_name_of_its_own),
		cmocka_unit_test(the_moves_are_those_of_the_manual),
		cmocka_unit_test(a_task_begins_where_nothing_has_happened),
		cmocka_unit_test(three_states_are_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
