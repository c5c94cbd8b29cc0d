#include "work/idle.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/clock.h"
#include "base/names.h"
#include "base/watch.h"
#include "spool/wake.h"

#define ARRIVAL	   (IN_CREATE | IN_MOVED_TO)
/* A lock's last close is its holder's death. */
#define DEATH	   IN_CLOSE_WRITE
#define BLIND_LOOK (CLOCK_SECOND / 5)

static void
add(struct worker *w, const char *path, unsigned int events)
{
	char *whole;

	if (asprintf(&whole, "%s/%s", w->s->path, path) == -1)
		return;
	(void)watch_add(whole, events);
	free(whole);
}

static void
watch_queue(struct worker *w, const char *queue)
{
	AUTO_NAMES lanes = { 0 };
	char path[PLACE_SIZE];
	size_t i;

	(void)snprintf(path, sizeof(path), "ready/%.64s", queue);
	add(w, path, ARRIVAL);
	if (names_read(w->s->dir, path, NULL, &lanes) == -1)
		return;
	for (i = 0; i < lanes.n; i++) {
		if (strlen(lanes.v[i]) > 2)
			continue;
		(void)snprintf(path, sizeof(path), "ready/%.64s/%.2s", queue,
		    lanes.v[i]);
		add(w, path, ARRIVAL);
	}
}

void
idle_watch(struct worker *w)
{
	AUTO_NAMES queues = { 0 };
	AUTO_NAMES workers = { 0 };
	char path[PLACE_SIZE];
	size_t i;

	if (w->watch == -1)
		return;
	add(w, WAKE_FOLDER, IN_CLOSE_WRITE | ARRIVAL | IN_DELETE);
	add(w, "new", ARRIVAL);
	add(w, "etc", IN_CLOSE_WRITE | ARRIVAL);
	add(w, "reserve", DEATH | IN_DELETE);
	add(w, "running", ARRIVAL);
	add(w, "ready", ARRIVAL);
	if (names_read(w->s->dir, "running", name_ok, &workers) == 0)
		for (i = 0; i < workers.n; i++) {
			/* What is told about our own is told all the time. */
			if (strcmp(workers.v[i], w->slot.name) == 0)
				continue;
			(void)snprintf(path, sizeof(path), "running/%.64s",
			    workers.v[i]);
			add(w, path, DEATH | IN_MOVED_FROM);
		}
	if (names_read(w->s->dir, "ready", name_ok, &queues) == 0)
		for (i = 0; i < queues.n; i++)
			watch_queue(w, queues.v[i]);
}

static void
note_death(const char *path, const char *name, unsigned int events, void *arg)
{
	bool *died = arg;
	const char *folder = strrchr(path, '/');

	(void)name;
	if ((events & DEATH) != 0 && strcmp(folder + 1, WAKE_FOLDER) != 0)
		*died = true;
}

bool
idle_wait(struct worker *w, int64_t limit)
{
	struct pollfd fds[] = {
		{ .fd = w->stop.fd, .events = POLLIN },
		{ .fd = w->watch, .events = POLLIN },
	};
	bool died = false;
	int n;

	if (w->watch == -1 && (limit < 0 || limit > BLIND_LOOK))
		limit = BLIND_LOOK;
	if (limit > INT32_MAX * INT64_C(1000))
		limit = INT32_MAX * INT64_C(1000);
	n = poll(fds, 2, limit < 0 ? -1 : (int)((limit + 999) / 1000));
	stop_take(&w->stop);
	if (n <= 0)
		return false;
	if ((fds[1].revents & POLLIN) != 0)
		(void)watch_take(note_death, &died);
	/* The kernel tells of the close a moment before the lock is free. */
	if (died)
		(void)poll(NULL, 0, 1);
	return true;
}
