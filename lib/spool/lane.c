#include "spool/lane.h"

#include <string.h>

/* "ready/QUEUE/P", perhaps with more behind it. */
bool
lane_of_place(const struct place *place, struct lane *lane)
{
	const char *queue, *slash;

	if (place->state != STATE_READY ||
	    (queue = strchr(place->dir, '/')) == NULL ||
	    (slash = strchr(++queue, '/')) == NULL ||
	    slash - queue >= NAME_SIZE || slash[1] < '0' ||
	    slash[1] >= '0' + PRIORITY_COUNT)
		return false;
	(void)strlcpy(lane->queue, queue, (size_t)(slash - queue) + 1);
	lane->priority = slash[1] - '0';
	return true;
}

void
lane_of(const struct entry *e, struct lane *lane)
{
	if (lane_of_place(&e->at, lane))
		return;
	*lane = (struct lane){ .priority = e->task->priority };
	(void)strlcpy(lane->queue, e->task->queue, sizeof(lane->queue));
}
