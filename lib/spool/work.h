/* The working folders of tasks: work/ID/, kept between attempts. */
#ifndef SPOOL_WORK_H
#define SPOOL_WORK_H

#include "spool/spool.h"

#define WORK_PATH "work/%.16s"

/* Makes it, for its owner only, or finds it.  -1 with errno. */
int work_make(struct spool *s, const char *id);

/* What it takes on the disk, in bytes; 0 if there is none; -1 with errno. */
int64_t work_size(struct spool *s, const char *id);

/*
 * Of a task that is done, if the settings say so: put away under the lock of
 * the task's file, for its next run is to find none; if it was, it is to be
 * cleared afterwards.
 */
bool work_put_away(struct spool *s, const struct task *task);
void work_clear(struct spool *s, const char *id);

/* Removes those of tasks that are no more, and what a death left of them. */
int work_sweep(struct spool *s);

#endif
