#include "cli/log.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/names.h"
#include "base/sysexits.h"
#include "cli/await.h"
#include "cli/copy.h"
#include "cli/select.h"
#include "spool/entry.h"

/* 1 open, 0 there is none, -1. */
static int
open_log(struct spool *s, const char *id, int n, struct copy *c)
{
	char path[PLACE_SIZE];

	place_log(path, id, n);
	c->kept = 0;
	c->fd = file_open_regular(s->dir, path, O_RDONLY, NULL);
	if (c->fd == -1)
		return errno == ENOENT ? 0 : -1;
	return 1;
}

/* 1 printed, 0 there is none, -1. */
static int
print_attempt(struct spool *s, const char *id, int n, const struct log *log)
{
	struct copy c = { .skip = log->bare, .visible = log->visible };
	int answer = open_log(s, id, n, &c);

	if (answer != 1)
		return answer;
	answer = copy_rest(&c, true) == 0 ? 1 : -1;
	(void)close(c.fd);
	return answer;
}

static int
trouble(const char *id)
{
	if (ferror(stdout) != 0)
		return EX_IOERR;
	warn("%s", id);
	return EX_OSERR;
}

/* Where a task stands, as far as its logs go. */
struct standing {
	int ended; /* attempts that have */
	bool over; /* no other attempt will follow */
};

static int
look(struct spool *s, const char *id, struct standing *st)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint why;

	switch (entry_find_read(s, id, &e, &why)) {
	case 0:
		return select_missing(id);
	case -1:
		return select_unreadable(id, &why);
	default:
		break;
	}
	st->ended = e.history.last;
	st->over = state_ended(e.at.state);
	return 0;
}

static int
print_attempts(struct spool *s, const char *id, const struct log *log, int from,
    int to, int step)
{
	int n, answer, printed = 0;

	for (n = from; n != to + step && (printed == 0 || log->all);
	     n += step) {
		answer = print_attempt(s, id, n, log);
		if (answer == -1)
			return trouble(id);
		printed += answer;
	}
	if (printed > 0)
		return 0;
	warnx("%s: there is no log%s", id,
	    log->attempt != 0 ? " of that attempt" : "");
	return EXIT_NO;
}

static int
newest_attempt(struct spool *s, const char *id, const struct standing *st)
{
	char path[PLACE_SIZE];
	struct stat sb;
	int n;

	for (n = st->ended + 1; n > 1; n--) {
		place_log(path, id, n);
		if (fstatat(s->dir, path, &sb, AT_SYMLINK_NOFOLLOW) == 0)
			break;
	}
	return n;
}

static void
watch_log(const struct await *a, const struct spool *s, const char *id, int n)
{
	char path[PLACE_SIZE];
	AUTO_STR whole = NULL;

	place_log(path, id, n);
	if (asprintf(&whole, "%s/%s", s->path, path) != -1)
		await_file(a, whole);
}

/* Attempt n to its end: 0, or an exit status. */
static int
follow_attempt(struct spool *s, const char *id, int n, const struct log *log,
    const struct await *a, struct standing *st)
{
	struct copy c = { .fd = -1,
		.skip = log->bare,
		.visible = log->visible };
	int opened, status = 0;
	bool last = false;

	while (status == 0 && !last) {
		/* First where it stands, then what it printed until then. */
		if ((status = look(s, id, st)) != 0)
			break;
		last = st->ended >= n || st->over;
		if (c.fd == -1 && (opened = open_log(s, id, n, &c)) != 0) {
			if (opened == -1)
				status = trouble(id);
			watch_log(a, s, id, n);
		}
		if (c.fd != -1 && copy_rest(&c, last) == -1)
			status = trouble(id);
		if (status == 0 && !last)
			await_change(a, 0);
	}
	if (c.fd != -1)
		(void)close(c.fd);
	return status;
}

static int
follow(struct spool *s, const char *id, const struct log *log,
    struct standing *st)
{
	struct await a;
	int n, status;

	n = log->attempt != 0 ? log->attempt
	    : log->all	      ? 1
			      : newest_attempt(s, id, st);
	await_begin(&a, s);
	do {
		status = follow_attempt(s, id, n, log, &a, st);
		n++;
	} while (
	    status == 0 && log->attempt == 0 && (!st->over || n <= st->ended));
	return status;
}

int
log_print(struct spool *s, const char *id, const struct log *log)
{
	struct standing st = { 0 };
	int status;

	if ((status = look(s, id, &st)) != 0)
		return status;
	if (log->follow)
		return follow(s, id, log, &st);
	if (log->attempt != 0)
		return print_attempts(s, id, log, log->attempt, log->attempt,
		    1);
	if (log->all)
		return print_attempts(s, id, log, 1, st.ended + 1, 1);
	return print_attempts(s, id, log, st.ended + 1, 1, -1);
}

struct newest {
	int dir;
	int64_t at;
	char name[PLACE_SIZE];
	int (*when)(int dir, const char *name, int64_t *at);
};

static int64_t
microseconds(const struct statx_timestamp *t)
{
	return t->tv_sec * 1000000 + t->tv_nsec / 1000;
}

/* A folder changes when a file is made in it. */
static int
changed(int dir, const char *name, int64_t *at)
{
	struct statx st;

	if (statx(dir, name, AT_SYMLINK_NOFOLLOW, STATX_MTIME, &st) == -1)
		return -1;
	*at = microseconds(&st.stx_mtime);
	return S_ISDIR(st.stx_mode) ? 1 : 0;
}

static int
made(int dir, const char *name, int64_t *at)
{
	struct statx st;

	if (statx(dir, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME | STATX_MTIME,
		&st) == -1)
		return -1;
	*at = microseconds(
	    (st.stx_mask & STATX_BTIME) != 0 ? &st.stx_btime : &st.stx_mtime);
	return S_ISREG(st.stx_mode) ? 1 : 0;
}

static int
keep_newest(const char *name, void *arg)
{
	struct newest *newest = arg;
	int64_t at;

	if (newest->when(newest->dir, name, &at) != 1 || at < newest->at)
		return 0;
	newest->at = at;
	(void)strlcpy(newest->name, name, sizeof(newest->name));
	return 0;
}

int
log_newest(struct spool *s, char id[ID_SIZE])
{
	AUTO_FD logs = -1;
	AUTO_FD day = -1;
	struct newest newest = { .when = changed };

	if ((logs = newest.dir = file_dir(s->dir, "log")) == -1 ||
	    names_each(logs, ".", keep_newest, &newest) == -1)
		return errno == ENOENT ? 0 : -1;
	if (newest.name[0] == '\0')
		return 0;
	if ((day = file_dir(logs, newest.name)) == -1)
		return errno == ENOENT ? 0 : -1;
	newest = (struct newest){ .dir = day, .when = made };
	if (names_each(day, ".", keep_newest, &newest) == -1)
		return -1;
	(void)strlcpy(id, newest.name, ID_SIZE);
	return id_ok(id) ? 1 : 0;
}
