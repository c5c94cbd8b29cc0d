/* Waiting for tasks to end, and telling how they did. */
#ifndef CLI_AWAIT_H
#define CLI_AWAIT_H

#include "spool/entry.h"

/*
 * How a task stands.  An end that is told is on disk: who made it may not
 * have flushed it yet.
 */
enum awaited {
	AWAIT_ENDED, /* *status is what it would have exited with */
	AWAIT_LIVE,
	AWAIT_NOT_FOUND,
	AWAIT_TROUBLE /* said on standard error; *status says so too */
};
enum awaited await_look(struct spool *s, const char *id, int *status);

/*
 * The same status for an ended task: of its last attempt, 128 and the signal,
 * 124 timed out, 125 cancelled or never run.
 */
int await_status(const struct entry *e);

/*
 * Begins to watch for ends and, unless it is NULL, for changes of a file.
 * Look once more after it.  await_change then sleeps until there may be one,
 * at most a second, at most until `until` on the steady clock (0: no end).
 */
struct await {
	int fd; /* of the watch, -1: none can be had */
};
void await_begin(struct await *a, const struct spool *s);
void await_file(const struct await *a, const char *path);
void await_change(const struct await *a, int64_t until);

#endif
