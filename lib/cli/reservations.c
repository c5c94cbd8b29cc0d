#include "cli/reservations.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/print.h"
#include "cli/visible.h"
#include "spool/entry.h"
#include "spool/record.h"
#include "task/json.h"
#include "task/path.h"

#define PATH_COLUMNS 32

/* Even one that looks like a resource is a path here. */
static char *
quoted(const char *path)
{
	char *whole;
	AUTO_STR text = path_quote(path);

	if (text == NULL ||
	    asprintf(&whole, "%s%s", *path == '/' ? "" : "./", text) == -1)
		err(EX_OSERR, NULL);
	return whole;
}

void
reservations_add(struct reserve_set *set, const char *path, bool shared,
    bool literal)
{
	AUTO_STR cwd = getcwd(NULL, 0);
	AUTO_STR text = NULL;
	const char *what;

	if (cwd == NULL)
		err(EX_OSERR, "the current folder");
	if (literal && *path != '\0')
		text = quoted(path);
	if (reserve_add(set, cwd, text == NULL ? path : text, shared, &what) ==
	    0)
		return;
	if (errno == EINVAL)
		errx(EX_DATAERR, "%s: %s", path, what);
	err(EX_OSERR, "%s", path);
}

/* "TD_RESERVATION ID.N": the records that we run under. */
static char *
own_records(const char *id)
{
	const char *outer = getenv("TD_RESERVATION");
	const char *n = getenv("TD_ATTEMPT");
	char *own;

	if (outer == NULL)
		outer = "";
	if (asprintf(&own, "%s %s.%s", outer, id == NULL ? "" : id,
		n == NULL ? "" : n) == -1)
		err(EX_OSERR, NULL);
	return own;
}

void
reservations_self(struct spool *s, struct reservations_self *self)
{
	AUTO_ENTRY e = ENTRY_NONE;
	const char *id = getenv("TD_ID");
	struct complaint c;

	if (id != NULL && !id_ok(id))
		id = NULL;
	*self = (struct reservations_self){ .own = own_records(id) };
	self->who.task = id;
	self->who.own = self->own;
	if (id == NULL || entry_find_read(s, id, &e, &c) != 1 ||
	    e.task->parent == NULL)
		return;
	(void)strlcpy(self->parent, e.task->parent, sizeof(self->parent));
	self->who.parent = self->parent;
}

void
reservations_say(FILE *out, const char *path, const struct reserve_conflict *c)
{
	visible_text(out, path);
	(void)fprintf(out, ": held by %s", c->holder);
	if (*c->who != '\0') {
		(void)fputs(" (", out);
		visible_text(out, c->who);
		(void)putc(')', out);
	}
	if (c->pid != 0)
		(void)fprintf(out, ", pid %lld", (long long)c->pid);
	if (*c->since != '\0') {
		(void)fputs(", since ", out);
		visible_text(out, c->since);
	}
}

static void
put_word(const char *key, const char *word)
{
	if (*word == '\0')
		return;
	(void)putchar(',');
	(void)json_put_key(stdout, key);
	(void)json_put_string(stdout, word, strlen(word));
}

static void
put_conflict(const char *path, const struct reserve_conflict *c)
{
	(void)fputs("{\"path\":", stdout);
	(void)json_put_string(stdout, path, strlen(path));
	put_word("holder", c->holder);
	put_word("held", c->held);
	put_word("who", c->who);
	if (c->pid != 0)
		(void)printf(",\"pid\":%lld", (long long)c->pid);
	put_word("since", c->since);
	(void)puts("}");
}

struct asking {
	struct spool *s;
	const struct reservations_check *how;
	struct reservations_self self;
};

/* 0 free, 1 taken, 71. */
static int
check_path(const struct asking *a, const char *path)
{
	struct reserve_set set = { 0 };
	struct reserve_conflict c = { 0 };
	int free_now;

	reservations_add(&set, path, a->how->shared, a->how->literal);
	free_now = reserve_look(a->s, &set, &a->self.who, &c);
	reserve_free(&set);
	if (free_now == -1) {
		warn("%s", a->s->path);
		return EX_OSERR;
	}
	if (free_now == 1 || a->how->args->quiet)
		return free_now == 1 ? EXIT_SUCCESS : EXIT_NO;
	if (a->how->args->json) {
		put_conflict(path, &c);
	} else {
		reservations_say(stdout, path, &c);
		(void)putchar('\n');
	}
	return EXIT_NO;
}

static int
check_input(const struct asking *a)
{
	const char end = a->how->args->null ? '\0' : '\n';
	AUTO_STR path = NULL;
	size_t room = 0;
	ssize_t len;
	int status = EXIT_SUCCESS, answer;

	while ((len = getdelim(&path, &room, end, stdin)) != -1) {
		if (path[len - 1] == end)
			path[len - 1] = '\0';
		if ((answer = check_path(a, path)) > status)
			status = answer;
	}
	if (ferror(stdin))
		err(EX_OSERR, "standard input");
	return status;
}

int
reservations_check(struct spool *s, const struct reservations_check *how,
    char *const *paths)
{
	struct asking a = { .s = s, .how = how };
	int status = EXIT_SUCCESS, answer;

	if (*paths == NULL && isatty(STDIN_FILENO) == 1)
		args_wrong(how->args, "no path is given");
	reservations_self(s, &a.self);
	if (*paths == NULL)
		status = check_input(&a);
	for (; *paths != NULL; paths++)
		if ((answer = check_path(&a, *paths)) > status)
			status = answer;
	free(a.self.own);
	return status;
}

struct listing {
	const struct args *args;
	const char *name, *json;
};

static int
list_path(const char *path, bool shared, void *arg)
{
	const struct listing *l = arg;
	char pid[24], since[32];
	size_t len = strlen(l->json);
	int used;

	record_word(l->json, len, "pid", pid, sizeof(pid));
	record_word(l->json, len, "since", since, sizeof(since));
	used = visible_put(stdout, path, strlen(path), -1);
	(void)printf("%*s ", used < PATH_COLUMNS ? PATH_COLUMNS - used : 0, "");
	(void)printf("%-9s %-18s %7s ", shared ? "shared" : "exclusive",
	    l->name, pid);
	visible_text(stdout, since);
	(void)putchar(l->args->null ? '\0' : '\n');
	return 0;
}

static int
list_record(const char *name, const char *json, void *arg)
{
	struct listing *l = arg;

	if (json != NULL && strncmp(json, "{\"", 2) != 0)
		json = NULL;
	if (l->args->json) {
		(void)printf("{\"holder\":\"%s\"%s%s\n", name,
		    json == NULL ? "}" : ",", json == NULL ? "" : json + 1);
		return 0;
	}
	l->name = name;
	l->json = json == NULL ? "{}" : json;
	if (json == NULL ||
	    record_paths(json, strlen(json), list_path, l) == -1)
		return list_path("?", false, l);
	return 0;
}

int
reservations_list(struct spool *s, const struct args *args)
{
	struct listing l = { .args = args };
	struct print print;

	print_begin(&print);
	if (print.columns > 0 && !args->json)
		(void)printf("%-*s %-9s %-18s %7s %s\n", PATH_COLUMNS, "PATH",
		    "MODE", "HOLDER", "PID", "SINCE");
	if (reserve_list(s, list_record, &l) == 0)
		return EXIT_SUCCESS;
	warn("%s", s->path);
	return EX_OSERR;
}
