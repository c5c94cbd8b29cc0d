/*
 * bench_spawn COUNT PROG [ARG]...: starts and awaits a program so many times;
 * prints microseconds each, at the median.
 */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/sysexits.h"

static int
by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
	posix_spawn_file_actions_t quiet;
	int64_t *spans, start;
	int i, count, status;
	pid_t pid;

	if (argc < 3 || (count = (int)strtol(argv[1], NULL, 10)) < 1)
		errx(EX_USAGE, "usage: bench_spawn COUNT PROG [ARG]...");
	if ((spans = calloc((size_t)count, sizeof(*spans))) == NULL)
		err(EX_OSERR, NULL);
	(void)posix_spawn_file_actions_init(&quiet);
	(void)posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY,
	    0);
	for (i = 0; i < count; i++) {
		start = clock_steady();
		if (posix_spawnp(&pid, argv[2], &quiet, NULL, argv + 2,
			environ) != 0 ||
		    waitpid(pid, &status, 0) != pid)
			errx(EX_OSERR, "%s", argv[2]);
		spans[i] = clock_steady() - start;
	}
	qsort(spans, (size_t)count, sizeof(*spans), by_value);
	(void)printf("%lld\n", (long long)spans[count / 2]);
	free(spans);
	return EX_OK;
}
