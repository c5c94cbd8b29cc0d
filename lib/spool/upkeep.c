#include "spool/upkeep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/names.h"
#include "spool/depend.h"
#include "spool/due.h"
#include "spool/entry.h"
#include "spool/find.h"
#include "spool/health.h"
#include "spool/import.h"
#include "spool/index.h"
#include "spool/journal.h"
#include "spool/recover.h"
#include "spool/reserve.h"
#include "spool/work.h"

#define TMP_AGE INT64_C(129600) /* writers end themselves after 24 h */

int
upkeep_due(struct spool *s, int64_t *next)
{
	int trouble = 0, trusted;

	*next = 0;
	trusted = index_trusted(s);
	if (trusted == -1 || (trusted == 0 && index_rebuild(s) == -1))
		trouble = errno;
	if (recover_dead(s) == -1)
		trouble = errno;
	if (import_drops(s) == -1)
		trouble = errno;
	if (due_promote(s, clock_now(), next) == -1)
		trouble = errno;
	if (trouble == 0)
		return 0;
	errno = trouble;
	return -1;
}

static int
sweep_tmp(const char *name, void *arg)
{
	struct spool *s = arg;
	char path[PLACE_SIZE + 256];
	struct stat st;

	(void)snprintf(path, sizeof(path), "tmp/%s", name);
	if (strncmp(name, "in.", 3) == 0 || strcmp(name, "README") == 0 ||
	    fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return 0;
	if (S_ISREG(st.st_mode) &&
	    st.st_ctim.tv_sec < clock_now() / CLOCK_SECOND - TMP_AGE)
		(void)unlinkat(s->dir, path, 0);
	return 0;
}

/* One folder of waiting or delayed tasks, its hints made again. */
static int
look_through(struct spool *s, enum state state, const char *day)
{
	AUTO_NAMES names = { 0 };
	struct complaint c;
	struct place place = { .state = state };
	int trouble = 0;
	size_t i;

	(void)snprintf(place.dir, sizeof(place.dir), "%s/%s", state_name(state),
	    day);
	if (names_read(s->dir, place.dir, place_name_ok, &names) == -1)
		return errno == ENOTDIR ? 0 : -1;
	if (names.n == 0)
		(void)unlinkat(s->dir, place.dir, AT_REMOVEDIR);
	for (i = 0; i < names.n; i++) {
		AUTO_ENTRY e = ENTRY_NONE;

		(void)strlcpy(place.name, names.v[i], sizeof(place.name));
		if (entry_read(s, &place, &e, &c) != 1)
			continue;
		if (state == STATE_DELAYED &&
		    due_hint(s, e.task->id, e.history.not_before) == -1)
			return -1;
		if (state == STATE_WAITING &&
		    depend_hint(s, e.task, e.task->id) == -1)
			return -1;
		if (state == STATE_WAITING &&
		    depend_settle(s, e.task->id) == -1 && errno != EINVAL)
			trouble = errno;
	}
	errno = trouble;
	return trouble == 0 ? 0 : -1;
}

/* Each round looks through one day of the state, in turn. */
static int
look_through_a_day(struct spool *s, enum state state)
{
	AUTO_NAMES days = { 0 };
	int64_t turn = clock_now() / (60 * CLOCK_SECOND);

	if (names_read(s->dir, state_name(state), NULL, &days) == -1)
		return -1;
	if (days.n == 0)
		return 0;
	return look_through(s, state, days.v[(size_t)turn % days.n]);
}

static bool
is_day(const char *name)
{
	return strlen(name) == CLOCK_DAY - 1 && name[4] == '-';
}

/* Folders of days past that hold nothing any more. */
static void
remove_empty_days(struct spool *s, enum state state)
{
	AUTO_NAMES days = { 0 };
	char path[PLACE_SIZE], today[CLOCK_DAY];
	size_t i;

	clock_day(clock_now(), today);
	if (names_read(s->dir, state_name(state), is_day, &days) == -1)
		return;
	for (i = 0; i < days.n && strcmp(days.v[i], today) < 0; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", state_name(state),
		    days.v[i]);
		(void)unlinkat(s->dir, path, AT_REMOVEDIR);
	}
}

static int
sweep(struct spool *s)
{
	int trouble = 0;

	if (depend_sweep(s) == -1)
		trouble = errno;
	if (reserve_sweep(s) == -1)
		trouble = errno;
	if (import_rest(s) == -1)
		trouble = errno;
	if (names_each(s->dir, "tmp", sweep_tmp, s) == -1)
		trouble = errno;
	if (work_sweep(s) == -1)
		trouble = errno;
	if (look_through_a_day(s, STATE_WAITING) == -1)
		trouble = errno;
	if (look_through_a_day(s, STATE_DELAYED) == -1)
		trouble = errno;
	remove_empty_days(s, STATE_HELD);
	if (journal_rotate(s) == -1)
		trouble = errno;
	if (health_check(s) == -1)
		trouble = errno;
	if (ballast_keep(s) == -1)
		trouble = errno;
	return trouble;
}

int
upkeep_round(struct spool *s)
{
	AUTO_FD lock = -1;
	int64_t next;
	int trouble = 0, swept;

	if (upkeep_due(s, &next) == -1)
		trouble = errno;
	lock = openat(s->dir, "ctl/tick.lock", O_RDWR | O_CREAT | O_CLOEXEC,
	    0600);
	if (lock == -1)
		return -1;
	/* Another's round does for us what is left. */
	if (lock_try(lock, false) == 1 && (swept = sweep(s)) != 0)
		trouble = swept;
	if (due_promote(s, clock_now(), &next) == -1)
		trouble = errno;
	if (trouble == 0)
		return 0;
	errno = trouble;
	return -1;
}

int
upkeep_failed(struct spool *s,
    int (*each)(struct spool *s, const char *id, void *arg), void *arg)
{
	AUTO_NAMES names = { 0 };
	char path[PLACE_SIZE];
	size_t i;
	int answer;

	if (names_read(s->dir, "index/failed", id_ok, &names) == -1)
		return -1;
	for (i = 0; i < names.n; i++) {
		(void)snprintf(path, sizeof(path), "index/failed/%s",
		    names.v[i]);
		if (unlinkat(s->dir, path, 0) == 0 &&
		    (answer = each(s, names.v[i], arg)) != 0)
			return answer;
	}
	return 0;
}
