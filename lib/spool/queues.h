/* etc/queues.conf: what differs by queue, and limits of queue and project. */
#ifndef SPOOL_QUEUES_H
#define SPOOL_QUEUES_H

#include "spool/settings.h"

struct queue_settings {
	char name[NAME_SIZE];
	bool project;
	int running;	     /* at once at most, 0: any number */
	struct settings set; /* [task] with this queue's over it */
};

/* Reads both files into set, over what stands there; as settings_get. */
int queues_read(struct spool *s, struct settings *set,
    struct settings_fault *fault);
void queues_free(struct settings *set);

/* The settings that hold for a queue's tasks. */
const struct settings *queue_rules(
    const struct settings *set, const char *queue);

/* So many may run at once, 0: any number. */
int queue_limit(const struct settings *set, const char *queue);
int project_limit(const struct settings *set, const char *project);
bool projects_limited(const struct settings *set);

#endif
