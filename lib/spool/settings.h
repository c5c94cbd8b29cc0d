/* etc/taskdir.conf: the spool's settings over the installed ones. */
#ifndef SPOOL_SETTINGS_H
#define SPOOL_SETTINGS_H

#include "spool/spool.h"

#define SETTINGS_BACKOFF_MAX 16

struct settings {
	int attempts; /* [task] attempts = 4 */
	int64_t timeout; /* [task] timeout = 24h */
	int64_t backoff[SETTINGS_BACKOFF_MAX]; /* [task] backoff = 0s 5m 15m */
	size_t backoff_count;
	int retry_share; /* [claim] retry_share = 4 */
	int yield_lower; /* [claim] yield_lower = 0 */
	int64_t grace; /* [run] grace = 10s, from TERM to KILL */
	int64_t rescan; /* [run] rescan = 60s, idle workers look again */
	int64_t journal_size; /* [journal] size = 16M */
	int journal_keep; /* [journal] keep = 8 */
	int64_t ballast; /* [disk] ballast = 4M */
};

struct settings_fault {
	char file[256], what[160];
	int line;
};

/*
 * The settings in force, read once.  NULL with errno: EINVAL and the fault,
 * for a key or value that is not known.
 */
const struct settings *settings_get(struct spool *s,
    struct settings_fault *fault);

#endif
