#include "cli/lane.h"

#include <stdio.h>
#include <string.h>

void
lane_of(const struct entry *e, struct lane *lane)
{
	*lane = (struct lane){ .priority = e->task->priority };
	(void)strlcpy(lane->queue, e->task->queue, sizeof(lane->queue));
	if (e->at.state == STATE_READY)
		(void)sscanf(e->at.dir, "ready/%64[^/]/%1d", lane->queue,
		    &lane->priority);
}
