/*
 * bench_bare DIR COUNT: what a durable submit costs without a spool around
 * it: 500 bytes to a new file, a rename, the file's flush, the folder's.
 * Prints tasks a second.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sysexits.h"

static void
submit(int from, int to, int n)
{
	char name[32], text[500];
	int fd;

	memset(text, 'x', sizeof(text));
	(void)snprintf(name, sizeof(name), "%016d.json", n);
	fd = openat(from, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1 || write(fd, text, sizeof(text)) != sizeof(text) ||
	    renameat2(from, name, to, name, RENAME_NOREPLACE) == -1 ||
	    fsync(fd) == -1 || fsync(to) == -1)
		err(EX_OSERR, "%s", name);
	(void)close(fd);
}

int
main(int argc, char **argv)
{
	int from, to, n, count;
	int64_t start;

	if (argc != 3 || (count = (int)strtol(argv[2], NULL, 10)) < 1)
		errx(EX_USAGE, "usage: bench_bare DIR COUNT");
	if (mkdir(argv[1], 0700) == -1 || chdir(argv[1]) == -1 ||
	    mkdir("tmp", 0700) == -1 || mkdir("ready", 0700) == -1)
		err(EX_OSERR, "%s", argv[1]);
	from = open("tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = open("ready", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (from == -1 || to == -1)
		err(EX_OSERR, "%s", argv[1]);
	start = clock_steady();
	for (n = 0; n < count; n++)
		submit(from, to, n);
	(void)printf("%.0f\n",
	    (double)count * 1e6 / (double)(clock_steady() - start));
	return EX_OK;
}
