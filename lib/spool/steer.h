/* What people order: cancel, hold, release, retry, set; pause and resume. */
#ifndef SPOOL_STEER_H
#define SPOOL_STEER_H

#include "spool/entry.h"

enum steered {
	STEER_DONE,    /* it is so, and that is on disk */
	STEER_ORDERED, /* it runs: its attempt n is told */
	STEER_ALREADY, /* it was so before */
	STEER_REFUSED, /* its state does not allow it */
	STEER_BAD,     /* the complaint says why: 65 */
	STEER_NOT_FOUND,
	STEER_NOT_ALLOWED,
	STEER_UNKNOWN, /* it is so, but perhaps not on disk: 74 */
	STEER_TROUBLE
};

struct steering {
	const char *why; /* in the words of who orders it, or NULL */
	const char *set; /* steer_set: a JSON object of settings */
	bool dependent;	 /* steer_retry: it waits, whatever its blockers are */

	enum state state; /* answered: where it is now */
	int n;
	struct complaint complaint;
};

/*
 * Opens the task for a change: STEER_DONE, or why not.  Only its submitter
 * and the owner of the spool may.
 */
enum steered steer_open(struct spool *s, const char *id, struct steering *how,
    struct entry *e);

enum steered steer_cancel(struct spool *s, const char *id,
    struct steering *how);
enum steered steer_hold(struct spool *s, const char *id, struct steering *how);
enum steered steer_release(struct spool *s, const char *id,
    struct steering *how);

/* An ended task, run again in place, its attempts counted anew. */
enum steered steer_retry(struct spool *s, const char *id, struct steering *how);

/*
 * Calls each() for the tasks that were cancelled because this one, or one of
 * them, could not meet them, blockers first.
 */
int steer_dependents(struct spool *s, const char *id,
    int (*each)(struct spool *s, const char *id, void *arg), void *arg);

enum steered steer_set(struct spool *s, const char *id, struct steering *how);

/* Are these settings good, for any task?  0, -1 with the complaint. */
int steer_check(const char *set, struct complaint *c);

/* A queue's or (NULL) the whole spool's claims: 1 changed, 0 was so, -1. */
int pause_claims(struct spool *s, const char *queue, const char *why);
int resume_claims(struct spool *s, const char *queue);
bool claims_paused(struct spool *s, const char *queue);

/* "AT by WHO: WHY", cut to the size: 1 paused, 0 not (""), -1. */
int pause_read(struct spool *s, const char *queue, char *text, size_t size);

#endif
