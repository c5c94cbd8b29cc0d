/* Cleanup attributes: what is declared AUTO_ is let go at the end of scope. */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define AUTO_FD	 __attribute__((cleanup(auto_fd_))) int
#define AUTO_STR __attribute__((cleanup(auto_str_))) char *
#define AUTO_DIR __attribute__((cleanup(auto_dir_))) DIR *

static inline void
auto_fd_(const int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	errno = saved;
}

static inline void
auto_str_(char **s)
{
	free(*s);
}

static inline void
auto_dir_(DIR **d)
{
	int saved = errno;

	if (*d != NULL)
		(void)closedir(*d);
	errno = saved;
}

/* Takes a descriptor or a string out of an AUTO_ variable. */
static inline int
fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

static inline char *
str_take(char **s)
{
	char *taken = *s;

	*s = NULL;
	return taken;
}

#endif
