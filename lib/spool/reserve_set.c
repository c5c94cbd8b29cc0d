/* Paths to be reserved: made absolute, compiled, kept as they are written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "spool/reserve.h"
#include "task/glob.h"
#include "task/path.h"
#include "task/utf8.h"

static char *
absolute(const char *cwd, const char *path, const char **what)
{
	AUTO_STR folder = NULL;
	char *text;

	if (path_is_resource(path))
		return strdup(path);
	if (cwd != NULL && (folder = path_quote(cwd)) == NULL)
		return NULL;
	text = path_absolute(folder, path);
	if (text == NULL && errno == EINVAL)
		*what = cwd != NULL && *cwd == '/'
			    ? "\"..\" behind a pattern is not clear"
			    : "it is relative, but to no known folder";
	return text;
}

/*
 * JSON holds no bytes that are not UTF-8: each becomes a "?", which matches
 * it.  A set has no such wildcard.
 */
static int
widen(char *text)
{
	char *to = text, *last;
	const char *p = text, *end = text + strlen(text);
	bool escaped = false, set = false;

	while (p < end) {
		const char *start = p;

		if (utf8_next(&p, end) == -1) {
			if (set)
				return -1;
			to -= escaped;
			*to++ = '?';
			p++;
			escaped = false;
			continue;
		}
		last = to;
		while (start < p)
			*to++ = *start++;
		set = (set && *last != '/') || (*last == '[' && !escaped);
		escaped = *last == '\\' && !escaped;
	}
	*to = '\0';
	return 0;
}

/* A slash in front of a wildcard may match nothing: "/a/{,b}" is "/a", too. */
static size_t
plain_length(const char *text)
{
	size_t n = strcspn(text, "*?[{}\\");

	while (n > 0 && text[n - 1] == '/')
		n--;
	return n;
}

static int
append(struct reserve_set *set, const struct reserve_path *path)
{
	struct reserve_path *v;

	v = reallocarray(set->v, set->n + 1, sizeof(*set->v));
	if (v == NULL)
		return -1;
	set->v = v;
	set->v[set->n++] = *path;
	return 0;
}

int
reserve_add(struct reserve_set *set, const char *cwd, const char *path,
    bool shared, const char **what)
{
	AUTO_STR text = NULL;
	struct reserve_path p = { .shared = shared };

	*what = "it is empty";
	errno = EINVAL;
	if (*path == '\0' || (text = absolute(cwd, path, what)) == NULL)
		return -1;
	if (widen(text) == -1) {
		*what = "bytes in [] are not UTF-8";
		errno = EINVAL;
		return -1;
	}
	if ((p.glob = glob_compile(text, what)) == NULL)
		return -1;
	p.text = text;
	p.plain = plain_length(text);
	if (append(set, &p) == -1) {
		glob_free(p.glob);
		return -1;
	}
	(void)str_take(&text);
	return 0;
}

int
reserve_of_task(struct reserve_set *set, const struct task *task)
{
	const char *what;
	size_t i;

	*set = (struct reserve_set){ 0 };
	for (i = 0; i < task->reserve_count; i++)
		if (reserve_add(set, task->cwd, task->reserve[i].path,
			task->reserve[i].shared, &what) == -1) {
			reserve_free(set);
			return -1;
		}
	return 0;
}

int
reserve_sets_meet(const struct reserve_set *a, const struct reserve_set *b)
{
	size_t i, j;
	int meet;

	for (i = 0; i < a->n; i++)
		for (j = 0; j < b->n; j++) {
			if (a->v[i].shared && b->v[j].shared)
				continue;
			meet = glob_overlap(a->v[i].glob, b->v[j].glob);
			if (meet != 0)
				return meet;
		}
	return 0;
}

void
reserve_free(struct reserve_set *set)
{
	int saved = errno;
	size_t i;

	for (i = 0; i < set->n; i++) {
		glob_free(set->v[i].glob);
		free(set->v[i].text);
	}
	free(set->v);
	*set = (struct reserve_set){ 0 };
	errno = saved;
}
