/* A folder for a test, and a spool in it with no more than its folders. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool/layout.h"
#include "spool/spool.h"

static inline int
temporary_remove_(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int
temporary_spool(void **state)
{
	const char *in = getenv("TMPDIR");
	struct spool *s = calloc(1, sizeof(*s));
	const struct layout *l;

	if (asprintf(&s->path, "%s/td-test.XXXXXX", in ? in : "/tmp") == -1 ||
	    mkdtemp(s->path) == NULL)
		return -1;
	s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (l = layout; l->path != NULL; l++)
		if (mkdirat(s->dir, l->path, 0700) == -1)
			return -1;
	*state = s;
	return 0;
}

static inline int
temporary_end(void **state)
{
	struct spool *s = *state;

	(void)nftw(s->path, temporary_remove_, 16, FTW_DEPTH | FTW_PHYS);
	(void)close(s->dir);
	free(s->settings);
	free(s->path);
	free(s);
	return 0;
}

static inline void
temporary_write(struct spool *s, const char *name, const char *text)
{
	int fd = openat(s->dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd == -1 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	(void)close(fd);
}

#define IN_SPOOL(test)                                                         \
	cmocka_unit_test_setup_teardown(test, temporary_spool, temporary_end)

#endif
