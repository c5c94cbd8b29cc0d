/* All that is no task: folders, what is left behind, journal, marks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/names.h"
#include "spool/fsck_look.h"
#include "spool/layout.h"
#include "task/json.h"

#define PATH_SIZE 320
#define TMP_AGE	  (36L * 3600) /* as it is swept */
#define OTHERS	  (S_IWGRP | S_IWOTH)
#define DROP_BOX  03770 /* of a spool that is shared */

/* Answers 1 there, 0 not, -1. */
static int
look_at(struct fsck *f, const char *path, struct stat *st)
{
	if (fstatat(f->s->dir, path, st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
}

static bool
may_be_missing(const char *path)
{
	return strcmp(path, "index") == 0 || strcmp(path, "metrics") == 0;
}

static int
check_folder(struct fsck *f, const char *path)
{
	struct stat st;
	int got;

	if ((got = look_at(f, path, &st)) == -1)
		return -1;
	if (got == 0 || !S_ISDIR(st.st_mode))
		return may_be_missing(path) ? 0
					    : fsck_find(f, FSCK_NO_FOLDER, path,
						  "there is no such folder");
	if ((st.st_mode & OTHERS) == 0 ||
	    (strcmp(path, "new") == 0 && (st.st_mode & 07777) == DROP_BOX))
		return 0;
	return fsck_find(f, FSCK_OPEN_MODE, path,
	    "others may write to it: its mode is %04o", st.st_mode & 07777U);
}

static int
check_folders(struct fsck *f)
{
	const struct layout *l;

	if (check_folder(f, ".") == -1)
		return -1;
	for (l = layout; l->path != NULL; l++)
		if (check_folder(f, l->path) == -1)
			return -1;
	return 0;
}

static int
meet_at_top(const char *name, void *arg)
{
	const struct layout *l;

	for (l = layout; l->path != NULL; l++)
		if (strcmp(l->path, name) == 0)
			return 0;
	if (fsck_is_readme(name) || strcmp(name, "format") == 0 ||
	    strcmp(name, "lost+found") == 0)
		return 0;
	return fsck_find(arg, FSCK_FOREIGN, name, "it does not belong there");
}

static int
meet_in_tmp(const char *name, void *arg)
{
	struct fsck *f = arg;
	char path[PATH_SIZE];
	struct stat st;
	int got;

	if (fsck_is_readme(name))
		return 0;
	(void)snprintf(path, sizeof(path), "tmp/%s", name);
	if ((got = look_at(f, path, &st)) != 1 ||
	    st.st_ctim.tv_sec > f->now / CLOCK_SECOND - TMP_AGE)
		return got == -1 ? -1 : 0;
	return fsck_find(f, FSCK_OLD_TMP, path,
	    "it was left there more than 36 hours ago");
}

static int
meet_in_bad(const char *name, void *arg)
{
	struct fsck *f = arg;
	char path[PATH_SIZE];
	size_t len = strlen(name);
	struct stat st;
	int got;

	if (fsck_is_readme(name) ||
	    (len > 4 && strcmp(name + len - 4, ".why") == 0))
		return 0;
	(void)snprintf(path, sizeof(path), "bad/%s.why", name);
	if ((got = look_at(f, path, &st)) != 0)
		return got == -1 ? -1 : 0;
	*strrchr(path, '.') = '\0';
	return fsck_find(f, FSCK_NO_WHY, path, "no .why beside it says why");
}

static int
meet_in_reserve(const char *name, void *arg)
{
	char path[PATH_SIZE];

	if (fsck_is_readme(name) ||
	    name[strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz.")] == '\0')
		return 0;
	(void)snprintf(path, sizeof(path), "reserve/%s", name);
	return fsck_find(arg, FSCK_FOREIGN, path, "it does not belong there");
}

/* Only what is being written now may be without its newline. */
static int
check_lines(struct fsck *f, const char *path, FILE *in)
{
	struct json_fault fault;
	AUTO_STR line = NULL;
	size_t size = 0;
	ssize_t len;
	int n;

	for (n = 1; (len = getline(&line, &size, in)) != -1; n++) {
		if (line[len - 1] != '\n')
			break;
		if (json_check(line, (size_t)len, NULL, &fault) == 0)
			continue;
		if (errno == ENOMEM)
			return -1;
		return fsck_find(f, FSCK_JOURNAL, path, "line %d: %s", n,
		    fault.what);
	}
	return ferror(in) != 0 ? -1 : 0;
}

static int
look_at_journal(struct fsck *f, const char *path)
{
	AUTO_FD fd = file_open_regular(f->s->dir, path, O_RDONLY, NULL);
	FILE *in;
	int answer;

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	if ((in = fdopen(fd, "r")) == NULL)
		return -1;
	(void)fd_take(&fd);
	answer = check_lines(f, path, in);
	(void)fclose(in);
	return answer;
}

static int
meet_in_journal(const char *name, void *arg)
{
	char path[PATH_SIZE];
	size_t len = strlen(name);

	if (len <= 6 || strcmp(name + len - 6, ".jsonl") != 0)
		return 0;
	(void)snprintf(path, sizeof(path), "journal/%s", name);
	return fsck_take(arg, look_at_journal, path);
}

static int
check_mark(struct fsck *f)
{
	struct stat st;
	int got = look_at(f, "ctl/degraded", &st);

	return got != 1 ? got
			: fsck_find(f, FSCK_DEGRADED, "ctl/degraded",
			      "a flush failed: nothing is promised until a "
			      "probe works");
}

int
fsck_house(struct fsck *f, const char *part)
{
	int dir = f->s->dir;

	(void)part;
	if (check_folders(f) == -1 || check_mark(f) == -1 ||
	    names_each(dir, ".", meet_at_top, f) == -1 ||
	    names_each(dir, "tmp", meet_in_tmp, f) == -1 ||
	    names_each(dir, "bad", meet_in_bad, f) == -1 ||
	    names_each(dir, "reserve", meet_in_reserve, f) == -1)
		return -1;
	return names_each(dir, "journal", meet_in_journal, f);
}
