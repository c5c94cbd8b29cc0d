#include "cli/times.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/auto.h"
#include "base/clock.h"

/* Does it end in Z, +01:00 or -01:00? */
static bool
has_offset(const char *text)
{
	size_t len = strlen(text);

	if (len > 0 && (text[len - 1] == 'Z' || text[len - 1] == 'z'))
		return true;
	return len > 19 && strpbrk(text + 19, "+-") != NULL;
}

static int
start_date(const char *text, int out, pid_t *pid)
{
	char *argv[] = { (char[]){ "date" }, NULL, (char[]){ "+%s %6N" },
		NULL };
	posix_spawn_file_actions_t acts;
	AUTO_STR word = NULL;
	int error;

	if (asprintf(&word, "--date=%s", text) == -1)
		return -1;
	argv[1] = word;
	if ((errno = posix_spawn_file_actions_init(&acts)) != 0)
		return -1;
	(void)posix_spawn_file_actions_adddup2(&acts, out, STDOUT_FILENO);
	(void)posix_spawn_file_actions_addopen(&acts, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0);
	(void)posix_spawn_file_actions_addopen(&acts, STDERR_FILENO,
	    "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(pid, argv[0], &acts, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&acts);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* GNU date's words, in the zone of whoever says them. */
static int
ask_date(const char *text, int64_t *at)
{
	AUTO_FD in = -1;
	char answer[64] = "";
	long long sec, micro;
	char *end;
	int ends[2], status;
	pid_t pid;
	ssize_t n;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	in = ends[0];
	status = start_date(text, ends[1], &pid);
	(void)close(ends[1]);
	if (status == -1)
		return -1;
	n = read(in, answer, sizeof(answer) - 1);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	errno = EINVAL;
	if (n <= 0 || status != 0)
		return -1;
	sec = strtoll(answer, &end, 10);
	if (end == answer || *end != ' ')
		return -1;
	micro = strtoll(end, NULL, 10);
	*at = sec * CLOCK_SECOND + micro;
	return 0;
}

int
times_read(const char *text, int64_t now, int64_t *at)
{
	int64_t span;

	if (*text == '+' && clock_duration(text + 1, &span) == 0) {
		*at = now + span;
		return 0;
	}
	if (has_offset(text) && clock_parse(text, at) == 0)
		return 0;
	if (*text != '\0' && ask_date(text, at) == 0)
		return 0;
	errno = EINVAL;
	return -1;
}

void
times_local(int64_t at, char text[TIMES_SHORT])
{
	time_t seconds = (time_t)(at / CLOCK_SECOND);
	struct tm tm;

	if (localtime_r(&seconds, &tm) == NULL ||
	    strftime(text, TIMES_SHORT, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		(void)strlcpy(text, "?", TIMES_SHORT);
}

void
times_short(int64_t at, int64_t now, char text[TIMES_SHORT])
{
	char today[TIMES_SHORT];

	times_local(now, today);
	times_local(at, text);
	if (strlen(text) < 19)
		return;
	if (strncmp(today, text, 10) == 0)
		memmove(text, text + 11, strlen(text + 11) + 1);
	else
		text[16] = '\0';
}
