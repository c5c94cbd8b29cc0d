#include "spool/cancel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "spool/depend.h"
#include "spool/journal.h"
#include "spool/order.h"
#include "spool/submit.h"

bool
cancel_allowed(const struct spool *s, const struct entry *e)
{
	uid_t me = getuid();

	return me == 0 || me == s->owner ||
	       (e->history.uid >= 0 && me == (uid_t)e->history.uid);
}

static enum cancelled
give_order(struct spool *s, const struct entry *e, const char *why, int *n)
{
	AUTO_STR by = account_name(getuid());
	AUTO_STR host = host_name();
	struct order order = { .at = clock_now(), .exit = -1 };
	const char *worker = strchr(e->at.dir, '/') + 1;

	*n = e->history.last + 1;
	if (by == NULL || host == NULL)
		return CANCEL_TROUBLE;
	(void)strlcpy(order.by, by, sizeof(order.by));
	(void)strlcpy(order.host, host, sizeof(order.host));
	if (why != NULL)
		(void)strlcpy(order.why, why, sizeof(order.why));
	if (order_put(s, worker, e->task->id, *n, ORDER_CANCEL, &order) == -1)
		return CANCEL_TROUBLE;
	return CANCEL_ORDERED;
}

static enum cancelled
cancel_now(struct spool *s, struct entry *e, const char *why)
{
	AUTO_STR by = account_name(getuid());
	AUTO_STR host = host_name();
	struct event event = { "cancelled", by, host, why, clock_now(), 0 };
	struct place to;
	char id[ID_SIZE];
	int moved;

	place_id(&e->at, id);
	place_of(&to, STATE_CANCELLED, id, e->task, false);
	if ((moved = entry_change(s, e, &to, &event)) != 1)
		return moved == 0 ? CANCEL_NOT_FOUND : CANCEL_TROUBLE;
	journal_write(s, &(struct journal_line){ .event = "cancelled",
			     .id = id,
			     .queue = e->task->queue,
			     .state = state_name(STATE_CANCELLED),
			     .why = why,
			     .waited = -1,
			     .ran = -1 });
	entry_close(e);
	(void)depend_free(s, id);
	return CANCEL_DONE;
}

enum cancelled
cancel_task(struct spool *s, const char *id, const char *why, struct place *at,
    int *n)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	enum cancelled how;
	int found;

	*n = 0;
	if ((found = entry_find(s, id, &e, &c)) != 1)
		return found == 0 ? CANCEL_NOT_FOUND : CANCEL_TROUBLE;
	*at = e.at;
	if (!cancel_allowed(s, &e))
		return CANCEL_NOT_ALLOWED;
	if (state_ended(e.at.state))
		return CANCEL_ENDED;
	if (e.at.state == STATE_RUNNING)
		return give_order(s, &e, why, n);
	how = cancel_now(s, &e, why);
	if (how == CANCEL_DONE)
		place_of(at, STATE_CANCELLED, id, NULL, false);
	return how;
}
