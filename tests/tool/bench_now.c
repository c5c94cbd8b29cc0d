/* bench_now FILE: appends the time in nanoseconds, first of all. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct timespec now;
	int fd;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	fd = argc < 2 ? -1 : open(argv[1], O_WRONLY | O_APPEND | O_CREAT, 0600);
	if (fd == -1)
		return 1;
	return dprintf(fd, "%lld%09ld\n", (long long)now.tv_sec, now.tv_nsec) <
	       0;
}
