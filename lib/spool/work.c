#include "spool/work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/names.h"
#include "spool/entry.h"
#include "spool/find.h"
#include "spool/queues.h"

#define AWAY	   ".away"
#define ORPHAN_AGE INT64_C(129600) /* writers end themselves after 24 h */

int
work_make(struct spool *s, const char *id)
{
	char path[PLACE_SIZE];
	int made = 0, fd;

	(void)snprintf(path, sizeof(path), WORK_PATH, id);
	if ((fd = place_folder(s, path, &made)) == -1)
		return -1;
	(void)close(fd);
	return 0;
}

int64_t
work_size(struct spool *s, const char *id)
{
	char path[PLACE_SIZE];
	int64_t bytes;

	(void)snprintf(path, sizeof(path), WORK_PATH, id);
	if (folder_size(s->dir, path, &bytes) == -1)
		return -1;
	return bytes;
}

bool
work_put_away(struct spool *s, const struct task *task)
{
	const struct settings *set = settings_get(s, NULL);
	char path[PLACE_SIZE], away[PLACE_SIZE];

	if (set == NULL || !queue_rules(set, task->queue)->remove_work)
		return false;
	(void)snprintf(path, sizeof(path), WORK_PATH, task->id);
	(void)snprintf(away, sizeof(away), WORK_PATH AWAY, task->id);
	return file_move(s->dir, path, s->dir, away) == 0;
}

void
work_clear(struct spool *s, const char *id)
{
	char path[PLACE_SIZE];

	(void)snprintf(path, sizeof(path), WORK_PATH AWAY, id);
	(void)folder_remove(s->dir, path);
}

static int
clear_if_done(struct spool *s, const struct place *place)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	char id[ID_SIZE];
	bool away;

	if (place->state != STATE_DONE || entry_open(s, place, &e, &c) != 1)
		return 0;
	place_id(place, id);
	away = work_put_away(s, e.task);
	entry_close(&e);
	if (away)
		work_clear(s, id);
	return 0;
}

static bool
is_away(const char *name)
{
	char id[ID_SIZE];

	(void)strlcpy(id, name, sizeof(id));
	return id_ok(id) && strcmp(name + ID_LEN, AWAY) == 0;
}

/* The bit says: missed once. */
static int
sweep(const char *name, void *arg)
{
	struct spool *s = arg;
	char path[PLACE_SIZE];
	struct place place;
	struct stat st;
	int found;

	if (is_away(name)) {
		work_clear(s, name);
		return 0;
	}
	if (!id_ok(name))
		return 0;
	(void)snprintf(path, sizeof(path), WORK_PATH, name);
	if ((found = find_task(s, name, &place)) == -1)
		return -1;
	if (found == 1)
		return clear_if_done(s, &place);
	if (fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    !S_ISDIR(st.st_mode) ||
	    st.st_ctim.tv_sec >= clock_now() / CLOCK_SECOND - ORPHAN_AGE)
		return 0;
	if ((st.st_mode & S_ISVTX) == 0)
		return fchmodat(s->dir, path, st.st_mode | S_ISVTX, 0);
	(void)folder_remove(s->dir, path);
	return 0;
}

int
work_sweep(struct spool *s)
{
	return names_each(s->dir, "work", sweep, s);
}
