#include "cli/lane.h"

#include <string.h>

void
lane_of(const struct entry *e, struct lane *lane)
{
	const char *queue, *slash;

	*lane = (struct lane){ .priority = e->task->priority };
	(void)strlcpy(lane->queue, e->task->queue, sizeof(lane->queue));
	if (e->at.state != STATE_READY)
		return;
	/* "ready/QUEUE/P", perhaps with more behind it. */
	if ((queue = strchr(e->at.dir, '/')) == NULL ||
	    (slash = strchr(++queue, '/')) == NULL ||
	    slash - queue >= NAME_SIZE || slash[1] < '0' ||
	    slash[1] >= '0' + PRIORITY_COUNT)
		return;
	(void)strlcpy(lane->queue, queue, (size_t)(slash - queue) + 1);
	lane->priority = slash[1] - '0';
}
