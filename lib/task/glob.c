#include "task/glob.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "task/automaton.h"
#include "task/path.h"
#include "task/piece.h"

#define PATTERN_MAX 4096

struct glob {
	struct automaton automaton;
	bool resource;
	bool literal;
	size_t len;  /* of text */
	char text[]; /* what all that matches starts with */
};

static struct glob *compile_checked(const char *, bool, const char **);
static struct glob *make_glob(const char *, size_t, bool);
static bool share_start(const struct glob *, const char *, size_t);
static bool is_below(const char *, size_t, size_t);

struct glob *
glob_compile(const char *pattern, const char **what)
{
	bool resource = path_is_resource(pattern);

	*what = NULL;
	if (strlen(pattern) > PATTERN_MAX)
		*what = "too long";
	else if (!resource && pattern[0] != '/')
		*what = "neither an absolute path nor a resource";
	else
		return compile_checked(pattern, resource, what);
	errno = EINVAL;
	return NULL;
}

static struct glob *
compile_checked(const char *pattern, bool resource, const char **what)
{
	struct pieces p;
	struct glob *g;
	int made = -1;

	if (piece_parse(&p, pattern, resource, what) == -1)
		return NULL;
	g = make_glob(pattern, p.plain, resource);
	if (g != NULL)
		made = automaton_make(&g->automaton, &p, resource, what);
	piece_free(&p);
	if (made == 0)
		return g;
	free(g);
	return NULL;
}

/* A slash before a wildcard is left out: "/a/{,b}" matches "/a". */
static struct glob *
make_glob(const char *pattern, size_t plain, bool resource)
{
	struct glob *g = calloc(1, sizeof(*g) + plain + 1);

	if (g == NULL)
		return NULL;
	g->resource = resource;
	g->literal = pattern[plain] == '\0';
	for (size_t i = 0; i < plain; i++) {
		if (pattern[i] == '\\')
			i++;
		if (!resource && pattern[i] == '/' && g->len > 0 &&
		    g->text[g->len - 1] == '/')
			continue;
		g->text[g->len++] = pattern[i];
	}
	if (!resource && g->len > 0 && g->text[g->len - 1] == '/')
		g->text[--g->len] = '\0';
	return g;
}

void
glob_free(struct glob *g)
{
	if (g == NULL)
		return;
	automaton_free(&g->automaton);
	free(g);
}

bool
glob_literal(const struct glob *g)
{
	return g->literal;
}

int
glob_overlap(const struct glob *a, const struct glob *b)
{
	if (a->resource != b->resource || !share_start(a, b->text, b->len))
		return 0;
	if (!a->literal || !b->literal)
		return automaton_meet(&a->automaton, &b->automaton);
	if (a->resource)
		return a->len == b->len;
	return is_below(a->text, a->len, b->len) ||
	       is_below(b->text, b->len, a->len);
}

int
glob_match(const struct glob *g, const char *path)
{
	struct automaton text;
	const char *word = strcmp(path, "/") == 0 ? "" : path;
	size_t len = strlen(word);
	int found;

	if (g->resource != path_is_resource(path) || len > UINT16_MAX - 3 ||
	    !share_start(g, word, len))
		return 0;
	if (g->literal)
		return len == g->len ||
		       (!g->resource && is_below(word, len, g->len));
	if (automaton_text(&text, word) == -1)
		return -1;
	found = automaton_meet(&g->automaton, &text);
	automaton_free(&text);
	return found;
}

static bool
share_start(const struct glob *g, const char *text, size_t len)
{
	return memcmp(g->text, text, g->len < len ? g->len : len) == 0;
}

/* Is the path at or below the folder of that length that starts it? */
static bool
is_below(const char *path, size_t len, size_t folder)
{
	return len == folder || (len > folder && path[folder] == '/');
}
