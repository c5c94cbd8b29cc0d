#include "spool/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "task/glob.h"
#include "task/json.h"
#include "task/utf8.h"

static void
put(FILE *out, const char *key, const char *value)
{
	if (value == NULL)
		return;
	(void)putc(',', out);
	(void)json_put_key(out, key);
	(void)json_put_string(out, value, strlen(value));
}

static void
put_paths(FILE *out, const struct reserve_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++) {
		(void)fputs(i == 0 ? "{\"path\":" : ",{\"path\":", out);
		(void)json_put_string(out, set->v[i].text,
		    strlen(set->v[i].text));
		(void)fprintf(out, ",\"mode\":\"%s\"}",
		    set->v[i].shared ? "shared" : "exclusive");
	}
}

int
record_make(const struct reserve_set *set, const struct reserve_asker *who,
    char **text, size_t *len)
{
	char host[256] = "", since[CLOCK_TEXT];
	FILE *out;

	if ((out = open_memstream(text, len)) == NULL)
		return -1;
	(void)gethostname(host, sizeof(host) - 1);
	clock_format(clock_now(), since);
	(void)fputs("{\"paths\":[", out);
	put_paths(out, set);
	(void)putc(']', out);
	put(out, "task", who->task);
	put(out, "who", who->who);
	if (who->own != NULL && who->own[strspn(who->own, " .")] != '\0')
		put(out, "under", who->own);
	put(out, "host", host);
	(void)fprintf(out, ",\"pid\":%d", (int)getpid());
	put(out, "since", since);
	(void)fputs("}\n", out);
	if (fclose(out) == 0) {
		if (*len <= JSON_MAX)
			return 0;
		errno = E2BIG;
	}
	free(*text);
	*text = NULL;
	return -1;
}

/* A JSON string without its quotes, decoded; never longer than it was. */
static bool
decode(const char *value, size_t len, char *text)
{
	const char *p = value + 1, *end = value + len - 1, *what;
	int32_t c;

	while (p < end) {
		const char *stop = memchr(p, '\\', end - p);
		size_t plain = (stop == NULL ? end : stop) - p;

		memcpy(text, p, plain);
		text += plain;
		p += plain;
		if (p == end)
			break;
		if ((c = utf8_unescape(&p, end, &what)) <= 0)
			return false;
		text += utf8_put(text, c);
	}
	*text = '\0';
	return true;
}

struct seeking {
	const char *key;
	struct json_member found;
};

static int
match_key(const struct json_member *m, void *arg)
{
	struct seeking *k = arg;

	if (!json_key_is(m, k->key))
		return 0;
	k->found = *m;
	return 1;
}

/* 1 there is such a member, 0 there is none, -1 it is no object. */
static int
member(const char *text, size_t len, const char *key, struct json_member *found)
{
	struct seeking k = { .key = key };
	int answer = json_members(text, len, match_key, &k);

	*found = k.found;
	return answer;
}

void
record_word(const char *text, size_t len, const char *key, char *word,
    size_t size)
{
	struct json_member m;
	char *whole;

	*word = '\0';
	if (member(text, len, key, &m) != 1)
		return;
	if (*m.value != '"') {
		(void)snprintf(word, size, "%.*s", (int)m.value_len, m.value);
		return;
	}
	if ((whole = malloc(m.value_len)) == NULL)
		return;
	if (decode(m.value, m.value_len, whole))
		(void)strlcpy(word, whole, size);
	free(whole);
}

bool
word_among(const char *words, const char *word)
{
	size_t n, len = strlen(word);

	while (words != NULL && *words != '\0') {
		n = strcspn(words, " ");
		if (n == len && memcmp(words, word, n) == 0)
			return true;
		words += n;
		words += strspn(words, " ");
	}
	return false;
}

/* Steps over the words if they are next. */
static bool
next_is(const char **p, const char *words)
{
	size_t len = strlen(words);

	if (strncmp(*p, words, len) != 0)
		return false;
	*p += len;
	return true;
}

/* One path of the list, decoded into text; false if there is none. */
static bool
next_path(const char **p, const char *end, char *text, bool *shared)
{
	const char *start;

	if (!next_is(p, "{\"path\":"))
		return false;
	start = *p;
	if (!next_is(p, "\""))
		return false;
	for (;;) {
		*p += strcspn(*p, "\"\\");
		if (**p == '"')
			break;
		if (end - *p < 2)
			return false;
		*p += 2;
	}
	++*p;
	if (!decode(start, *p - start, text))
		return false;
	*shared = next_is(p, ",\"mode\":\"shared\"}");
	return *shared || next_is(p, ",\"mode\":\"exclusive\"}");
}

/*
 * There are many to be read, so it is read as it is written here.  What else
 * looks otherwise counts as unreadable, which is safe.
 */
int
record_paths(const char *text, size_t len,
    int (*each)(const char *, bool, void *), void *arg)
{
	const char *p = text;
	char *path = calloc(1, len + 1);
	bool shared, more = next_is(&p, "{\"paths\":[");
	int answer = 0;

	if (path == NULL)
		return -1;
	while (more && next_path(&p, text + len, path, &shared)) {
		more = next_is(&p, ",");
		if ((answer = each(path, shared, arg)) != 0 || !more)
			break;
	}
	free(path);
	if (answer == 0 && (more || !next_is(&p, "],\""))) {
		errno = EINVAL;
		return -1;
	}
	return answer;
}

struct meeting {
	const struct reserve_set *set;
	struct reserve_conflict *conflict;
};

/* Most patterns differ long before their first wildcard. */
static bool
may_meet(const struct reserve_path *own, const char *held)
{
	size_t i;

	for (i = 0; i < own->plain && own->text[i] == held[i]; i++)
		;
	return i == own->plain || strchr("*?[{}\\", held[i]) != NULL;
}

static int
meets(const struct reserve_path *own, const char *held, struct glob **glob)
{
	const char *what;

	if (!may_meet(own, held))
		return 0;
	if (*glob == NULL && (*glob = glob_compile(held, &what)) == NULL)
		return -1;
	return glob_overlap(own->glob, *glob);
}

static int
meet(const char *held, bool shared, void *arg)
{
	const struct meeting *m = arg;
	struct glob *glob = NULL;
	const struct reserve_path *own;
	int met = 0;

	for (own = m->set->v; met == 0 && own < m->set->v + m->set->n; own++) {
		if (shared && own->shared)
			continue;
		if ((met = meets(own, held, &glob)) != 1)
			continue;
		(void)strlcpy(m->conflict->path, own->text,
		    sizeof(m->conflict->path));
		(void)strlcpy(m->conflict->held, held,
		    sizeof(m->conflict->held));
	}
	glob_free(glob);
	return met;
}

int
record_conflicts(const char *text, size_t len, const struct reserve_set *set,
    const struct reserve_asker *who, struct reserve_conflict *conflict)
{
	struct meeting m = { set, conflict };
	char word[64];
	int met;

	if ((met = record_paths(text, len, meet, &m)) != 1)
		return met;
	record_word(text, len, "task", word, sizeof(word));
	if (*word != '\0' && word_among(who->parent, word))
		return 0;
	record_word(text, len, "pid", word, sizeof(word));
	conflict->pid = strtoll(word, NULL, 10);
	record_word(text, len, "who", conflict->who, sizeof(conflict->who));
	record_word(text, len, "since", conflict->since,
	    sizeof(conflict->since));
	return 1;
}
