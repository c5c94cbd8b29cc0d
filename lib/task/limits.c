#include "task/limits.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/size.h"
#include "task/fields.h"

#define NUMBER_MAX    9007199254740991.0
#define PROCESSES_MAX (1 << 22) /* no Linux has more */

static int
size_value(const char *text, int64_t *to)
{
	return size_parse(text, to);
}

static int
span_value(const char *text, int64_t *to)
{
	return clock_duration(text, to);
}

static int
count_value(const char *text, int64_t *to)
{
	const char *fault;

	*to = strtonum(text, 1, PROCESSES_MAX, &fault);
	return fault == NULL ? 0 : -1;
}

static const struct {
	const char *name;
	int (*value)(const char *, int64_t *);
	const char *such;
} table[LIMIT_COUNT] = {
	[LIMIT_MEMORY] = { "memory", size_value, "a size such as 512M" },
	[LIMIT_CPU_TIME] = { "cpu_time", span_value, "a duration such as 10m" },
	[LIMIT_FILE_SIZE] = { "file_size", size_value, "a size such as 1G" },
	[LIMIT_PROCESSES] = { "processes", count_value,
	    "a number such as 100" },
	[LIMIT_OUTPUT] = { "output", size_value, "a size such as 64M" },
	[LIMIT_DISK] = { "disk", size_value, "a size such as 10G" },
};

const char *
limit_name(enum limit limit)
{
	return table[limit].name;
}

/* A number is its text: 0, or -1 for one that has none. */
static int
value_of(const cJSON *item, enum limit limit, int64_t *to)
{
	const char *text = cJSON_GetStringValue(item);
	char number[24];

	if (cJSON_IsNumber(item)) {
		double n = item->valuedouble;

		if (n != floor(n) || n < 1 || n > NUMBER_MAX)
			return -1;
		(void)snprintf(number, sizeof(number), "%.0f", n);
		text = number;
	}
	if (text == NULL || table[limit].value(text, to) == -1)
		return -1;
	return *to > 0 ? 0 : -1;
}

static int
decode_one(struct limits *limits, const cJSON *item, struct complaint *c)
{
	char field[80];
	enum limit i;

	(void)snprintf(field, sizeof(field), "limits.%.64s", item->string);
	for (i = 0; i < LIMIT_COUNT; i++) {
		if (strcmp(table[i].name, item->string) != 0)
			continue;
		if (value_of(item, i, &limits->v[i]) == 0)
			return 0;
		return complain(c, field, "it is not %s, and more than 0",
		    table[i].such);
	}
	return complain(c, field, "no such limit is known");
}

int
limits_decode(struct limits *limits, const cJSON *item, struct complaint *c)
{
	const cJSON *one;

	*limits = (struct limits){ 0 };
	if (!cJSON_IsObject(item))
		return complain(c, "limits", "it is not an object");
	cJSON_ArrayForEach (one, item)
		if (decode_one(limits, one, c) == -1)
			return -1;
	return 0;
}

int
limits_warning(const char *text, int *number, int64_t *before)
{
	size_t len = strcspn(text, "@");
	const char *name;
	int n;

	if (text[len] == '\0' || clock_duration(text + len + 1, before) == -1 ||
	    *before <= 0)
		return -1;
	for (n = 1; n < NSIG; n++)
		if ((name = sigabbrev_np(n)) != NULL && strlen(name) == len &&
		    strncmp(name, text, len) == 0) {
			*number = n;
			return 0;
		}
	return -1;
}
