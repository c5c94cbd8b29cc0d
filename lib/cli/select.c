#include "cli/select.h"

#include <ctype.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/visible.h"
#include "spool/find.h"

#define CANDIDATES 8

static int
complain_of(const char *word, const char *what)
{
	(void)fprintf(stderr, "%s: ", getprogname());
	visible_text(stderr, word);
	(void)fprintf(stderr, ": %s\n", what);
	return EX_NOINPUT;
}

int
select_missing(const char *id)
{
	return complain_of(id, "there is no such task");
}

int
select_unreadable(const char *id, const struct complaint *c)
{
	if (errno != EINVAL) {
		warn("%s", id);
		return EX_OSERR;
	}
	warnx("%s: %s%s%s", id, c->field, *c->field != '\0' ? ": " : "",
	    c->what);
	return EX_DATAERR;
}

/* People may write Crockford's letters large, and O, I, L for digits. */
static bool
read_ending(const char *word, char ending[ID_SIZE])
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	size_t i;
	int c;

	for (i = 0; word[i] != '\0'; i++) {
		c = tolower((unsigned char)word[i]);
		if (c == 'o')
			c = '0';
		else if (c == 'i' || c == 'l')
			c = '1';
		if (i == ID_LEN || strchr(digits, c) == NULL)
			return false;
		ending[i] = (char)c;
	}
	ending[i] = '\0';
	return i > 0;
}

/* 0 and the whole id, or an exit status. */
static int
whole_id(struct spool *s, const char *word, char id[ID_SIZE])
{
	char found[CANDIDATES][ID_SIZE];
	int i, n;

	if (!read_ending(word, id))
		return select_missing(word);
	if (strlen(id) == ID_LEN)
		return id_ok(id) ? 0 : select_missing(word);
	if ((n = find_ending(s, id, found, CANDIDATES)) == -1)
		err(EX_OSERR, "%s", s->path);
	if (n == 0)
		return select_missing(word);
	if (n == 1) {
		memcpy(id, found[0], ID_SIZE);
		return 0;
	}
	(void)fprintf(stderr, "%s: %s: %d tasks end so:", getprogname(), word,
	    n);
	for (i = 0; i < n && i < CANDIDATES; i++)
		(void)fprintf(stderr, " %s", found[i]);
	(void)fputs(n > CANDIDATES ? " ...\n" : "\n", stderr);
	return EX_USAGE;
}

struct work {
	struct spool *s;
	int (*each)(struct spool *, const char *, void *);
	void *arg;
	int status;
};

static void
work_on(struct work *w, const char *word)
{
	char id[ID_SIZE];
	int status = whole_id(w->s, word, id);

	if (status == 0)
		status = w->each(w->s, id, w->arg);
	if (w->status == 0)
		w->status = status;
}

static void
work_on_chosen(struct work *w, const struct choice *ch)
{
	AUTO_IDS ids = { 0 };
	size_t i;

	if (choice_ids(w->s, ch, &ids) == -1)
		err(EX_OSERR, "%s", w->s->path);
	for (i = 0; i < ids.n; i++)
		work_on(w, ids.v[i]);
}

static void
work_on_input(struct work *w, int end)
{
	AUTO_STR line = NULL;
	size_t size = 0;
	char *word, *rest;

	while (getdelim(&line, &size, end, stdin) != -1) {
		rest = line + strspn(line, " \t\r\n");
		word = strsep(&rest, " \t\r\n");
		if (*word != '\0')
			work_on(w, word);
	}
	if (ferror(stdin))
		err(EX_OSERR, "standard input");
}

int
select_each(struct spool *s, const struct choice *ch, const struct args *args,
    char *const *operands, int (*each)(struct spool *, const char *, void *),
    void *arg)
{
	struct work w = { .s = s, .each = each, .arg = arg };

	if (*operands != NULL && choice_made(ch))
		args_wrong(args, "either ids or a choice of -l, -Q, -s");
	if (choice_made(ch))
		work_on_chosen(&w, ch);
	else if (*operands == NULL && isatty(STDIN_FILENO) == 0)
		work_on_input(&w, args->null ? '\0' : '\n');
	else if (*operands == NULL && !ch->optional)
		args_wrong(args, "which tasks?");
	for (; *operands != NULL; operands++)
		work_on(&w, *operands);
	return w.status;
}

static int
keep_id(struct spool *s, const char *id, void *arg)
{
	(void)s;
	if (ids_add(arg, id) == -1)
		err(EX_OSERR, NULL);
	return 0;
}

int
select_ids(struct spool *s, const struct choice *ch, const struct args *args,
    char *const *operands, struct ids *ids)
{
	return select_each(s, ch, args, operands, keep_id, ids);
}
