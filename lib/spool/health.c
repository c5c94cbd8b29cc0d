#include "spool/health.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "spool/settings.h"

#define MARK	 "ctl/degraded"
#define MARK_MAX 4096
#define BALLAST	 "ctl/ballast"

/* Held for as long as it takes to change the mark, never over a probe. */
static int
mark_lock(struct spool *s)
{
	AUTO_FD fd = openat(s->dir, "ctl/degraded.lock",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd == -1 || spool_lock(s, fd, "ctl/degraded.lock") == -1)
		return -1;
	return fd_take(&fd);
}

static int
mark_open(struct spool *s)
{
	return openat(s->dir, MARK,
	    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

void
health_degrade(struct spool *s, const char *why)
{
	int saved = errno;
	AUTO_FD lock = mark_lock(s);
	AUTO_FD fd = -1;
	char at[CLOCK_TEXT];
	struct stat st;

	(void)lock;
	/* That there is a mark matters more than what it says. */
	if ((fd = mark_open(s)) == -1 && ballast_free(s) == 1)
		fd = mark_open(s);
	if (fd != -1) {
		if (fstat(fd, &st) == 0 && st.st_size > MARK_MAX)
			(void)!ftruncate(fd, 0);
		clock_format(clock_now(), at);
		(void)dprintf(fd, "%s %s\n", at, why);
	}
	errno = saved;
}

static int
flush_new(struct spool *s, const char *name)
{
	AUTO_FD fd = openat(s->dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd == -1 || file_write(fd, "probe\n", 6) == -1 || fsync(fd) == -1)
		return -1;
	return 0;
}

static int
flush_folder(struct spool *s, const char *path)
{
	AUTO_FD fd = file_dir(s->dir, path);

	return fd == -1 ? -1 : fsync(fd);
}

static void
temporary_name(const char *kind, char name[64])
{
	(void)snprintf(name, 64, "tmp/%s.%d.%llx", kind, (int)getpid(),
	    (unsigned long long)clock_steady());
}

int
health_probe(struct spool *s)
{
	char name[64], moved[64];
	int saved;

	temporary_name("probe", name);
	temporary_name("moved", moved);
	if (flush_new(s, name) == 0 &&
	    file_move(s->dir, name, s->dir, moved) == 0 &&
	    flush_folder(s, "tmp") == 0)
		return unlinkat(s->dir, moved, 0);
	saved = errno;
	(void)unlinkat(s->dir, name, 0);
	(void)unlinkat(s->dir, moved, 0);
	errno = saved;
	return -1;
}

/* 1 marked, 0 not, -1; what distinguishes one state of the mark from another.
 */
static int
mark_look(struct spool *s, struct stat *st)
{
	if (fstatat(s->dir, MARK, st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT ? 0 : -1;
}

static bool
mark_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* A flush that failed during the probe counts: only the old mark goes. */
static int
mark_remove(struct spool *s, const struct stat *old)
{
	AUTO_FD lock = mark_lock(s);
	struct stat now;
	int marked;

	if (lock == -1)
		return -1;
	if ((marked = mark_look(s, &now)) != 1)
		return marked == 0 ? 1 : -1;
	if (!mark_same(old, &now))
		return 0;
	return unlinkat(s->dir, MARK, 0) == 0 ? 1 : -1;
}

int
health_check(struct spool *s)
{
	struct stat mark;
	int marked;

	if ((marked = mark_look(s, &mark)) != 1)
		return marked == 0 ? 1 : -1;
	if (health_probe(s) == -1)
		return 0;
	return mark_remove(s, &mark);
}

/* What only root may fill does not count, whoever asks. */
int
health_room(struct spool *s)
{
	const struct settings *set = settings_get(s, NULL);
	struct statvfs fs;

	if (set == NULL || fstatvfs(s->dir, &fs) == -1)
		return -1;
	/* A file system that makes inodes as it needs them says 0. */
	return (double)fs.f_bavail * 100 >= (double)fs.f_blocks * set->free &&
	       (fs.f_files == 0 ||
		   (double)fs.f_favail * 100 >= (double)fs.f_files * set->free);
}

/* posix_fallocate answers the error itself. */
static int
allocate(struct spool *s, const char *name, off_t size)
{
	AUTO_FD fd = openat(s->dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd == -1)
		return -1;
	while ((errno = posix_fallocate(fd, 0, size)) == EINTR)
		;
	return errno == 0 ? 0 : -1;
}

int
ballast_keep(struct spool *s)
{
	const struct settings *set = settings_get(s, NULL);
	struct stat st;
	char name[64];
	int saved;

	if (set == NULL)
		return -1;
	if (set->ballast == 0)
		return 1;
	if (fstatat(s->dir, BALLAST, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_size >= set->ballast)
		return 1;
	temporary_name("ballast", name);
	if (allocate(s, name, set->ballast) == 0 &&
	    renameat(s->dir, name, s->dir, BALLAST) == 0)
		return 1;
	saved = errno;
	(void)unlinkat(s->dir, name, 0);
	errno = saved;
	return errno == ENOSPC || errno == EDQUOT ? 0 : -1;
}

int
ballast_free(struct spool *s)
{
	int saved = errno;

	if (unlinkat(s->dir, BALLAST, 0) == 0)
		return 1;
	if (errno != ENOENT)
		return -1;
	errno = saved;
	return 0;
}
