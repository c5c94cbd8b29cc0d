/* What a dependent is told of its blockers: running/WORKER/ID.N.after. */
#ifndef WORK_AFTER_H
#define WORK_AFTER_H

#include "spool/entry.h"
#include "spool/slot.h"

/*
 * One JSON line for each blocker, in the order given: id, state, title, log
 * and result of its last run.  1 written into the slot under this name, 0 it
 * has no blockers, -1 with errno.
 */
int after_write(struct spool *s, int slot_dir, const struct task *task, int n,
    char name[SLOT_NAME_SIZE]);

#endif
