/* From a checked submission to a task on disk. */
#ifndef SPOOL_SUBMIT_H
#define SPOOL_SUBMIT_H

#include "spool/spool.h"
#include "task/task.h"

enum submitted {
	SUBMIT_QUEUED, /* it is on disk; the id may be told */
	SUBMIT_HELD_KEY, /* another task has its key: its id is told */
	SUBMIT_BAD, /* the complaint says why: 65 */
	SUBMIT_REFUSED, /* errno says why; nothing is left behind: 73, 75 */
	SUBMIT_UNKNOWN /* it may be there, but not surely flushed: 74 */
};

/* Who submits, from where: the same for every task of one program. */
struct submitter {
	char *by, *host, *cwd;
	char **env; /* the variables that a task keeps, "K=V" */
	uid_t uid;
	int umask; /* as it was when the program began */
};

int submitter_read(struct submitter *who, int mask);
void submitter_free(struct submitter *who);

struct submission {
	const struct task *task;
	const struct submitter *who;
	const char *const *after; /* ids in the order of task->after */
	bool held;
	bool flush;	/* false: the caller flushes before it answers */
	char id[ID_SIZE]; /* "" to have one made, or chosen by the caller */
	int64_t since; /* when the key's holder was submitted */
};

enum submitted submit_task(
    struct spool *s, struct submission *sub, struct complaint *c);

/* Is every blocker that is named by id there?  0, -1 with the complaint. */
int submit_check_after(
    struct spool *s, const struct task *task, struct complaint *c);

/* A new id, no nearer to the last one than ID_SPACING. */
void submit_id(int64_t *last_place, char id[ID_SIZE]);

/* 75 for what will pass (no room), 73 for the rest. */
int submit_refusal(int error);

#endif
