#include "cli/steer.h"

#include <err.h>
#include <errno.h>

#include "base/sysexits.h"
#include "spool/recover.h"
#include "spool/submit.h"

/* Until the attempt that was told has ended; its worker may be dead. */
static void
await_attempt(struct orders *o, struct spool *s, const char *id)
{
	if (!o->watching)
		await_begin(&o->await, s);
	o->watching = true;
	for (;;) {
		AUTO_ENTRY e = ENTRY_NONE;
		struct complaint c;

		if (entry_find_read(s, id, &e, &c) != 1 ||
		    e.at.state != STATE_RUNNING || e.history.last >= o->how.n)
			return;
		(void)recover_dead(s);
		await_change(&o->await, 0);
	}
}

static int
explain_trouble(const struct orders *o, const char *id)
{
	int error = errno;

	if (error == EINVAL && *o->how.complaint.what != '\0')
		return select_unreadable(id, &o->how.complaint);
	if (*o->how.complaint.what != '\0')
		warnx("%s: %s", id, o->how.complaint.what);
	else
		warn("%s", id);
	if (error == EACCES || error == EPERM)
		return EX_NOPERM;
	return submit_refusal(error) == EX_TEMPFAIL ? EX_TEMPFAIL : EX_OSERR;
}

static int
explain(const struct orders *o, const char *id, enum steered answer)
{
	switch (answer) {
	case STEER_DONE:
	case STEER_ORDERED:
	case STEER_ALREADY:
		return EX_OK;
	case STEER_REFUSED:
		if (!o->quiet)
			warnx("%s: it is %s", id, state_name(o->how.state));
		return EXIT_NO;
	case STEER_BAD:
		warnx("%s: %s", o->how.complaint.field, o->how.complaint.what);
		return EX_DATAERR;
	case STEER_NOT_FOUND:
		return select_missing(id);
	case STEER_NOT_ALLOWED:
		warnx("%s: it is not yours", id);
		return EX_NOPERM;
	case STEER_UNKNOWN:
		warn("%s: it is not surely on disk", id);
		return EX_UNKNOWN;
	case STEER_TROUBLE:
		break;
	}
	return explain_trouble(o, id);
}

int
order_task(struct spool *s, const char *id, void *arg)
{
	struct orders *o = arg;
	enum steered answer;

	while (
	    (answer = o->give(s, id, &o->how)) == STEER_ORDERED && !o->no_wait)
		await_attempt(o, s, id);
	return explain(o, id, answer);
}
