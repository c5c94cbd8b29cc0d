#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/print.h"
#include "cli/settings.h"
#include "spool/origin.h"
#include "task/json.h"

static const char usage[] = "td-config [-hjqvV] [-d DIR] [KEY]";

static const struct option longs[] = { { 0 } };

struct asking {
	const struct args *args;
	const char *key; /* NULL: all */
	bool found;
};

/* "attempts" and "task.attempts" both mean that key. */
static bool
is_meant(const struct asking *k, const char *key)
{
	size_t len, tail;

	if (k->key == NULL || strcmp(k->key, key) == 0)
		return true;
	len = strlen(key);
	tail = strlen(k->key);
	return len > tail && key[len - tail - 1] == '.' &&
	       strcmp(key + len - tail, k->key) == 0;
}

static void
print_json_line(const char *key, const char *value, const char *from)
{
	(void)printf("{\"key\":");
	(void)json_put_string(stdout, key, strlen(key));
	(void)printf(",\"value\":");
	(void)json_put_string(stdout, value, strlen(value));
	(void)printf(",\"from\":");
	(void)json_put_string(stdout, from, strlen(from));
	(void)printf("}\n");
}

static void
print_line(struct asking *k, const char *key, const char *value,
    const char *from)
{
	if (!is_meant(k, key))
		return;
	k->found = true;
	if (k->args->json)
		print_json_line(key, value, from);
	else if (k->key != NULL && k->args->quiet)
		(void)printf("%s\n", value);
	else
		(void)printf("%s = %s\t# %s\n", key, value, from);
}

static int
print_origin(const struct origin *o, void *arg)
{
	char from[300];

	if (o->line == 0)
		(void)strlcpy(from, "built in", sizeof(from));
	else
		(void)snprintf(from, sizeof(from), "%s:%d", o->file, o->line);
	print_line(arg, o->key, o->value, from);
	return 0;
}

static const char *
spool_from(const struct args *args)
{
	const char *set = getenv("TASKDIR");

	if (args->directory != NULL)
		return "option -d";
	if (set != NULL && *set != '\0')
		return "environment TASKDIR";
	return "found";
}

int
main(int argc, char **argv)
{
	struct args args = { .usage = usage, .letters = "", .longs = longs };
	struct asking k = { .args = &args };
	struct settings_fault fault;
	struct spool s;

	(void)cli_start();
	while (args_next(&args, argc, argv) != -1)
		continue;
	if (argc - optind > 1)
		args_wrong(&args, "%s: one KEY at most", argv[optind + 1]);
	k.key = argv[optind];
	cli_open(&args, false, &s);
	(void)cli_settings(&s);
	print_line(&k, "spool", s.path, spool_from(&args));
	if (origin_each(&s, &fault, print_origin, &k) == -1)
		err(EX_OSERR, "%s/etc", s.path);
	spool_close(&s);
	if (!k.found)
		errx(EX_NOINPUT, "%s: no such setting", k.key);
	return cli_finish(EX_OK);
}
