/* Where we are in the hierarchies, and what their files say. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/cgroup.h"
#include "base/file.h"

#define TEXT_MAX (16U << 20)

/* Is the word one of a list with commas, of that length? */
static bool
lists(const char *list, size_t len, const char *word)
{
	const char *end = list + len;
	size_t n;

	for (; list < end; list += n + 1) {
		const char *comma = memchr(list, ',', (size_t)(end - list));

		n = (size_t)((comma == NULL ? end : comma) - list);
		if (n == strlen(word) && strncmp(list, word, n) == 0)
			return true;
	}
	return false;
}

static bool
is_mount(const char *line, const char *controller, char root[4096],
    char mount[4096])
{
	const char *dash = strstr(line, " - "), *options;

	if (dash == NULL ||
	    sscanf(line, "%*d %*d %*s %4095s %4095s", root, mount) != 2)
		return false;
	if (controller == NULL)
		return strncmp(dash + 3, "cgroup2 ", 8) == 0;
	options = strrchr(dash, ' ') + 1;
	return strncmp(dash + 3, "cgroup ", 7) == 0 &&
	       lists(options, strlen(options), controller);
}

static int
find_mount(const char *controller, char root[4096], char mount[4096])
{
	AUTO_STR text = NULL;
	char *line, *rest;
	size_t len;

	if (file_read_all(AT_FDCWD, "/proc/self/mountinfo", TEXT_MAX, &text,
		&len) == -1)
		return -1;
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;)
		if (is_mount(line, controller, root, mount))
			return 0;
	errno = ENOENT;
	return -1;
}

/* "4:memory:/path": the path in text, or NULL. */
static const char *
find_own(char *text, const char *controller)
{
	char *line, *list, *path;

	while ((line = strsep(&text, "\n")) != NULL) {
		if ((list = strchr(line, ':')) == NULL ||
		    (path = strchr(list + 1, ':')) == NULL)
			continue;
		list++;
		if (controller == NULL
			? path == list
			: lists(list, (size_t)(path - list), controller))
			return path + 1;
	}
	errno = ENOENT;
	return NULL;
}

static int
find(const char *controller, char *path, size_t size)
{
	AUTO_STR text = NULL;
	char root[4096], mount[4096];
	const char *own;
	size_t len, skip;

	if (find_mount(controller, root, mount) == -1 ||
	    file_read_all(AT_FDCWD, "/proc/self/cgroup", TEXT_MAX, &text,
		&len) == -1 ||
	    (own = find_own(text, controller)) == NULL)
		return -1;
	/* A mount may show only the part below its root. */
	skip = strcmp(root, "/") == 0 ? 0 : strlen(root);
	if (strncmp(own, root, skip) != 0 ||
	    (own[skip] != '\0' && own[skip] != '/')) {
		errno = ENOENT;
		return -1;
	}
	own += skip;
	len = (size_t)snprintf(path, size, "%s%s", mount,
	    strcmp(own, "/") == 0 ? "" : own);
	if (len >= size || access(path, F_OK) == -1) {
		errno = len >= size ? ENAMETOOLONG : ENOENT;
		return -1;
	}
	return 0;
}

int
cgroup_own(char *path, size_t size)
{
	return find(NULL, path, size);
}

int
cgroup_own_v1(const char *controller, char *path, size_t size)
{
	return find(controller, path, size);
}

/* A line "word number"; 1 found, 0, -1. */
static int
figure(const char *path, const char *file, const char *word, int64_t *to)
{
	AUTO_STR text = NULL;
	AUTO_STR whole = NULL;
	char *line, *rest;
	size_t len, n = strlen(word);

	if (asprintf(&whole, "%s/%s", path, file) == -1 ||
	    file_read_all(AT_FDCWD, whole, TEXT_MAX, &text, &len) == -1)
		return -1;
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;)
		if (strncmp(line, word, n) == 0 && line[n] == ' ') {
			*to = strtoll(line + n + 1, NULL, 10);
			return 1;
		}
	return 0;
}

int64_t
cgroup_figure(const char *path, const char *file, const char *word)
{
	int64_t n;

	return figure(path, file, word, &n) == 1 ? n : 0;
}

int64_t
cgroup_cpu_time(const char *path)
{
	int64_t n;

	return figure(path, "cpu.stat", "usage_usec", &n) == 1 ? n : -1;
}
