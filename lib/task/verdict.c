#include "task/verdict.h"

#include <stddef.h>

#include "base/sysexits.h"

static bool
is_final_status(int status)
{
	switch (status) {
	case EX_USAGE:
	case EX_DATAERR:
	case EX_NOINPUT:
	case EX_NOPERM:
	case EX_CONFIG:
	case EXIT_NOT_EXECUTABLE:
	case EXIT_NOT_FOUND:
		return true;
	default:
		return false;
	}
}

enum outcome
verdict_outcome(int exit, int signal)
{
	if (signal != 0)
		return OUTCOME_SIGNAL;
	if (exit == 0)
		return OUTCOME_DONE;
	return exit == EX_TEMPFAIL ? OUTCOME_TEMPFAIL : OUTCOME_FAILED;
}

static struct verdict
retry(const struct task *task, int ends, const struct retry_rules *rules,
    int64_t now, uint32_t dice)
{
	const int64_t *list = task->backoff;
	size_t count = task->backoff_count, i;
	int64_t span = 0;

	if (count == 0) {
		list = rules->backoff;
		count = rules->backoff_count;
	}
	if (count > 0) {
		i = ends > 0 ? (size_t)ends - 1 : 0;
		span = list[i < count ? i : count - 1];
	}
	if (span == 0)
		return (struct verdict){ .then = STATE_READY };
	span += (int64_t)((double)span / 4 * ((double)dice / UINT32_MAX));
	return (
	    struct verdict){ .then = STATE_DELAYED, .not_before = now + span };
}

static struct verdict
fail(const char *why)
{
	return (struct verdict){ .then = STATE_FAILED, .why = why };
}

struct verdict
verdict_make(const struct task *task, const struct history *before,
    const struct run *run, const struct retry_rules *rules, int64_t now,
    uint32_t dice)
{
	int attempts = task->attempts > 0 ? task->attempts : rules->attempts;
	int ends = before->counted + before->tempfails + 1;

	switch (run->outcome) {
	case OUTCOME_DONE:
		return (struct verdict){ .then = STATE_DONE };
	case OUTCOME_CANCELLED:
		return (struct verdict){ .then = STATE_CANCELLED };
	case OUTCOME_HELD:
		return (struct verdict){ .then = STATE_HELD };
	case OUTCOME_INTERRUPTED:
		return (struct verdict){ .then = STATE_READY };
	case OUTCOME_LOST:
		if (before->deaths + 1 < DEATHS_MAX)
			return (struct verdict){ .then = STATE_READY };
		return (struct verdict){ .then = STATE_HELD,
			.why = "its worker died three times" };
	case OUTCOME_NOT_RUN:
		return fail("it cannot be run");
	case OUTCOME_TEMPFAIL:
		if (before->tempfails + 1 >= TEMPFAIL_MAX)
			return fail("it asked 20 times to be tried later");
		return retry(task, ends, rules, now, dice);
	case OUTCOME_FAILED:
		if (is_final_status(run->exit))
			return fail("its exit status says: never again");
		break;
	case OUTCOME_SIGNAL:
	case OUTCOME_TIMEOUT:
	case OUTCOME_SILENCE:
	case OUTCOME_LIMIT:
	case OUTCOME_COUNT:
		break;
	}
	if (before->counted + 1 >= attempts)
		return fail("no attempts are left");
	return retry(task, ends, rules, now, dice);
}
