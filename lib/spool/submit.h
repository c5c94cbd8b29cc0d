/* From a checked submission to a task on disk. */
#ifndef SPOOL_SUBMIT_H
#define SPOOL_SUBMIT_H

#include "spool/spool.h"
#include "task/task.h"

enum submitted {
	SUBMIT_QUEUED,	 /* it is on disk; the id may be told */
	SUBMIT_HELD_KEY, /* another task has its key: its id is told */
	SUBMIT_REFUSED,	 /* errno says why; nothing is left behind: 73, 75 */
	SUBMIT_UNKNOWN	 /* it may be there, but not surely flushed: 74 */
};

/* Who submits, from where: the same for every task of one program. */
struct submitter {
	char *by, *host, *cwd;
	char **env; /* the variables that a task keeps, "K=V" */
	uid_t uid;
	int umask; /* as it was when the program began */
};

int submitter_read(struct submitter *who, int mask);
/* An account that is not here itself, but left a drop: from its home. */
int submitter_absent(struct submitter *who, uid_t uid);
void submitter_free(struct submitter *who);

/* The account's name and the host's; the caller frees. */
char *account_name(uid_t uid);
char *host_name(void);

struct submission {
	const struct task *task; /* every ref in it made an id */
	const struct submitter *who;
	bool held;
	char id[ID_SIZE]; /* chosen by submit_id */
	struct place at;  /* where it was put */
	int made;	  /* folders that are new on the way there */
	int64_t since;	  /* when the holder of its key was submitted */
};

/* May anything be submitted now?  0; -1 with errno and the complaint. */
int submit_admit(struct spool *s, struct complaint *c);

/* The whole way: key, write, move, flush, tell. */
enum submitted submit_task(struct spool *s, struct submission *sub,
    struct complaint *c);

/*
 * Its steps, for many at once; each answers -1 with errno.  Written whole in
 * tmp/, it is nobody's yet (a descriptor to flush it by); moved, it may be
 * claimed; flushed, it may be told.  What is not to be moved is dropped.
 */
int submit_write(struct spool *s, const struct submission *sub);
int submit_reopen(struct spool *s, const struct submission *sub);
int submit_move(struct spool *s, struct submission *sub);
int submit_flush(struct spool *s, const struct submission *sub, int fd);
void submit_tell(struct spool *s, const struct submission *sub);
void submit_forget(struct spool *s, const struct submission *sub);

/*
 * Is every blocker there?  0, -1 with the complaint; errno is EINVAL unless
 * it could not be told.  refs: those of a batch are looked at elsewhere.
 */
int submit_check_after(struct spool *s, const struct task *task, bool refs,
    struct complaint *c);

/* A new id, no nearer to the last one than ID_SPACING. */
void submit_id(int64_t *last_place, char id[ID_SIZE]);

/* 75 for what will pass (no room), 73 for the rest. */
int submit_refusal(int error);

#endif
