#include "cli/submission.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "spool/find.h"
#include "task/json.h"

#define CANDIDATES 8

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
	free(d->limits.v);
	*d = (struct draft){ 0 };
}

bool
draft_has_place(const struct draft *d)
{
	char *const *word;

	for (word = d->command; *word != NULL; word++)
		if (strstr(*word, SUBMISSION_PLACE) != NULL)
			return true;
	return d->input != NULL && strstr(d->input, SUBMISSION_PLACE) != NULL;
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

/* What can be no ending of an id is left to the task's reader to refuse. */
static int
find_blocker(struct spool *s, const char *word, char id[ID_SIZE])
{
	char ids[CANDIDATES][ID_SIZE];
	size_t len = strlen(word);
	int n;

	*id = '\0';
	if (len == 0 || len >= ID_LEN ||
	    strspn(word, "0123456789abcdefghjkmnpqrstvwxyz") != len)
		return 0;
	if ((n = find_ending(s, word, ids, CANDIDATES)) == -1)
		err(EX_OSERR, "%s", s->path);
	if (n > 1)
		return say_candidates(word, ids, n);
	if (n == 0) {
		warnx("after: no task ends in %s", word);
		return EX_DATAERR;
	}
	memcpy(id, ids[0], ID_SIZE);
	return 0;
}

static int
put_blocker(FILE *out, struct spool *s, const char *given)
{
	AUTO_STR word = strdup(given);
	char id[ID_SIZE], *when;
	int status;

	if (word == NULL)
		err(EX_OSERR, NULL);
	if ((when = strchr(word, ':')) != NULL)
		*when++ = '\0';
	if ((status = find_blocker(s, word, id)) != 0)
		return status;
	if (*id != '\0')
		(void)fprintf(out, "{\"id\":\"%s\"", id);
	else {
		(void)fputs("{\"id\":", out);
		(void)json_put_string(out, word, strlen(word));
	}
	if (when != NULL) {
		(void)fputs(",\"when\":", out);
		(void)json_put_string(out, when, strlen(when));
	}
	(void)fputc('}', out);
	return 0;
}

int
draft_find_blockers(struct draft *d, struct spool *s)
{
	size_t i, len;
	FILE *out;
	int status = 0;

	if (d->blockers.n == 0)
		return 0;
	if ((out = open_memstream(&d->after, &len)) == NULL)
		err(EX_OSERR, NULL);
	for (i = 0; i < d->blockers.n && status == 0; i++) {
		(void)fputc(i == 0 ? '[' : ',', out);
		status = put_blocker(out, s, d->blockers.v[i]);
	}
	(void)fputc(']', out);
	if (fclose(out) == EOF)
		err(EX_OSERR, NULL);
	return status;
}
