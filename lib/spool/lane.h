/* Queue and priority: in ready/ they are the folder's, else the task's. */
#ifndef SPOOL_LANE_H
#define SPOOL_LANE_H

#include "spool/entry.h"

struct lane {
	char queue[NAME_SIZE];
	int priority;
};
void lane_of(const struct entry *e, struct lane *lane);

/* False where the folder does not tell. */
bool lane_of_place(const struct place *place, struct lane *lane);

#endif
