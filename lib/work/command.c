#include "work/command.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/quote.h"
#include "spool/input.h"
#include "spool/work.h"

#define OWN_VARIABLES 16 /* at most: the account's and ours */

static int
add(struct command *c, const char *key, const char *value)
{
	if (value == NULL)
		return 0;
	if (asprintf(&c->envp[c->env_count], "%s=%s", key, value) == -1)
		return -1;
	c->env_count++;
	return 0;
}

static bool
has(const struct command *c, const char *key)
{
	size_t i, len = strlen(key);

	for (i = 0; i < c->env_count; i++) {
		const char *var = c->envp[i];

		if (var != NULL && strncmp(var, key, len) == 0 &&
		    var[len] == '=')
			return true;
	}
	return false;
}

static int
add_missing(struct command *c, const char *key, const char *value)
{
	return has(c, key) ? 0 : add(c, key, value);
}

static int
add_account(struct command *c)
{
	struct passwd *pw = getpwuid(getuid());

	if (add_missing(c, "PATH", "/usr/local/bin:/usr/bin:/bin") == -1)
		return -1;
	if (pw == NULL)
		return add_missing(c, "HOME", "/");
	if (add_missing(c, "HOME", pw->pw_dir) == -1 ||
	    add_missing(c, "USER", pw->pw_name) == -1 ||
	    add_missing(c, "LOGNAME", pw->pw_name) == -1)
		return -1;
	return add_missing(c, "SHELL", pw->pw_shell);
}

static int
add_names(struct command *c, const struct command_names *names)
{
	char n[16];

	(void)snprintf(n, sizeof(n), "%d", names->n);
	if (add(c, "TASKDIR", names->spool) == -1 ||
	    add(c, "TD_ID", names->id) == -1 ||
	    add(c, "TD_TASK", names->task) == -1 ||
	    add(c, "TD_ATTEMPT", n) == -1 ||
	    add(c, "TD_KEY", names->key) == -1 ||
	    add(c, "TD_LOG", names->log) == -1)
		return -1;
	if (add(c, "TD_RESULT", names->result) == -1 ||
	    add(c, "TD_AFTER", names->after) == -1)
		return -1;
	return add(c, "TD_WORK", names->work);
}

static int
make_env(struct command *c, const struct task *task,
    const struct command_names *names)
{
	size_t i;

	c->envp = calloc(task->env_count + OWN_VARIABLES, sizeof(*c->envp));
	if (c->envp == NULL)
		return -1;
	for (i = 0; i < task->env_count; i++)
		if (add(c, task->env[i].key, task->env[i].value) == -1)
			return -1;
	if (add_account(c) == -1)
		return -1;
	c->plain_count = c->env_count;
	return add_names(c, names);
}

static bool
is_ours(const char *variable)
{
	return strncmp(variable, "TD_", 3) == 0 ||
	       strncmp(variable, "TASKDIR=", 8) == 0;
}

int
command_env(struct command *c, char *const *environment,
    const struct command_names *names)
{
	size_t n = 0;

	*c = (struct command){ .cwd = -1, .input = -1 };
	while (environment[n] != NULL)
		n++;
	if ((c->envp = calloc(n + OWN_VARIABLES, sizeof(*c->envp))) == NULL)
		return -1;
	for (; *environment != NULL; environment++) {
		if (is_ours(*environment))
			continue;
		if ((c->envp[c->env_count] = strdup(*environment)) == NULL)
			return -1;
		c->env_count++;
	}
	c->plain_count = c->env_count;
	return add_names(c, names);
}

static void
explain(char why[160], const char *what, const char *path)
{
	int saved = errno;

	(void)snprintf(why, 160, "%s %.80s: %s", what, path, strerror(saved));
	errno = saved;
}

/* 0: the task is at fault, -1: we are short of something, which passes. */
static int
cannot_open(void)
{
	return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -1 : 0;
}

/* A regular file or a device; a FIFO would keep us waiting for its writer. */
static int
open_input(struct spool *s, const struct task *task, char why[160])
{
	const char *path = task->input;
	char kept[PLACE_SIZE];
	int dir = AT_FDCWD, fd;

	if (path != NULL && strcmp(path, "-") == 0) {
		(void)snprintf(kept, sizeof(kept), INPUT_FILE, task->id);
		path = kept;
		dir = s->dir;
	}
	fd = openat(dir, path == NULL ? "/dev/null" : path,
	    O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1) {
		explain(why, "stdin", path == NULL ? "/dev/null" : path);
		return -1;
	}
	(void)fcntl(fd, F_SETFL, 0);
	return fd;
}

int
command_make(struct command *c, struct spool *s, const struct task *task,
    const struct command_names *names, char why[160])
{
	const char *cwd = task->cwd == NULL ? names->work : task->cwd;

	*c = (struct command){
		.argv = task->command,
		.cwd = -1,
		.input = -1,
	};
	if (make_env(c, task, names) == -1)
		return -1;
	if (cwd != NULL && (c->cwd = file_dir(AT_FDCWD, cwd)) == -1) {
		explain(why, "cwd", cwd);
		return cannot_open();
	}
	c->input = open_input(s, task, why);
	return c->input == -1 ? cannot_open() : 1;
}

void
command_free(struct command *c)
{
	size_t i;

	for (i = 0; i < c->env_count; i++)
		free(c->envp[i]);
	free(c->envp);
	if (c->cwd != -1)
		(void)close(c->cwd);
	if (c->input != -1)
		(void)close(c->input);
	*c = (struct command){ .cwd = -1, .input = -1 };
}

static bool
holds_newline(const struct command *c, const struct task *task)
{
	size_t i;
	char *const *word;

	for (i = 0; i < c->plain_count; i++)
		if (strchr(c->envp[i], '\n') != NULL)
			return true;
	for (word = c->argv; *word != NULL; word++)
		if (strchr(*word, '\n') != NULL)
			return true;
	return (task->cwd != NULL && strchr(task->cwd, '\n') != NULL) ||
	       (task->input != NULL && strchr(task->input, '\n') != NULL);
}

static void
quote_input(FILE *out, const struct task *task, const char *spool)
{
	AUTO_STR kept = NULL;

	if (task->input == NULL)
		return;
	(void)fputs(" <", out);
	if (strcmp(task->input, "-") != 0)
		(void)quote_word(out, task->input);
	else if (asprintf(&kept, "%s/" INPUT_FILE, spool, task->id) != -1)
		(void)quote_word(out, kept);
}

static void
quote_folder(FILE *out, const struct task *task, const char *spool)
{
	AUTO_STR work = NULL;

	if (task->cwd == NULL &&
	    (!task->workdir ||
		asprintf(&work, "%s/" WORK_PATH, spool, task->id) == -1))
		return;
	if (work != NULL) {
		(void)fputs("mkdir -p -m 700 ", out);
		(void)quote_word(out, work);
		(void)fputs(" && ", out);
	}
	(void)fputs("cd ", out);
	(void)quote_word(out, work == NULL ? task->cwd : work);
	(void)fputs(" && ", out);
}

int
command_quote(FILE *out, const struct command *c, const struct task *task,
    const char *spool)
{
	char *const *word;
	size_t i;

	if (holds_newline(c, task) || strchr(spool, '\n') != NULL)
		(void)fputs(QUOTE_NEWLINE, out);
	if (task->umask != -1)
		(void)fprintf(out, "umask %04o; ", (unsigned int)task->umask);
	quote_folder(out, task, spool);
	(void)fputs("exec env -i", out);
	for (i = 0; i < c->plain_count; i++) {
		(void)fputc(' ', out);
		(void)quote_word(out, c->envp[i]);
	}
	/* env would take it for a variable. */
	if (strchr(c->argv[0], '=') != NULL)
		(void)fputs(" sh -c 'exec \"$0\" \"$@\"'", out);
	for (word = c->argv; *word != NULL; word++) {
		(void)fputc(' ', out);
		(void)quote_word(out, *word);
	}
	quote_input(out, task, spool);
	(void)fputc('\n', out);
	return ferror(out) ? -1 : 0;
}
