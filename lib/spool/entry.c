#include "spool/entry.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "spool/find.h"
#include "spool/health.h"
#include "task/fields.h"

#define TAIL_LEN (sizeof(TASK_TAIL) - 1)

static int
open_task_file(struct spool *s, const struct place *place, int flags)
{
	char path[PLACE_SIZE];

	place_path(place, path);
	return file_open_regular(s->dir, path, flags, NULL);
}

/* text[0..keep) with the tail that closes it, in place. */
static int
close_text(char **text, size_t *len, size_t keep)
{
	char *more = realloc(*text, keep + TAIL_LEN + 1);

	if (more == NULL)
		return -1;
	memcpy(more + keep, TASK_TAIL, TAIL_LEN + 1);
	*text = more;
	*len = keep + TAIL_LEN;
	return 0;
}

/* What a power cut left behind the last whole entry was promised to nobody. */
static int
cut_file(int fd, size_t keep)
{
	if (file_pwrite(fd, TASK_TAIL, TAIL_LEN, (off_t)keep) == -1)
		return -1;
	return ftruncate(fd, (off_t)(keep + TAIL_LEN));
}

static int
decode(struct entry *e, const char *text, size_t len, struct complaint *c)
{
	if ((e->task = task_parse(text, len, c)) == NULL)
		return -1;
	if (strncmp(e->task->id, e->at.name, ID_LEN) != 0) {
		errno = EINVAL;
		return complain(c, "id", "it is not the file's name");
	}
	history_read(e->task, &e->history);
	return 0;
}

static int
load(struct entry *e, bool may_cut, struct complaint *c)
{
	AUTO_STR text = NULL;
	struct task_tail tail;
	size_t len;

	if (file_read_fd(e->fd, TASK_FILE_MAX, &text, &len) == -1) {
		if (errno == EFBIG) {
			errno = EINVAL;
			return complain(c, "", "it is too big for a task");
		}
		return -1;
	}
	if (task_tail(text, len, &tail) == -1) {
		errno = EINVAL;
		return complain(c, "", "it is not a whole task");
	}
	if (!tail.whole) {
		if (may_cut && cut_file(e->fd, tail.keep) == -1)
			return -1;
		if (close_text(&text, &len, tail.keep) == -1)
			return -1;
	}
	e->tail = (off_t)tail.keep;
	e->before = tail.before;
	return decode(e, text, len, c);
}

int
entry_open(struct spool *s, const struct place *place, struct entry *e,
    struct complaint *c)
{
	char path[PLACE_SIZE];
	int named;

	memset(c, 0, sizeof(*c));
	*e = (struct entry){ .at = *place, .fd = -1 };
	place_path(place, path);
	e->fd = file_open_regular(s->dir, path, O_RDWR, NULL);
	if (e->fd == -1)
		return errno == ENOENT ? 0 : -1;
	if (spool_lock(s, e->fd, path) == -1 ||
	    (named = file_is_named(e->fd, s->dir, path)) == -1 ||
	    (named == 1 && load(e, true, c) == -1)) {
		entry_close(e);
		return -1;
	}
	if (named == 0)
		entry_close(e);
#ifdef BUG_LOCK_LET_GO
	entry_unlock(e);
	(void)usleep(300);
#endif
	return named;
}

static bool
tail_is_whole(int fd)
{
	AUTO_STR text = NULL;
	struct task_tail tail;
	size_t len;

	return file_read_fd(fd, TASK_FILE_MAX, &text, &len) == 0 &&
	       task_tail(text, len, &tail) == 0 && tail.whole;
}

int
entry_read(struct spool *s, const struct place *place, struct entry *e,
    struct complaint *c)
{
	int answer;

	memset(c, 0, sizeof(*c));
	*e = (struct entry){ .at = *place, .fd = -1 };
	e->fd = open_task_file(s, place, O_RDONLY);
	if (e->fd == -1)
		return errno == ENOENT ? 0 : -1;
	/* Somebody may be adding to it: he holds the lock while he does. */
	if (!tail_is_whole(e->fd))
		(void)lock_wait(e->fd, true, CLOCK_SECOND);
	answer = load(e, false, c);
	if (answer == -1) {
		entry_close(e);
		return -1;
	}
	(void)close(e->fd);
	e->fd = -1;
	return 1;
}

void
entry_close(struct entry *e)
{
	int saved = errno;

	task_free(e->task);
	if (e->fd != -1)
		(void)close(e->fd);
	e->task = NULL;
	e->fd = -1;
	errno = saved;
}

void
entry_unlock(struct entry *e)
{
	(void)flock(e->fd, LOCK_UN);
}

int
entry_relock(struct spool *s, struct entry *e, struct complaint *c)
{
	char path[PLACE_SIZE];
	int named;

	memset(c, 0, sizeof(*c));
	place_path(&e->at, path);
	if (spool_lock(s, e->fd, path) == -1 ||
	    (named = file_is_named(e->fd, s->dir, path)) == -1)
		return -1;
	task_free(e->task);
	e->task = NULL;
	if (load(e, true, c) == -1)
		return -1;
	return named;
}

int
entry_append(struct entry *e, const char *text, size_t len)
{
	size_t front = strlen(e->before), whole = front + len + TAIL_LEN;
	AUTO_STR buf = malloc(whole);
	int saved;

	if (buf == NULL)
		return -1;
	memcpy(buf, e->before, front);
	memcpy(buf + front, text, len);
	memcpy(buf + front + len, TASK_TAIL, TAIL_LEN);
	if (file_pwrite(e->fd, buf, whole, e->tail) == -1) {
		saved = errno;
		(void)cut_file(e->fd, (size_t)e->tail);
		errno = saved;
		return -1;
	}
	e->tail += (off_t)(front + len);
	e->before = ",\n";
	return 0;
}

int
entry_move(struct spool *s, struct entry *e, const struct place *to)
{
	char from[PLACE_SIZE], path[PLACE_SIZE];
	int fd, named;

	place_path(&e->at, from);
	place_path(to, path);
#ifdef BUG_MOVE_BY_LINK
	if (linkat(s->dir, from, s->dir, path, 0) == 0) {
		e->at = *to;
		return usleep(300) == 0 && unlinkat(s->dir, from, 0) == 0;
	}
#endif
	while (file_move(s->dir, from, s->dir, path) == -1) {
		if (errno != ENOENT)
			return -1;
		if ((named = file_is_named(e->fd, s->dir, from)) != 1)
			return named;
		if ((fd = place_folder(s, to->dir, &e->made)) == -1)
			return -1;
		(void)close(fd);
	}
	e->at = *to;
	return 1;
}

int
entry_flush(struct spool *s, struct entry *e)
{
	if (fsync(e->fd) == 0 && spool_flush_folder(s, e->at.dir, e->made) == 0)
		return 0;
	health_degrade(s, "a flush of a task failed");
	return -1;
}

static char *
compose(const struct event *event, enum state then, size_t *len)
{
	AUTO_STR text = NULL;
	FILE *out;
	int answer;

	if ((out = open_memstream(&text, len)) == NULL)
		return NULL;
	answer = history_put_event(out, event, then);
	if (fclose(out) == EOF || answer == -1)
		return NULL;
	return str_take(&text);
}

/* The folder is right even where the history finds no room. */
static int
append_if_room(struct spool *s, struct entry *e, const struct event *event,
    enum state then)
{
	AUTO_STR text = NULL;
	size_t len;

	if ((text = compose(event, then, &len)) == NULL)
		return -1;
	if (entry_append(e, text, len) == 0)
		return 0;
	if (errno != ENOSPC && errno != EDQUOT)
		return -1;
	if (ballast_free(s) == 1)
		(void)entry_append(e, text, len);
	return 0;
}

int
entry_change(struct spool *s, struct entry *e, const struct place *to,
    const struct event *event)
{
	int moved;

#ifdef BUG_APPEND_FIRST
	if (append_if_room(s, e, event, to->state) == -1)
		return -1;
	(void)usleep(10000);
	return entry_move(s, e, to) == 1 ? entry_flush(s, e) + 1 : 0;
#endif
	if ((moved = entry_move(s, e, to)) != 1)
		return moved;
	if (append_if_room(s, e, event, e->at.state) == -1 ||
	    entry_flush(s, e) == -1)
		return -1;
	return 1;
}

int
entry_note(struct spool *s, struct entry *e, const struct event *event)
{
	AUTO_STR text = NULL;
	size_t len;

	e->made = 0;
	if ((text = compose(event, STATE_COUNT, &len)) == NULL ||
	    entry_append(e, text, len) == -1)
		return -1;
	return entry_flush(s, e);
}

static int
found_again(struct spool *s, const char *id, struct entry *e,
    struct complaint *c,
    int (*open)(struct spool *, const struct place *, struct entry *,
	struct complaint *))
{
	struct place place;
	int found, answer, tries;

	for (tries = 0; tries < 100; tries++) {
		if ((found = find_task(s, id, &place)) != 1)
			return found;
		if ((answer = open(s, &place, e, c)) != 0)
			return answer;
	}
	return 0;
}

int
entry_find(struct spool *s, const char *id, struct entry *e,
    struct complaint *c)
{
	return found_again(s, id, e, c, entry_open);
}

int
entry_find_read(struct spool *s, const char *id, struct entry *e,
    struct complaint *c)
{
	return found_again(s, id, e, c, entry_read);
}
