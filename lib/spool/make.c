#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/names.h"
#include "spool/health.h"
#include "spool/layout.h"
#include "spool/spool.h"

#define README_MAX 8192

/* One folder below another, which is let go; its name is flushed. */
static int
step_into(int above, const char *name)
{
	AUTO_FD left = above;
	AUTO_FD fd = -1;
	bool made = false;

	if ((fd = file_dir_made(left, name, 0700, &made)) == -1)
		return -1;
	if (made && fsync(left) == -1)
		return -1;
	return fd_take(&fd);
}

static int
make_path(const char *path)
{
	int dir = file_dir(AT_FDCWD, *path == '/' ? "/" : ".");
	char name[NAME_MAX + 2]; /* one too many is for the kernel to refuse */
	size_t len;

	while (dir != -1) {
		path += strspn(path, "/");
		if ((len = strcspn(path, "/")) == 0)
			break;
		(void)snprintf(name, sizeof(name), "%.*s", (int)len, path);
		dir = step_into(dir, name);
		path += len;
	}
	return dir;
}

/* Whatever may lie in a spool that somebody began to make. */
static int
look_at_name(const char *name, void *arg)
{
	const struct layout *l;

	(void)arg;
	for (l = layout; l->path != NULL; l++)
		if (strcmp(l->path, name) == 0)
			return 0;
	if (strcmp(name, "README") == 0 || strcmp(name, "lost+found") == 0)
		return 0;
	errno = ENOTEMPTY;
	return -1;
}

static int
template_at(const char *path)
{
	AUTO_FD dir = file_dir(AT_FDCWD, path);
	AUTO_STR format = NULL;
	size_t len;

	if (dir == -1 || file_read(dir, "format", 64, &format, &len) == -1 ||
	    strcmp(format, SPOOL_FORMAT) != 0)
		return -1;
	return fd_take(&dir);
}

/* spool/ in the source's folder, or as it was installed; -1: neither. */
static int
template_open(void)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 16);
	char *slash;
	int dir;

	if (len > 0) {
		path[len] = '\0';
		if ((slash = strrchr(path, '/')) != NULL) {
			(void)strlcpy(slash, "/../spool", 16);
			if ((dir = template_at(path)) != -1)
				return dir;
		}
	}
	return template_at(TASKDIR_SHARE "/spool");
}

/* For people alone: without it, the spool is no worse. */
static void
put_readme(int dir, int template, const char *folder, const char *line)
{
	AUTO_STR text = NULL;
	char name[64];
	size_t len;

	(void)snprintf(name, sizeof(name), "%s/README", folder);
	if (template == -1 ||
	    file_read(template, name, README_MAX, &text, &len) == -1) {
		free(text);
		if (asprintf(&text, "%s\n", line) == -1) {
			text = NULL;
			return;
		}
		len = strlen(text);
	}
	(void)file_create(dir, name, text, len);
}

static int
make_folders(int dir)
{
	AUTO_FD template = template_open();
	const struct layout *l;

	for (l = layout; l->path != NULL; l++) {
		AUTO_FD fd = file_dir_made(dir, l->path, 0700, NULL);

		if (fd == -1)
			return -1;
		put_readme(dir, template, l->path, l->text);
	}
	put_readme(dir, template, ".",
	    "A taskdir: its folders are the states.");
	for (l = layout; l->path != NULL; l++) {
		AUTO_FD fd = file_dir(dir, l->path);

		if (fd == -1 || fsync(fd) == -1)
			return -1;
	}
	return fsync(dir);
}

/* Last of all, so that what can be opened is whole. */
static int
put_format(int dir)
{
	AUTO_FD fd = -1;
	char name[64];
	int saved;

	(void)snprintf(name, sizeof(name), "tmp/format.%d.%lld", (int)getpid(),
	    (long long)clock_steady());
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	if (file_write(fd, SPOOL_FORMAT, strlen(SPOOL_FORMAT)) == 0 &&
	    fsync(fd) == 0 && file_move(dir, name, dir, "format") == 0)
		return fsync(dir);
	saved = errno;
	(void)unlinkat(dir, name, 0);
	errno = saved;
	return -1;
}

int
spool_make(const char *path)
{
	AUTO_FD dir = make_path(path);
	struct spool s = { .dir = dir };

	if (dir == -1)
		return -1;
	if (faccessat(dir, "format", F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	if (names_each(dir, ".", look_at_name, NULL) == -1 ||
	    make_folders(dir) == -1 || health_probe(&s) == -1)
		return -1;
	return put_format(dir);
}

static int
give(int dir, const char *name, gid_t group, mode_t mode)
{
	if (fchownat(dir, name, (uid_t)-1, group, 0) == -1)
		return -1;
	return fchmodat(dir, name, mode, 0);
}

int
spool_share(const char *path, gid_t group)
{
	AUTO_FD dir = file_dir(AT_FDCWD, path);

	/* What one member drops, another may not take away. */
	if (dir == -1 || give(dir, "new", group, 03770) == -1)
		return -1;
	return give(dir, ".", group, 0710);
}
