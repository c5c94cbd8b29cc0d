#include "spool/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void
wake_workers(struct spool *s)
{
	int fd, saved = errno;

	fd = openat(s->dir, WAKE_FILE,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd != -1)
		(void)close(fd);
	errno = saved;
}
