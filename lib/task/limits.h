/* What a task may use at most, and the signal that warns it of its end. */
#ifndef TASK_LIMITS_H
#define TASK_LIMITS_H

#include <stdint.h>

enum limit {
	LIMIT_MEMORY,	 /* bytes */
	LIMIT_CPU_TIME,	 /* microseconds */
	LIMIT_FILE_SIZE, /* bytes, of each file */
	LIMIT_PROCESSES, /* threads, too */
	LIMIT_OUTPUT,	 /* bytes of the log */
	LIMIT_DISK,	 /* bytes of its working folder */
	LIMIT_COUNT
};

struct limits {
	int64_t v[LIMIT_COUNT]; /* 0: none */
};

/* "memory" */
const char *limit_name(enum limit limit);

struct cJSON;
struct complaint;

/* {"memory": "512M", …}; -1 with the complaint. */
int limits_decode(struct limits *limits, const struct cJSON *item,
    struct complaint *c);

/* "TERM@60s": the signal's number and the time before the end; 0, -1. */
int limits_warning(const char *text, int *number, int64_t *before);

#endif
