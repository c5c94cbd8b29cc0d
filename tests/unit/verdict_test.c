#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sysexits.h"
#include "task/verdict.h"

#define NOW    INT64_C(1800000000000000)
#define SECOND INT64_C(1000000)

static const int64_t spans[] = { 0, 300 * SECOND, 900 * SECOND };
static const struct retry_rules rules = { 4, spans, 3 };

static struct verdict
judge(struct history before, struct run run, struct task task)
{
	return verdict_make(&task, &before, &run, &rules, NOW, 0);
}

static struct verdict
judge_exit(int exit)
{
	struct run run = { .exit = exit };

	run.outcome = verdict_outcome(exit, 0);
	return judge((struct history){ .last = 0 }, run,
	    (struct task){ .attempts = 0 });
}

static void
an_exit_status_says_what_comes_next(void **state)
{
	static const int never[] = { 64, 65, 66, 77, 78, 126, 127 };
	enum state then;
	int exit;
	size_t i;

	(void)state;
	for (exit = 1; exit < 256; exit++) {
		then = STATE_READY;
		for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			if (never[i] == exit)
				then = STATE_FAILED;
		assert_int_equal(judge_exit(exit).then, then);
	}
	assert_int_equal(judge_exit(0).then, STATE_DONE);
}

static void
an_outcome_is_told_from_the_status(void **state)
{
	(void)state;
	assert_int_equal(verdict_outcome(0, 0), OUTCOME_DONE);
	assert_int_equal(verdict_outcome(1, 0), OUTCOME_FAILED);
	assert_int_equal(verdict_outcome(75, 0), OUTCOME_TEMPFAIL);
	assert_int_equal(verdict_outcome(0, 9), OUTCOME_SIGNAL);
	assert_int_equal(verdict_outcome(75, 9), OUTCOME_SIGNAL);
}

static void
an_outcome_says_what_comes_next(void **state)
{
	static const struct {
		enum outcome outcome;
		enum state then, at_last;
	} table[] = {
		{ OUTCOME_DONE, STATE_DONE, STATE_DONE },
		{ OUTCOME_FAILED, STATE_READY, STATE_FAILED },
		{ OUTCOME_SIGNAL, STATE_READY, STATE_FAILED },
		{ OUTCOME_TIMEOUT, STATE_READY, STATE_FAILED },
		{ OUTCOME_SILENCE, STATE_READY, STATE_FAILED },
		{ OUTCOME_CANCELLED, STATE_CANCELLED, STATE_CANCELLED },
		{ OUTCOME_HELD, STATE_HELD, STATE_HELD },
		{ OUTCOME_INTERRUPTED, STATE_READY, STATE_READY },
		{ OUTCOME_LOST, STATE_READY, STATE_READY },
		{ OUTCOME_NOT_RUN, STATE_FAILED, STATE_FAILED },
	};
	struct history last = { .counted = 3 };
	struct run run = { .exit = 1 };
	struct task task = { .attempts = 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		run.outcome = table[i].outcome;
		assert_int_equal(judge((struct history){ .last = 0 }, run, task)
				     .then,
		    table[i].then);
		assert_int_equal(verdict_make(&task, &last, &run,
				     &(struct retry_rules){ 4, spans, 1 }, NOW,
				     0)
				     .then,
		    table[i].at_last);
	}
}

static void
attempts_are_those_of_the_task_then_of_the_settings(void **state)
{
	struct run run = { .outcome = OUTCOME_SIGNAL, .signal = 9 };
	struct verdict v;

	(void)state;
	assert_int_equal(judge((struct history){ .counted = 2 }, run,
			     (struct task){ .attempts = 0 })
			     .then,
	    STATE_DELAYED);
	v = judge((struct history){ .counted = 3 }, run,
	    (struct task){ .attempts = 0 });
	assert_int_equal(v.then, STATE_FAILED);
	assert_string_equal(v.why, "no attempts are left");
	assert_int_equal(judge((struct history){ .counted = 3 }, run,
			     (struct task){ .attempts = 5 })
			     .then,
	    STATE_DELAYED);
	assert_int_equal(judge((struct history){ .counted = 0 }, run,
			     (struct task){ .attempts = 1 })
			     .then,
	    STATE_FAILED);
}

static void
later_is_granted_twenty_times_whatever_the_attempts(void **state)
{
	struct run run = { .outcome = OUTCOME_TEMPFAIL, .exit = EX_TEMPFAIL };
	struct task task = { .attempts = 1 };

	(void)state;
	assert_int_not_equal(judge((struct history){ .tempfails = 18 }, run,
				 task)
				 .then,
	    STATE_FAILED);
	assert_int_equal(judge((struct history){ .tempfails = 19 }, run, task)
			     .then,
	    STATE_FAILED);
}

static void
the_third_death_sets_it_aside(void **state)
{
	struct run run = { .outcome = OUTCOME_LOST, .exit = -1 };
	struct task task = { .attempts = 1 };

	(void)state;
	assert_int_equal(judge((struct history){ .deaths = 1 }, run, task).then,
	    STATE_READY);
	assert_int_equal(judge((struct history){ .deaths = 2 }, run, task).then,
	    STATE_HELD);
}

static struct verdict
retry(int counted, const struct task *task, uint32_t dice)
{
	struct history before = { .counted = counted };
	struct run run = { .outcome = OUTCOME_FAILED, .exit = 1 };

	return verdict_make(task, &before, &run, &rules, NOW, dice);
}

static void
the_backoff_follows_the_list_and_then_its_last(void **state)
{
	int64_t own[] = { 10 * SECOND, 20 * SECOND };
	struct task plain = { .attempts = 9 };
	struct task given = { .attempts = 9,
		.backoff = own,
		.backoff_count = 2 };

	(void)state;
	assert_int_equal(retry(0, &plain, 0).then, STATE_READY);
	assert_int_equal(retry(1, &plain, 0).not_before, NOW + 300 * SECOND);
	assert_int_equal(retry(2, &plain, 0).not_before, NOW + 900 * SECOND);
	assert_int_equal(retry(7, &plain, 0).not_before, NOW + 900 * SECOND);
	assert_int_equal(retry(0, &given, 0).not_before, NOW + 10 * SECOND);
	assert_int_equal(retry(0, &given, 0).then, STATE_DELAYED);
	assert_int_equal(retry(5, &given, 0).not_before, NOW + 20 * SECOND);
}

static void
chance_adds_up_to_a_quarter(void **state)
{
	struct task task = { .attempts = 9 };

	(void)state;
	assert_int_equal(retry(1, &task, UINT32_MAX).not_before,
	    NOW + 375 * SECOND);
	assert_in_range((uint64_t)retry(1, &task, UINT32_MAX / 2).not_before,
	    (uint64_t)(NOW + 337 * SECOND), (uint64_t)(NOW + 338 * SECOND));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exit_status_says_what_comes_next),
		cmocka_unit_test(an_outcome_is_told_from_the_status),
		cmocka_unit_test(an_outcome_says_what_comes_next),
		cmocka_unit_test(
		    attempts_are_those_of_the_task_then_of_the_settings),
		cmocka_unit_test(
		    later_is_granted_twenty_times_whatever_the_attempts),
		cmocka_unit_test(the_third_death_sets_it_aside),
		cmocka_unit_test(
		    the_backoff_follows_the_list_and_then_its_last),
		cmocka_unit_test(chance_adds_up_to_a_quarter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
