#include "spool/due.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/names.h"
#include "spool/journal.h"
#include "spool/wake.h"

#define DUE_BUCKET 5 /* characters of the time: some 18 minutes */

struct promoting {
	struct spool *s;
	int64_t now, next;
	int moved;
	int trouble; /* errno of one that stays: it stops no other */
	const char *bucket;
};

static void
hint_path(const char *id, int64_t at, char path[PLACE_SIZE])
{
	char place[ID_PLACE + 1];

	id_place(at, place);
	(void)snprintf(path, PLACE_SIZE, "index/due/%.5s/%s.%s", place, place,
	    id);
}

int
due_hint(struct spool *s, const char *id, int64_t at)
{
	char path[PLACE_SIZE];
	int made = 0, fd;

	hint_path(id, at, path);
	while (mknodat(s->dir, path, S_IFREG | 0600, 0) == -1) {
		if (errno == EEXIST)
			return 0;
		if (errno != ENOENT)
			return -1;
		*strrchr(path, '/') = '\0';
		if ((fd = place_folder(s, path, &made)) == -1)
			return -1;
		(void)close(fd);
		path[strlen(path)] = '/';
	}
	/* Who sleeps knows of none that is due so soon. */
	wake_workers(s);
	return 0;
}

int
due_is_hinted(struct spool *s, const char *id, int64_t at)
{
	char path[PLACE_SIZE];

	hint_path(id, at, path);
	if (faccessat(s->dir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
}

static int
promote(struct promoting *p, const char *id)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	struct place to;
	int found;

	if ((found = entry_find(p->s, id, &e, &c)) != 1)
		return found == -1 && errno != EINVAL ? -1 : 0;
	if (e.at.state != STATE_DELAYED)
		return 0;
	if (e.history.not_before > p->now) {
		return due_hint(p->s, id, e.history.not_before);
	}
	place_of(&to, STATE_READY, id, e.task, e.history.last > 0);
	found = entry_change(p->s, &e, &to,
	    &(struct event){ .event = "due", .at = clock_now() });
	if (found != 1)
		return found;
	p->moved++;
	journal_write(p->s, &(struct journal_line){ .event = "due",
				.id = id,
				.queue = e.task->queue,
				.state = state_name(STATE_READY),
				.waited = -1,
				.ran = -1 });
	return 0;
}

static bool
is_due_name(const char *name)
{
	return strlen(name) == ID_PLACE + 1 + ID_LEN && name[ID_PLACE] == '.' &&
	       id_ok(name + ID_PLACE + 1);
}

/* 1 when this one, and so all behind it, lies in the future. */
static int
look_at(struct promoting *p, const char *name)
{
	char path[PLACE_SIZE];
	int64_t at = id_place_time(name);

	if (at > p->now) {
		p->next = at;
		return 1;
	}
	if (promote(p, name + ID_PLACE + 1) == -1) {
		p->trouble = errno;
		return 0;
	}
	(void)snprintf(path, sizeof(path), "index/due/%s/%s", p->bucket, name);
	(void)unlinkat(p->s->dir, path, 0);
	return 0;
}

static int
look_in(struct promoting *p)
{
	AUTO_NAMES names = { 0 };
	char path[PLACE_SIZE];
	size_t i;
	int answer = 0;

	(void)snprintf(path, sizeof(path), "index/due/%s", p->bucket);
	if (names_read(p->s->dir, path, is_due_name, &names) == -1)
		return -1;
	for (i = 0; i < names.n && answer == 0; i++)
		answer = look_at(p, names.v[i]);
	if (answer == 0)
		(void)unlinkat(p->s->dir, path, AT_REMOVEDIR);
	return answer;
}

int
due_promote(struct spool *s, int64_t now, int64_t *next)
{
	AUTO_NAMES buckets = { 0 };
	struct promoting p = { .s = s, .now = now };
	size_t i;
	int answer = 0;

	*next = 0;
	if (names_read(s->dir, "index/due", NULL, &buckets) == -1)
		return -1;
	for (i = 0; i < buckets.n && answer == 0; i++) {
		if (strlen(buckets.v[i]) != DUE_BUCKET)
			continue;
		p.bucket = buckets.v[i];
		answer = look_in(&p);
	}
	if (p.moved > 0)
		wake_workers(s);
	*next = p.next;
	if (answer == -1 || p.trouble == 0)
		return answer == -1 ? -1 : p.moved;
	errno = p.trouble;
	return -1;
}
