#include "spool/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"

#define PIECE (1 << 16)

static int
copy(int from, int to)
{
	AUTO_STR buf = malloc(PIECE);
	ssize_t n;

	if (buf == NULL)
		return -1;
	for (;;) {
		n = read(from, buf, PIECE);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		if (file_write(to, buf, (size_t)n) == -1)
			return -1;
	}
}

static int
keep(struct spool *s, const char *dir, const char *path, int from)
{
	AUTO_FD fd = -1;
	int made = 0, folder;

	if ((folder = place_folder(s, dir, &made)) == -1)
		return -1;
	(void)close(folder);
	fd = openat(s->dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	if (fd == -1 || copy(from, fd) == -1 || fsync(fd) == -1)
		return -1;
	return spool_flush_folder(s, dir, 1 + made);
}

int
input_keep(struct spool *s, const char *id, int fd)
{
	char dir[PLACE_SIZE], path[PLACE_SIZE];
	int saved;

	(void)snprintf(dir, sizeof(dir), "work/%.16s", id);
	(void)snprintf(path, sizeof(path), INPUT_FILE, id);
	if (keep(s, dir, path, fd) == 0)
		return 0;
	saved = errno;
	input_drop(s, id);
	errno = saved;
	return -1;
}

void
input_drop(struct spool *s, const char *id)
{
	char path[PLACE_SIZE];

	(void)snprintf(path, sizeof(path), INPUT_FILE, id);
	(void)unlinkat(s->dir, path, 0);
	(void)snprintf(path, sizeof(path), "work/%.16s", id);
	(void)unlinkat(s->dir, path, AT_REMOVEDIR);
}
