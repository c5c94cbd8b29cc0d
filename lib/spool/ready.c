#include "spool/ready.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spool/steer.h"

static bool
is_bucket(const char *name)
{
	return strlen(name) == ID_BUCKET;
}

static bool
is_bucket_or_file(const char *name)
{
	return is_bucket(name) || place_name_ok(name);
}

static int
add_lane(struct ready_scan *scan, const char *queue, int priority, bool retry)
{
	struct ready_lane *lane = &scan->lanes[scan->count];

	if (claims_paused(scan->s, queue))
		return 0;
	(void)snprintf(lane->dir, sizeof(lane->dir), "ready/%.64s/%d%s", queue,
	    priority, retry ? "r" : "");
	if (names_read(scan->s->dir, lane->dir, is_bucket_or_file,
		&lane->buckets) == -1)
		return -1;
	scan->count++;
	return 0;
}

int
ready_open(struct ready_scan *scan, struct spool *s, char *const *queues,
    size_t queue_count, int priority, bool retry)
{
	AUTO_NAMES all = { 0 };
	size_t i;

	*scan = (struct ready_scan){ .s = s };
	if (queues == NULL) {
		if (names_read(s->dir, "ready", name_ok, &all) == -1)
			return -1;
		queues = all.v;
		queue_count = all.n;
	}
	scan->lanes = calloc(queue_count + 1, sizeof(*scan->lanes));
	if (scan->lanes == NULL)
		return -1;
	for (i = 0; i < queue_count; i++)
		if (add_lane(scan, queues[i], priority, retry) == -1) {
			ready_close(scan);
			return -1;
		}
	return 0;
}

void
ready_close(struct ready_scan *scan)
{
	size_t i;

	for (i = 0; i < scan->count; i++) {
		names_free(&scan->lanes[i].buckets);
		names_free(&scan->lanes[i].files);
	}
	free(scan->lanes);
	*scan = (struct ready_scan){ .s = scan->s };
}

/* Reads the next bucket; an emptied one goes, whoever emptied it. */
static int
read_bucket(struct spool *s, struct ready_lane *lane)
{
	char path[PLACE_SIZE];

	names_free(&lane->files);
	lane->file = 0;
	(void)strlcpy(lane->bucket, lane->buckets.v[lane->next++],
	    sizeof(lane->bucket));
	(void)snprintf(path, sizeof(path), "%.120s/%s", lane->dir,
	    lane->bucket);
	if (names_read(s->dir, path, place_name_ok, &lane->files) == -1)
		return errno == ENOTDIR ? 0 : -1;
	if (lane->files.n == 0)
		(void)unlinkat(s->dir, path, AT_REMOVEDIR);
	return 0;
}

/* The name of the lane's next file: 1, 0 none is left, -1. */
static int
lane_peek(struct spool *s, struct ready_lane *lane, const char **name)
{
	while (lane->file == lane->files.n) {
		if (lane->next == lane->buckets.n)
			return 0;
		*name = lane->buckets.v[lane->next];
		if (!is_bucket(*name)) {
			lane->bucket[0] = '\0';
			return 1;
		}
		if (read_bucket(s, lane) == -1)
			return -1;
	}
	*name = lane->files.v[lane->file];
	return 1;
}

static void
lane_take(struct ready_lane *lane, struct place *place)
{
	const char *name;

	place->state = STATE_READY;
	if (lane->file < lane->files.n) {
		name = lane->files.v[lane->file++];
		(void)snprintf(place->dir, sizeof(place->dir), "%.120s/%s",
		    lane->dir, lane->bucket);
	} else {
		name = lane->buckets.v[lane->next++];
		(void)strlcpy(place->dir, lane->dir, sizeof(place->dir));
	}
	(void)strlcpy(place->name, name, sizeof(place->name));
}

int
ready_next(struct ready_scan *scan, struct place *place)
{
	struct ready_lane *best = NULL;
	const char *name, *best_name = NULL;
	size_t i;
	int got;

	for (i = 0; i < scan->count; i++) {
		got = lane_peek(scan->s, &scan->lanes[i], &name);
		if (got == -1)
			return -1;
		if (got == 1 && (best == NULL || strcmp(name, best_name) < 0)) {
			best = &scan->lanes[i];
			best_name = name;
		}
	}
	if (best == NULL)
		return 0;
	lane_take(best, place);
	return 1;
}
