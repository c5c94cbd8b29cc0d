/* Who holds what: the records in reserve/, looked through one by one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/names.h"
#include "spool/record.h"
#include "spool/reserve_scan.h"
#include "task/json.h"

/* Other files are none of ours: README. */
static bool
is_record(const char *name)
{
	return name[strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz.")] ==
	       '\0';
}

/* Under the mutex; who it is called after is dead. */
static int
drop(const struct reserve_scan *k, int fd, const char *name)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode) || unlinkat(k->dir, name, 0) == 0)
		return 0;
	return errno == ENOENT ? 0 : -1;
}

/*
 * 1 the record is held, and open in *fd; 0 its holder is dead, or it is none
 * (any more); -1.  Opened to be read, so that closing it looks like no end.
 */
static int
open_held(const struct reserve_scan *k, const char *name, int *fd)
{
	int got;

	*fd = openat(k->dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*fd == -1)
		return errno == ENOENT || errno == ELOOP || errno == ENXIO ? 0
									   : -1;
	if ((got = lock_try(*fd, true)) != 1)
		return got == 0 ? 1 : -1;
	return k->drop ? drop(k, *fd, name) : 0;
}

static int
conflict_in(const struct reserve_scan *k, int fd)
{
	char text[4096];
	AUTO_STR whole = NULL;
	size_t len;
	ssize_t n = read(fd, text, sizeof(text) - 1);

	if (n >= 0 && (size_t)n < sizeof(text) - 1) {
		text[n] = '\0';
		return record_conflicts(text, n, k->set, k->who, k->conflict);
	}
	if (file_read_fd(fd, JSON_MAX, &whole, &len) == -1)
		return -1;
	return record_conflicts(whole, len, k->set, k->who, k->conflict);
}

/* Somebody holds what cannot be read: that may be anything. */
static bool
is_unreadable(int error)
{
	return error == EINVAL || error == EFBIG || error == EISDIR ||
	       error == ESPIPE;
}

void
conflict_with(struct reserve_conflict *c, const char *name)
{
	(void)strlcpy(c->holder, name, sizeof(c->holder));
}

/* 1 it stands in the way, 0 not, -1. */
static int
ask_record(const char *name, void *arg)
{
	const struct reserve_scan *k = arg;
	AUTO_FD fd = -1;
	int answer;

	if (!is_record(name) ||
	    (k->who != NULL && word_among(k->who->own, name)))
		return 0;
	if ((answer = open_held(k, name, &fd)) != 1 || k->set == NULL)
		return answer == -1 ? -1 : 0;
	answer = conflict_in(k, fd);
	if (answer == -1 && is_unreadable(errno)) {
		(void)strlcpy(k->conflict->path, k->set->v[0].text,
		    sizeof(k->conflict->path));
		answer = 1;
	}
	if (answer == 1)
		conflict_with(k->conflict, name);
	return answer;
}

int
reserve_scan(struct reserve_scan *k)
{
	int found;

	if (k->conflict != NULL)
		*k->conflict = (struct reserve_conflict){ 0 };
	found = names_each(k->dir, ".", ask_record, k);
	return found == -1 ? -1 : found == 0;
}

int
reserve_look(struct spool *s, const struct reserve_set *set,
    const struct reserve_asker *who, struct reserve_conflict *conflict)
{
	AUTO_FD dir = file_dir(s->dir, RESERVE_FOLDER);
	struct reserve_scan k = { .dir = dir, .set = set, .who = who };

	if (set->n == 0)
		return 1;
	k.conflict = conflict;
	return dir == -1 ? -1 : reserve_scan(&k);
}

int
reserve_held(struct spool *s, const char *names)
{
	AUTO_FD dir = file_dir(s->dir, RESERVE_FOLDER);
	struct reserve_scan k = { .dir = dir };
	char name[sizeof(((struct hold *)0)->name)];
	size_t n;
	int held = 0;

	if (dir == -1)
		return -1;
	for (; held == 0 && names != NULL && *names != '\0'; names += n) {
		AUTO_FD fd = -1;

		n = strcspn(names, " ");
		(void)snprintf(name, sizeof(name), "%.*s", (int)n, names);
		if (*name != '\0' && strchr(name, '/') == NULL)
			held = open_held(&k, name, &fd);
		n += names[n] == ' ';
	}
	return held;
}

static const char *
line_of(int fd, char **text)
{
	struct json_fault fault;
	size_t len;

	if (file_read_fd(fd, JSON_MAX, text, &len) == -1 ||
	    json_check(*text, len, NULL, &fault) == -1 || **text != '{')
		return NULL;
	(*text)[strcspn(*text, "\n")] = '\0';
	return *text;
}

int
reserve_list(struct spool *s,
    int (*each)(const char *name, const char *json, void *arg), void *arg)
{
	AUTO_FD dir = file_dir(s->dir, RESERVE_FOLDER);
	AUTO_NAMES names = { 0 };
	struct reserve_scan k = { .dir = dir };
	size_t i;
	int answer = 0;

	if (dir == -1 || names_read(dir, ".", is_record, &names) == -1)
		return -1;
	for (i = 0; answer == 0 && i < names.n; i++) {
		AUTO_FD fd = -1;
		AUTO_STR text = NULL;

		if ((answer = open_held(&k, names.v[i], &fd)) != 1)
			continue;
		answer = each(names.v[i], line_of(fd, &text), arg);
	}
	return answer;
}
