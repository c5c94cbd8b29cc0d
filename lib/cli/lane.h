/* Queue and priority: in ready/ they are the folder's, else the task's. */
#ifndef CLI_LANE_H
#define CLI_LANE_H

#include "spool/entry.h"

struct lane {
	char queue[NAME_SIZE];
	int priority;
};
void lane_of(const struct entry *e, struct lane *lane);

#endif
