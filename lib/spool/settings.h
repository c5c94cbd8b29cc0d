/* etc/taskdir.conf: the spool's settings over the installed ones. */
#ifndef SPOOL_SETTINGS_H
#define SPOOL_SETTINGS_H

#include "spool/spool.h"

#define SETTINGS_BACKOFF_MAX 16

struct settings {
	int attempts; /* [task] */
	int64_t timeout;
	int64_t backoff[SETTINGS_BACKOFF_MAX];
	size_t backoff_count;
	struct limits limits; /* where a task gives none */
	int remove_work;      /* what a task that is done keeps in work/ */
	int retry_share;      /* [claim] */
	int yield_lower;      /* 0: off */
	int64_t pass_over;    /* until a task that lacks paths bars others */
	int64_t grace;	      /* [run] from TERM to KILL */
	int64_t rescan;	      /* idle workers look again */
	int64_t journal_size; /* [journal] bytes */
	int journal_keep;
	int64_t ballast; /* [disk] bytes, 0: none */
	int free;	 /* so many in a hundred are not for new tasks */
	struct queue_settings *queues; /* see spool/queues.h */
	size_t queue_count;
	uint64_t stamp; /* of the files that were read */
};

struct settings_fault {
	char file[256], what[160];
	int line; /* 0: the file as a whole */
};

/*
 * The settings in force, read once.  NULL with errno: EINVAL and the fault
 * (which may be NULL), for a key or value that is not known.
 */
const struct settings *settings_get(struct spool *s,
    struct settings_fault *fault);

/*
 * Reads them again if a file has changed: 1 they are new, 0 they are as they
 * were, -1 with the fault, said once: then the old ones stay in force.  What
 * was answered before is void after 1.
 */
int settings_reload(struct spool *s, struct settings_fault *fault);
void settings_forget(struct spool *s);

struct conf_value;
struct conf_fault;
int settings_put(struct settings *set, const struct conf_value *v,
    struct conf_fault *fault);

void settings_builtin(struct settings *set);

/* One file's values over those in set; shown is what to call it. */
int settings_read(struct settings *set, int dir, const char *name,
    const char *shown, struct settings_fault *fault);

struct settings_key {
	const char *section, *name;
	const char *value;	/* built in */
	const char *low, *high; /* of a list: of each of it */
};

/* Every key there is, by sections; NULL past the last. */
const struct settings_key *settings_key(size_t i);

#endif
