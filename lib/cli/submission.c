#include "cli/submission.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "spool/find.h"
#include "task/fields.h"
#include "task/json.h"
#include "task/path.h"
#include "task/utf8.h"

#define CANDIDATES 8
#define PLACE	   "{}"

int
words_add(struct words *words, const char *word)
{
	const char **more;

	more = reallocarray(words->v, words->n + 1, sizeof(*more));
	if (more == NULL)
		return -1;
	more[words->n++] = word;
	words->v = more;
	return 0;
}

void
draft_free(struct draft *d)
{
	free(d->input);
	free(d->after);
	free(d->not_before);
	free(d->reserve.v);
	free(d->share.v);
	free(d->blockers.v);
	free(d->env.v);
	free(d->labels.v);
	*d = (struct draft){ 0 };
}

bool
draft_has_place(const struct draft *d)
{
	char *const *word;

	for (word = d->command; *word != NULL; word++)
		if (strstr(*word, PLACE) != NULL)
			return true;
	return d->input != NULL && strstr(d->input, PLACE) != NULL;
}

static int
say_candidates(const char *ending, char (*ids)[ID_SIZE], int n)
{
	int i;

	(void)fprintf(stderr, "%s: after: %d tasks end in %s:", getprogname(),
	    n, ending);
	for (i = 0; i < n && i < CANDIDATES; i++)
		(void)fprintf(stderr, " %s", ids[i]);
	(void)fputs(n > CANDIDATES ? " ...\n" : "\n", stderr);
	return EX_USAGE;
}

/* What is no ending of an id is left to the task's reader to refuse. */
static int
find_blocker(struct spool *s, char *word)
{
	char ids[CANDIDATES][ID_SIZE], *copy = word;
	size_t len = strlen(word);
	int n;

	if (len == 0 || len >= ID_LEN ||
	    strspn(word, "0123456789abcdefghjkmnpqrstvwxyz") != len)
		return 0;
	if ((n = find_ending(s, word, ids, CANDIDATES)) == -1)
		err(EX_OSERR, "%s", s->path);
	if (n == 0) {
		warnx("after: no task ends in %s", word);
		return EX_DATAERR;
	}
	if (n > 1)
		return say_candidates(word, ids, n);
	memcpy(copy, ids[0], ID_SIZE);
	return 0;
}

static int
put_blocker(FILE *out, struct spool *s, const char *given)
{
	char word[4096 + ID_SIZE], *when;
	int status;

	if (strlcpy(word, given, 4096) >= 4096) {
		warnx("after: that is no id");
		return EX_DATAERR;
	}
	if ((when = strchr(word, ':')) != NULL)
		*when++ = '\0';
	else
		when = word + strlen(word);
	(void)fputs("{\"when\":", out);
	(void)json_put_string(
	    out, when > word && when[-1] == '\0' ? when : "done",
	    when[-1] == '\0' ? strlen(when) : 4);
	if ((status = find_blocker(s, word)) != 0)
		return status;
	(void)fputs(",\"id\":", out);
	(void)json_put_string(out, word, strlen(word));
	(void)fputs("}", out);
	return 0;
}
