#include "base/file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"

int
file_read_fd(int fd, size_t max, char **text, size_t *len)
{
	struct stat st;
	AUTO_STR buf = NULL;
	size_t size, used = 0;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return -1;
	if (st.st_size < 0 || (size_t)st.st_size > max) {
		errno = EFBIG;
		return -1;
	}
	size = (size_t)st.st_size;
	if ((buf = malloc(size + 1)) == NULL)
		return -1;
	while (used < size) {
		n = pread(fd, buf + used, size - used, (off_t)used);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	buf[used] = '\0';
	*text = str_take(&buf);
	*len = used;
	return 0;
}

int
file_read(int dir, const char *name, size_t max, char **text, size_t *len)
{
	AUTO_FD fd = -1;

	if ((fd = file_open_regular(dir, name, O_RDONLY, NULL)) == -1)
		return -1;
	return file_read_fd(fd, max, text, len);
}

int
file_read_all(int dir, const char *name, size_t max, char **text, size_t *len)
{
	AUTO_FD fd = -1;
	AUTO_STR buf = NULL;
	size_t size = 0, used = 0;
	ssize_t n;
	char *more;

	if ((fd = openat(dir, name, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	for (;;) {
		if (size - used < 2) {
			size = size == 0 ? 4096 : size * 2;
			if ((more = realloc(buf, size)) == NULL)
				return -1;
			buf = more;
		}
		n = read(fd, buf + used, size - used - 1);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		if ((used += (size_t)n) > max) {
			errno = EFBIG;
			return -1;
		}
	}
	buf[used] = '\0';
	*text = str_take(&buf);
	*len = used;
	return 0;
}

int
file_write(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int
file_pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	const char *p = bytes;
	ssize_t n;

	while (len > 0) {
		n = pwrite(fd, p, len, at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		p += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int
file_create(int dir, const char *name, const void *bytes, size_t len)
{
	AUTO_FD fd = -1;
	int saved;

	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	if (file_write(fd, bytes, len) == 0 && close(fd_take(&fd)) == 0)
		return 0;
	saved = errno;
	(void)unlinkat(dir, name, 0);
	errno = saved;
	return -1;
}

int
file_move(int from, const char *name, int to, const char *new_name)
{
	return renameat2(from, name, to, new_name, RENAME_NOREPLACE);
}

int
file_open_regular(int dir, const char *name, int flags, struct stat *st)
{
	struct stat own;
	AUTO_FD fd = -1;

	fd = openat(dir, name,
	    flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (st == NULL)
		st = &own;
	if (fstat(fd, st) == -1)
		return -1;
	if (!S_ISREG(st->st_mode)) {
		errno = EMEDIUMTYPE;
		return -1;
	}
	return fd_take(&fd);
}

int
file_is_named(int fd, int dir, const char *name)
{
	struct stat held, named;

	if (fstat(fd, &held) == -1)
		return -1;
	if (fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT ? 0 : -1;
	return held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

int
file_dir(int dir, const char *path)
{
	return openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
file_dir_made(int dir, const char *path, mode_t mode, bool *made)
{
	int fd, tries;

	/* Somebody may remove the folder, being empty, as fast as it is made.
	 */
	for (tries = 0; tries < 1000; tries++) {
		if ((fd = file_dir(dir, path)) != -1 || errno != ENOENT)
			return fd;
		if (mkdirat(dir, path, mode) == 0) {
			if (made != NULL)
				*made = true;
		} else if (errno != EEXIST)
			return -1;
	}
	errno = EBUSY;
	return -1;
}

int
file_above_stdio(int fd)
{
	int moved;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	(void)close(fd);
	return moved;
}
