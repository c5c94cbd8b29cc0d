/* The JSON text of a submission, member by member. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "cli/submission.h"
#include "task/fields.h"
#include "task/json.h"
#include "task/path.h"
#include "task/utf8.h"

struct pen {
	FILE *out;
	const char *item;
	struct complaint *c;
	const char *comma;
};

/* The text with the item in the place of every {}; the caller frees. */
static char *
filled(const char *text, const char *item)
{
	const char *at;
	char *whole = NULL;
	size_t len;
	FILE *out;

	if (item == NULL)
		return strdup(text);
	if ((out = open_memstream(&whole, &len)) == NULL)
		return NULL;
	for (; (at = strstr(text, SUBMISSION_PLACE)) != NULL;
	     text = at + strlen(SUBMISSION_PLACE)) {
		(void)fwrite(text, 1, (size_t)(at - text), out);
		(void)fputs(item, out);
	}
	(void)fputs(text, out);
	if (fclose(out) == EOF) {
		free(whole);
		return NULL;
	}
	return whole;
}

/* JSON holds characters, not bytes: better no task than another one. */
static int
put_string(struct pen *p, const char *field, const char *text)
{
	const char *at = text, *end = text + strlen(text);

	while (at < end)
		if (utf8_next(&at, end) == -1) {
			errno = EINVAL;
			return complain(p->c, field, "it is not UTF-8");
		}
	return json_put_string(p->out, text, strlen(text));
}

static int
put_filled(struct pen *p, const char *field, const char *text)
{
	AUTO_STR whole = filled(text, p->item);

	return whole == NULL ? -1 : put_string(p, field, whole);
}

static int
put_key(struct pen *p, const char *key)
{
	if (fputs(p->comma, p->out) == EOF)
		return -1;
	p->comma = ",";
	return json_put_key(p->out, key);
}

static int
put_text(struct pen *p, const char *key, const char *text)
{
	if (text == NULL)
		return 0;
	return put_key(p, key) == -1 ? -1 : put_filled(p, key, text);
}

/* As a number where it is written as one, else as the text that it is. */
static int
put_number(struct pen *p, const char *key, const char *text)
{
	size_t len;

	if (text == NULL)
		return 0;
	len = strlen(text);
	if (len == 0 || strspn(text, "0123456789") != len ||
	    (*text == '0' && len > 1))
		return put_text(p, key, text);
	if (put_key(p, key) == -1)
		return -1;
	return fputs(text, p->out) == EOF ? -1 : 0;
}

static int
put_raw(struct pen *p, const char *key, const char *json)
{
	if (json == NULL)
		return 0;
	if (put_key(p, key) == -1 || fputs(json, p->out) == EOF)
		return -1;
	return 0;
}

static int
put_command(struct pen *p, const struct draft *d)
{
	char *const *word;
	const char *comma = "[";

	if (put_key(p, "command") == -1)
		return -1;
	for (word = d->command; *word != NULL; word++, comma = ",")
		if (fputs(comma, p->out) == EOF ||
		    put_filled(p, "command", *word) == -1)
			return -1;
	if (p->item != NULL && d->append &&
	    (fputs(comma, p->out) == EOF ||
		put_string(p, "command", p->item) == -1))
		return -1;
	return fputc(']', p->out) == EOF ? -1 : 0;
}

static int
put_list(struct pen *p, const char *key, const struct words *words)
{
	size_t i;

	if (words->n == 0)
		return 0;
	if (put_key(p, key) == -1)
		return -1;
	for (i = 0; i < words->n; i++)
		if (fputc(i == 0 ? '[' : ',', p->out) == EOF ||
		    put_filled(p, key, words->v[i]) == -1)
			return -1;
	return fputc(']', p->out) == EOF ? -1 : 0;
}

/* The last of two settings of one name counts, as with env(1). */
static bool
is_set_later(const struct words *words, size_t i)
{
	size_t j, len = strcspn(words->v[i], "=");

	for (j = i + 1; j < words->n; j++)
		if (strcspn(words->v[j], "=") == len &&
		    strncmp(words->v[i], words->v[j], len) == 0)
			return true;
	return false;
}

static int
put_variable(struct pen *p, const char *var)
{
	AUTO_STR key = strndup(var, strcspn(var, "="));
	const char *value;

	if (key == NULL)
		return -1;
	value = var[strlen(key)] == '=' ? var + strlen(key) + 1 : getenv(key);
	if (value == NULL) {
		errno = EINVAL;
		return complain(p->c, "env", "%.64s is not set here", key);
	}
	if (put_string(p, "env", key) == -1 || fputc(':', p->out) == EOF)
		return -1;
	return put_string(p, "env", value);
}

static int
put_env(struct pen *p, const struct words *env)
{
	const char *comma = "{";
	size_t i;

	if (env->n == 0)
		return 0;
	if (put_key(p, "env") == -1)
		return -1;
	for (i = 0; i < env->n; i++) {
		if (is_set_later(env, i))
			continue;
		if (fputs(comma, p->out) == EOF ||
		    put_variable(p, env->v[i]) == -1)
			return -1;
		comma = ",";
	}
	return fputc('}', p->out) == EOF ? -1 : 0;
}

static int
put_limit(struct pen *p, const char *word)
{
	struct pen one = { .out = p->out, .c = p->c, .comma = "" };
	const char *value = strchr(word, '=');
	AUTO_STR key = NULL;

	if (value == NULL) {
		errno = EINVAL;
		return complain(p->c, "limits",
		    "%.64s is not such as memory=512M", word);
	}
	if ((key = strndup(word, (size_t)(value - word))) == NULL)
		return -1;
	return put_number(&one, key, value + 1);
}

static int
put_limits(struct pen *p, const struct words *limits)
{
	const char *comma = "{";
	size_t i;

	if (limits->n == 0)
		return 0;
	if (put_key(p, "limits") == -1)
		return -1;
	for (i = 0; i < limits->n; i++) {
		if (is_set_later(limits, i))
			continue;
		if (fputs(comma, p->out) == EOF ||
		    put_limit(p, limits->v[i]) == -1)
			return -1;
		comma = ",";
	}
	return fputc('}', p->out) == EOF ? -1 : 0;
}

/* An item is a name as it is, also where it looks like a pattern. */
static int
put_paths(struct pen *p, const struct words *paths, const char *mode,
    const char **comma)
{
	AUTO_STR quoted = NULL;
	size_t i;

	if (p->item != NULL && (quoted = path_quote(p->item)) == NULL)
		return -1;
	for (i = 0; i < paths->n; i++, *comma = ",") {
		AUTO_STR whole = filled(paths->v[i], quoted);

		if (whole == NULL ||
		    fprintf(p->out, "%s{\"path\":", *comma) < 0 ||
		    put_string(p, "reserve", whole) == -1 ||
		    fprintf(p->out, ",\"mode\":\"%s\"}", mode) < 0)
			return -1;
	}
	return 0;
}

static int
put_reserve(struct pen *p, const struct draft *d)
{
	const char *comma = "[";

	if (d->reserve.n + d->share.n == 0)
		return 0;
	if (put_key(p, "reserve") == -1 ||
	    put_paths(p, &d->reserve, "exclusive", &comma) == -1 ||
	    put_paths(p, &d->share, "shared", &comma) == -1)
		return -1;
	return fputc(']', p->out) == EOF ? -1 : 0;
}

static int
put_backoff(struct pen *p, const char *list)
{
	const char *comma = "[";
	size_t len;

	if (list == NULL)
		return 0;
	if (put_key(p, "backoff") == -1)
		return -1;
	for (; *(list += strspn(list, ", ")) != '\0'; list += len) {
		AUTO_STR one = strndup(list, len = strcspn(list, ", "));

		if (one == NULL || fputs(comma, p->out) == EOF ||
		    put_string(p, "backoff", one) == -1)
			return -1;
		comma = ",";
	}
	return fputs(*comma == '[' ? "[]" : "]", p->out) == EOF ? -1 : 0;
}

static int
put_draft(struct pen *p, const struct draft *d)
{
	if (put_text(p, "title", d->title) == -1 ||
	    put_text(p, "queue", d->queue) == -1 ||
	    put_number(p, "priority", d->priority) == -1 ||
	    put_command(p, d) == -1 || put_text(p, "cwd", d->cwd) == -1 ||
	    put_env(p, &d->env) == -1 || put_text(p, "stdin", d->input) == -1 ||
	    put_reserve(p, d) == -1 || put_raw(p, "after", d->after) == -1 ||
	    put_text(p, "not_before", d->not_before) == -1 ||
	    put_text(p, "timeout", d->timeout) == -1 ||
	    put_text(p, "silence", d->silence) == -1 ||
	    put_text(p, "signal", d->signal) == -1 ||
	    put_limits(p, &d->limits) == -1 ||
	    put_raw(p, "workdir", d->workdir ? "true" : NULL) == -1 ||
	    put_number(p, "attempts", d->attempts) == -1 ||
	    put_backoff(p, d->backoff) == -1 ||
	    put_text(p, "unique", d->unique) == -1 ||
	    put_list(p, "labels", &d->labels) == -1 ||
	    put_text(p, "project", d->project) == -1 ||
	    put_text(p, "parent", d->parent) == -1)
		return -1;
	return fputc('}', p->out) == EOF ? -1 : 0;
}

char *
draft_text(const struct draft *d, const char *item, size_t *len,
    struct complaint *c)
{
	struct pen p = { .item = item, .c = c, .comma = "{" };
	AUTO_STR text = NULL;
	int answer;

	memset(c, 0, sizeof(*c));
	if ((p.out = open_memstream(&text, len)) == NULL)
		return NULL;
	answer = put_draft(&p, d);
	if (fclose(p.out) == EOF || answer == -1)
		return NULL;
	return str_take(&text);
}
