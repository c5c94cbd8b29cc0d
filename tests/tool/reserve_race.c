/*
 * reserve_race FOLDER COUNT: COUNT times td-reserve, 64 at once, over 50
 * paths, some of them killed.  Whoever got his paths tries the lock of a file
 * for each of them in FOLDER and writes a line into FOLDER/overlaps if it is
 * held by another who lives.  Prints how many got, were refused, were killed,
 * and failed.
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/sysexits.h"

#define CREW	64
#define PATHS	50
#define EXITING 4 /* of the flags in /proc/PID/stat */

static const char *self;

/* Is it on its way out?  Then its locks go one by one, in any order. */
static bool
is_dying(int pid)
{
	char path[32], line[512] = "";
	char *rest, *flags = NULL;
	FILE *in;
	int i;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if ((in = fopen(path, "re")) == NULL)
		return true;
	if (fgets(line, sizeof(line), in) == NULL)
		line[0] = '\0';
	(void)fclose(in);
	if ((rest = strrchr(line, ')')) == NULL)
		return true;
	for (i = 0; i < 8; i++)
		flags = strsep(&rest, " ");
	return flags == NULL || (strtoul(flags, NULL, 10) & EXITING) != 0;
}

static void
complain_of(int folder, const char *path, int holder)
{
	int fd = openat(folder, "overlaps",
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1 ||
	    dprintf(fd, "%s: %d beside %d\n", path, (int)getpid(), holder) < 0)
		err(EX_OSERR, "overlaps");
	(void)close(fd);
}

/* Stays locked as long as this process lives. */
static void
hold_one(int folder, const char *path, bool shared)
{
	char text[16] = "";
	int fd = openat(folder, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int how = shared ? LOCK_SH : LOCK_EX, holder;

	if (fd == -1)
		err(EX_OSERR, "%s", path);
	if (flock(fd, how | LOCK_NB) == -1) {
		(void)!pread(fd, text, sizeof(text) - 1, 0);
		holder = (int)strtol(text, NULL, 10);
		if (holder == (int)getpid()) {
			(void)close(fd); /* two patterns that both match it */
			return;
		}
		if (!is_dying(holder))
			complain_of(folder, path, holder);
		else if (flock(fd, how) == -1)
			err(EX_OSERR, "%s", path);
	}
	(void)snprintf(text, sizeof(text), "%-9d\n", (int)getpid());
	if (pwrite(fd, text, 10, 0) != 10)
		err(EX_OSERR, "%s", path);
}

/* reserve_race hold FOLDER MODE PATH...: what td-reserve runs. */
static int
hold(char **argv)
{
	struct timespec nap = { 0, 0 };
	int folder = open(argv[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder == -1)
		err(EX_OSERR, "%s", argv[0]);
	nap.tv_nsec = (long)arc4random_uniform(2000000);
	for (char **path = argv + 2; *path != NULL; path++)
		hold_one(folder, *path, *argv[1] == 's');
	(void)nanosleep(&nap, NULL);
	return 0;
}

struct command {
	char text[40][24];
	char *argv[41];
	int n;
};

static void
add(struct command *c, const char *word)
{
	(void)strlcpy(c->text[c->n], word, sizeof(c->text[0]));
	c->argv[c->n] = c->text[c->n];
	c->n++;
}

/* One pattern for td-reserve, and all that it covers of the paths. */
static void
add_pattern(struct command *c, struct command *covered)
{
	unsigned int a = arc4random_uniform(PATHS), n, last = a, step = PATHS;
	char text[24];

	switch (arc4random_uniform(5)) {
	case 0:
		(void)snprintf(text, sizeof(text), "d/%02u/**", a);
		break;
	case 1:
		step = 1 + arc4random_uniform(PATHS - a);
		last = a + step < PATHS ? a + step : a;
		(void)snprintf(text, sizeof(text), "d/{%02u,%02u}", a, last);
		break;
	case 2:
		step = 10;
		a %= 10;
		last = a + 20;
		(void)snprintf(text, sizeof(text), "d/[0-2]%u", a);
		break;
	default:
		(void)snprintf(text, sizeof(text), "./d//%02u", a);
	}
	add(c, text);
	for (n = a; n <= last; n += step) {
		(void)snprintf(text, sizeof(text), "%02u", n);
		add(covered, text);
	}
}

static noreturn void
ask(const char *folder)
{
	static const char *const waits[] = { "-q", "-q", "-nq", "-qw0.02s" };
	static struct command c, covered;
	bool shared = arc4random_uniform(4) == 0;
	unsigned int n = 1 + arc4random_uniform(3);
	char *argv[100];
	int i = 0, j;

	add(&c, "td-reserve");
	add(&c, waits[arc4random_uniform(4)]);
	if (shared)
		add(&c, "-s");
	while (n-- > 0)
		add_pattern(&c, &covered);
	add(&c, "--");
	for (j = 0; j < c.n; j++)
		argv[i++] = c.argv[j];
	argv[i++] = strdup(self);
	argv[i++] = strdup("hold");
	argv[i++] = strdup(folder);
	argv[i++] = strdup(shared ? "s" : "x");
	for (j = 0; j < covered.n; j++)
		argv[i++] = covered.argv[j];
	argv[i] = NULL;
	(void)execvp(argv[0], argv);
	err(EX_OSERR, "%s", argv[0]);
}

struct count {
	int got, refused, killed, failed;
};

static void
reap(pid_t crew[CREW], struct count *count)
{
	int status, i;
	pid_t pid = waitpid(-1, &status, 0);

	for (i = 0; i < CREW; i++)
		if (crew[i] == pid)
			crew[i] = 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		count->killed++;
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		count->got++;
	else if (WIFEXITED(status) && WEXITSTATUS(status) == EX_TEMPFAIL)
		count->refused++;
	else
		count->failed++;
}

int
main(int argc, char **argv)
{
	pid_t crew[CREW] = { 0 };
	struct count count = { 0 };
	int todo, lives = 0, i;

	self = argv[0];
	if (argc > 3 && strcmp(argv[1], "hold") == 0)
		return hold(argv + 2);
	if (argc != 3)
		errx(EX_USAGE, "usage: reserve_race FOLDER COUNT");
	for (todo = (int)strtol(argv[2], NULL, 10); todo > 0 || lives > 0;) {
		for (i = 0; i < CREW && todo > 0; i++)
			if (crew[i] == 0) {
				if ((crew[i] = fork()) == 0)
					ask(argv[1]);
				lives++;
				todo--;
			}
		i = (int)arc4random_uniform(8 * CREW);
		if (i < CREW && crew[i] > 0)
			(void)kill(crew[i], SIGKILL);
		reap(crew, &count);
		lives--;
	}
	(void)printf("got %d refused %d killed %d failed %d\n", count.got,
	    count.refused, count.killed, count.failed);
	return EXIT_SUCCESS;
}
