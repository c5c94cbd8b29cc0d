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
#define DEATH_LOOK (CLOCK_SECOND / 10)

static void
add(struct worker *w, const char *path, unsigned int events)
{
	char *whole;

	if (asprintf(&whole, "%s/%s", w->s->path, path) == -1)
		return;
	/* One more than we may have: look for what it would have told. */
	if (watch_add(whole, events) == -1 && errno != ENOENT &&
	    errno != ENOTDIR)
		w->blind = true;
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
	bool drains = w->mode == WORKER_DRAIN || w->mode == WORKER_DRAIN_ALL;
	size_t i;

	if (w->watch == -1)
		return;
	w->blind = false;
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
			add(w, path, DEATH | (drains ? IN_MOVED_FROM : 0U));
		}
	if (names_read(w->s->dir, "ready", name_ok, &queues) == 0)
		for (i = 0; i < queues.n; i++)
			watch_queue(w, queues.v[i]);
}

static bool
is_in(const struct worker *w, const char *path, const char *folder)
{
	size_t len = strlen(w->s->path);

	return strncmp(path, w->s->path, len) == 0 && path[len] == '/' &&
	       strncmp(path + len + 1, folder, strlen(folder)) == 0;
}

static bool
ends_in_lock(const char *name)
{
	size_t len = strlen(name);

	return len >= 4 && strcmp(name + len - 4, "lock") == 0;
}

struct news {
	struct worker *w;
	bool any;
};

/* What a look or a round of upkeep does by itself is no news to anybody. */
static void
note(const char *path, const char *name, unsigned int events, void *arg)
{
	struct news *news = arg;
	struct worker *w = news->w;
	bool closed = (events & IN_CLOSE_WRITE) != 0;

	if (is_in(w, path, WAKE_FOLDER)) {
		if (closed ? strcmp(name, "wake") != 0
			   : strncmp(name, "paused", 6) != 0)
			return;
	} else if (is_in(w, path, "reserve")) {
		if (*name == '.')
			return;
	} else if (is_in(w, path, "running/") && closed) {
		if (!ends_in_lock(name))
			return;
		w->died = true;
	}
	news->any = true;
}

bool
idle_wait(struct worker *w, int64_t limit)
{
	struct pollfd fds[] = {
		{ .fd = w->stop.fd, .events = POLLIN },
		{ .fd = w->watch, .events = POLLIN },
	};
	struct news news = { w, false };
	int64_t now = clock_steady(), until;

	if ((w->watch == -1 || w->blind) && limit > BLIND_LOOK)
		limit = BLIND_LOOK;
	/* A death may have been told before it could be seen. */
	if (w->died && limit > DEATH_LOOK)
		limit = DEATH_LOOK;
	w->died = false;
	for (until = now + limit; !news.any && now < until;
	     now = clock_steady()) {
		limit = (until - now + 999) / 1000;
		(void)poll(fds, 2, limit > INT32_MAX ? INT32_MAX : (int)limit);
		stop_take(&w->stop);
		if (w->stop.asked > 0)
			return true;
		if ((fds[1].revents & POLLIN) != 0 &&
		    watch_take(note, &news) == -1)
			news.any = true;
		fds[1].revents = 0;
	}
	/* The kernel tells of a close a moment before the lock is free. */
	if (w->died)
		(void)poll(NULL, 0, 1);
	return news.any;
}

void
idle_nap(struct worker *w)
{
	struct pollfd fd = { .fd = w->stop.fd, .events = POLLIN };

	(void)poll(&fd, 1, (int)(BLIND_LOOK / 1000));
	stop_take(&w->stop);
}
