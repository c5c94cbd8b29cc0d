#include "spool/spool.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "spool/layout.h"
#include "spool/settings.h"

#define LOCK_PATIENCE (5 * CLOCK_SECOND)

static char *
absolute(const char *path)
{
	AUTO_STR cwd = NULL;
	char *whole;

	if (*path == '/')
		return strdup(path);
	if ((cwd = getcwd(NULL, 0)) == NULL)
		return NULL;
	if (asprintf(&whole, "%s/%s", cwd, path) == -1)
		return NULL;
	return whole;
}

/* The nearest .taskdir from here upwards; NULL if there is none. */
static char *
nearest(void)
{
	AUTO_STR here = getcwd(NULL, 0);
	char *path, *slash;
	struct stat st;

	while (here != NULL) {
		if (asprintf(&path, "%s/.taskdir",
			strcmp(here, "/") == 0 ? "" : here) == -1)
			return NULL;
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			return path;
		free(path);
		if (strcmp(here, "/") == 0)
			break;
		slash = strrchr(here, '/');
		slash[slash == here] = '\0';
	}
	return NULL;
}

static char *
personal_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path;

	if (state != NULL && *state == '/') {
		if (asprintf(&path, "%s/taskdir", state) == -1)
			return NULL;
		return path;
	}
	if (home == NULL || *home != '/') {
		errno = ENOENT;
		return NULL;
	}
	if (asprintf(&path, "%s/.local/state/taskdir", home) == -1)
		return NULL;
	return path;
}

char *
spool_choose(const char *given, bool *personal)
{
	char *path;

	*personal = false;
	if (given == NULL)
		given = getenv("TASKDIR");
	if (given != NULL && *given != '\0')
		return absolute(given);
	if ((path = nearest()) != NULL)
		return path;
	*personal = true;
	return personal_path();
}

static int
check_format(int dir)
{
	AUTO_STR text = NULL;
	size_t len;

	if (file_read(dir, "format", 64, &text, &len) == -1)
		return -1;
	if (strcmp(text, SPOOL_FORMAT) == 0)
		return 0;
	errno = EPROTO;
	return -1;
}

int
spool_open(const char *path, struct spool *s)
{
	AUTO_FD dir = -1;
	struct stat st;

	*s = (struct spool){ .dir = -1 };
	if ((dir = file_above_stdio(file_dir(AT_FDCWD, path))) == -1) {
		if (errno == ENOTDIR)
			errno = ENOENT;
		return -1;
	}
	if (check_format(dir) == -1 || fstat(dir, &st) == -1)
		return -1;
	if ((s->path = absolute(path)) == NULL)
		return -1;
	s->owner = st.st_uid;
	s->dir = fd_take(&dir);
	return 0;
}

void
spool_close(struct spool *s)
{
	if (s->dir != -1)
		(void)close(s->dir);
	settings_forget(s);
	free(s->path);
	*s = (struct spool){ .dir = -1 };
}

int
spool_lock(struct spool *s, int fd, const char *path)
{
	int got;

	if ((got = lock_wait(fd, false, LOCK_PATIENCE)) != 0)
		return got == 1 ? 0 : -1;
	if (s->waiting != NULL)
		s->waiting(path, lock_holder(fd));
	return lock_wait(fd, false, -1) == 1 ? 0 : -1;
}

int
spool_flush_folder(struct spool *s, const char *path, int above)
{
	char part[PLACE_SIZE];
	char *slash;

	(void)strlcpy(part, path, sizeof(part));
	for (;;) {
		AUTO_FD fd = file_dir(s->dir, part);

		/* A folder that was emptied and removed needs no flush. */
		if (fd == -1 && errno != ENOENT)
			return -1;
		if (fd != -1 && fsync(fd) == -1)
			return -1;
		if (above-- <= 0 || strcmp(part, ".") == 0)
			return 0;
		if ((slash = strrchr(part, '/')) != NULL)
			*slash = '\0';
		else
			(void)strlcpy(part, ".", sizeof(part));
	}
}
