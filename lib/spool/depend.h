/* Waiting tasks: what they wait for, and what an end sets free. */
#ifndef SPOOL_DEPEND_H
#define SPOOL_DEPEND_H

#include "spool/entry.h"

enum depend { DEPEND_MET, DEPEND_OPEN, DEPEND_NEVER, DEPEND_TROUBLE };

/* Where the blockers stand; fills why for DEPEND_NEVER. */
enum depend depend_look(struct spool *s, const struct task *task, char why[96]);

/* One hint for each blocker, so that its end finds the dependent. */
int depend_hint(struct spool *s, const struct task *task, const char *id);
int depend_is_hinted(struct spool *s, const char *blocker, const char *id);

/* Looks at a waiting task's blockers and moves it on if that is due. */
int depend_settle(struct spool *s, const char *id);

/* The task has ended and that is flushed: settles all that wait for it. */
int depend_free(struct spool *s, const char *blocker);

/* Looks at every blocker that has a hint. */
int depend_sweep(struct spool *s);

#endif
