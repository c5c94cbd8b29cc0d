#include "cli/verbs.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"

#define WORD_MAX 32

const struct verb verbs[] = {
	{ NULL, "Begin" },
	{ "init", "make a spool" },
	{ "submit", "submit a task, print its id" },
	{ NULL, "Work" },
	{ "work", "run tasks, one after the other" },
	{ "claim", "take one task and run a program for it" },
	{ "finish", "say how an attempt is to be judged" },
	{ "reserve", "hold paths while a program runs" },
	{ "progress", "say how far a task has come" },
	{ "note", "say something about a running task" },
	{ NULL, "Look" },
	{ "ls", "list tasks" },
	{ "show", "show all that is known of a task" },
	{ "path", "print where a task's file is now" },
	{ "log", "print what a task has printed" },
	{ "deps", "show what waits for what" },
	{ "stat", "count tasks" },
	{ "tail", "follow what happens in the spool" },
	{ "joblog", "list ended attempts, for spreadsheets" },
	{ "wait", "wait until tasks have ended, exit as they did" },
	{ NULL, "Steer" },
	{ "cancel", "end tasks for good" },
	{ "hold", "set tasks aside" },
	{ "release", "let held tasks go on" },
	{ "retry", "run ended tasks again" },
	{ "set", "change what a task says" },
	{ "pause", "start no more tasks" },
	{ "resume", "start tasks again" },
	{ NULL, "Keep" },
	{ "tick", "do the upkeep that has come due" },
	{ "supervise", "keep pools of workers running" },
	{ "ctl", "steer the workers of a supervisor" },
	{ "archive", "put ended tasks away" },
	{ "restore", "bring tasks back from the archive" },
	{ "fsck", "check a spool and repair it" },
	{ "config", "print the settings in force" },
	{ NULL, "Learn" },
	{ "learn", "find patterns of success and failure" },
	{ "context", "print what the next task should know" },
	{ "rule", "keep rules for tasks" },
	{ NULL, NULL },
};

static char *
program_in(const char *folder, int len, const char *verb)
{
	AUTO_STR path = NULL;
	struct stat st;

	if (asprintf(&path, "%.*s%std-%s", len, folder, len > 0 ? "/" : "",
		verb) == -1)
		return NULL;
	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode) ||
	    access(path, X_OK) == -1)
		return NULL;
	return str_take(&path);
}

char *
verb_program(const char *verb)
{
	char self[PATH_MAX], *program;
	const char *slash, *folder = getenv("PATH");
	ssize_t len;
	int part;

	len = readlink("/proc/self/exe", self, sizeof(self));
	slash = len > 0 ? memrchr(self, '/', (size_t)len) : NULL;
	if (slash != NULL &&
	    (program = program_in(self, (int)(slash - self), verb)) != NULL)
		return program;
	while (folder != NULL) {
		part = (int)strcspn(folder, ":");
		if ((program = program_in(folder, part, verb)) != NULL)
			return program;
		folder = folder[part] == ':' ? folder + part + 1 : NULL;
	}
	return NULL;
}

static bool
is_there(const char *verb)
{
	AUTO_STR path = verb_program(verb);

	return path != NULL;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters must be changed, added, dropped or swapped with the next
 * one; only the last two rows of the table are needed.
 */
static size_t
distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1], *before, *last, *now;
	size_t i, j, len = strlen(b);

	for (j = 0; j <= len; j++)
		rows[0][j] = j;
	for (i = 1; a[i - 1] != '\0'; i++) {
		before = rows[(i + 1) % 3];
		last = rows[(i - 1) % 3];
		now = rows[i % 3];
		now[0] = i;
		for (j = 1; j <= len; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1,
			    last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return rows[strlen(a) % 3][len];
}

const char *
verb_near(const char *word)
{
	const struct verb *v;
	const char *nearest = NULL;
	size_t far, best = strlen(word) / 3 + 2;

	if (strlen(word) > WORD_MAX)
		return NULL;
	for (v = verbs; v->text != NULL; v++) {
		if (v->name == NULL)
			continue;
		far = distance(word, v->name);
		if (far < best && far < strlen(v->name) && is_there(v->name)) {
			best = far;
			nearest = v->name;
		}
	}
	return nearest;
}
