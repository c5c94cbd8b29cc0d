#include "task/piece.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SPAN_FREE (SPAN_ANY + SPAN_ANY_LENGTH)

/* An open brace: where its last alternative starts, where the others end. */
struct brace {
	uint16_t split;
	uint16_t jump;
};

struct parser {
	struct pieces *out;
	struct brace *open;
	size_t depth;
	const char *at;
	const char *what;
	bool resource;
};

static bool parse_pattern(struct parser *);
static bool parse_piece(struct parser *);
static uint16_t add(struct parser *, enum piece_kind);
static bool add_char(struct parser *, uint32_t);
static bool add_stars(struct parser *);
static void brace_open(struct parser *);
static void brace_next(struct parser *);
static void brace_close(struct parser *);
static bool add_class(struct parser *);
static bool class_members(struct parser *);
static bool class_char(struct parser *, uint32_t *);
static bool complain(struct parser *, const char *);

int
piece_parse(struct pieces *out, const char *pattern, bool resource,
    const char **what)
{
	size_t len = strlen(pattern);
	struct parser ps = { .out = out, .at = pattern, .resource = resource };
	bool good = false;

	/* A comma makes two pieces; a class [!a] at most six spans. */
	*out = (struct pieces){ .spans = SPAN_FREE, .plain = len };
	out->piece = calloc(2 * len + 1, sizeof(*out->piece));
	out->span = calloc(2 * len + SPAN_FREE + CHARSET_ROOM,
	    sizeof(*out->span));
	ps.open = calloc(len + 1, sizeof(*ps.open));
	if (out->piece != NULL && out->span != NULL && ps.open != NULL) {
		piece_sets(out->span);
		good = parse_pattern(&ps);
	}
	free(ps.open);
	if (good)
		return 0;
	piece_free(out);
	*what = ps.what;
	return -1;
}

void
piece_free(struct pieces *p)
{
	free(p->piece);
	free(p->span);
	*p = (struct pieces){ 0 };
}

void
piece_sets(struct span *span)
{
	span[SPAN_SLASH] = (struct span){ '/', '/' };
	(void)charset_tidy(span + SPAN_ANY, 0, true);
}

static bool
parse_pattern(struct parser *ps)
{
	const char *start = ps->at;

	while (*ps->at != '\0') {
		const char *here = ps->at;

		if (ps->out->plain > (size_t)(here - start) &&
		    strchr("*?[{", *here) != NULL)
			ps->out->plain = here - start;
		if (!parse_piece(ps))
			return false;
	}
	if (ps->depth > 0)
		return complain(ps, "unclosed {");
	add(ps, PIECE_END);
	return true;
}

static bool
parse_piece(struct parser *ps)
{
	char c = *ps->at;

	if (c == '*')
		return add_stars(ps);
	if (c == '[')
		return add_class(ps);
	if (c == '{') {
		brace_open(ps);
	} else if (c == ',' && ps->depth > 0) {
		brace_next(ps);
	} else if (c == '}' && ps->depth > 0) {
		brace_close(ps);
	} else if (c == '?') {
		struct piece *p = &ps->out->piece[add(ps, PIECE_CHAR)];

		p->set = SPAN_ANY;
		p->spans = SPAN_ANY_LENGTH;
	} else {
		if (c == '\\' && *++ps->at == '\0')
			return complain(ps, "nothing after the last \\");
		return add_char(ps, charset_read(&ps->at));
	}
	ps->at++;
	return true;
}

static uint16_t
add(struct parser *ps, enum piece_kind kind)
{
	size_t i = ps->out->count++;

	ps->out->piece[i].kind = kind;
	ps->out->piece[i].next = (uint16_t)(i + 1);
	return (uint16_t)i;
}

static bool
add_char(struct parser *ps, uint32_t c)
{
	struct pieces *out = ps->out;
	bool slash = c == '/';
	uint16_t i;

	i = add(ps, slash && !ps->resource ? PIECE_SLASH : PIECE_CHAR);
	out->piece[i].set = slash ? SPAN_SLASH : (uint16_t)out->spans;
	out->piece[i].spans = 1;
	if (!slash)
		out->span[out->spans++] = (struct span){ c, c };
	return true;
}

/* Only two stars are "**"; any other run is as one star. */
static bool
add_stars(struct parser *ps)
{
	size_t n = strspn(ps->at, "*");

	add(ps, n == 2 ? PIECE_STARS : PIECE_STAR);
	ps->at += n;
	return true;
}

static void
brace_open(struct parser *ps)
{
	ps->open[ps->depth].jump = 0;
	ps->open[ps->depth++].split = add(ps, PIECE_SPLIT);
}

/* The jumps of a brace are a list through next until it closes. */
static void
brace_next(struct parser *ps)
{
	struct brace *b = &ps->open[ps->depth - 1];
	uint16_t jump = add(ps, PIECE_JUMP), split = add(ps, PIECE_SPLIT);

	ps->out->piece[jump].next = b->jump;
	ps->out->piece[b->split].alt = split;
	*b = (struct brace){ .split = split, .jump = jump };
}

static void
brace_close(struct parser *ps)
{
	struct brace *b = &ps->open[--ps->depth];
	struct piece *piece = ps->out->piece;
	uint16_t jump = b->jump;

	piece[b->split].kind = PIECE_JUMP;
	while (jump != 0) {
		uint16_t next = piece[jump].next;

		piece[jump].next = (uint16_t)ps->out->count;
		jump = next;
	}
}

static bool
add_class(struct parser *ps)
{
	struct pieces *out = ps->out;
	size_t start = out->spans;
	struct piece *p = &out->piece[add(ps, PIECE_CHAR)];
	bool invert = ps->at[1] == '!' || ps->at[1] == '^';

	ps->at += invert ? 2 : 1;
	if (!class_members(ps))
		return false;
	out->spans = start + charset_tidy(out->span + start, out->spans - start,
				 invert);
	p->set = (uint16_t)start;
	p->spans = (uint16_t)(out->spans - start);
	return true;
}

/* A ] that comes first is a member; a - at either end is one too. */
static bool
class_members(struct parser *ps)
{
	bool first = true;

	for (; first || *ps->at != ']'; first = false) {
		struct span s;

		if (!class_char(ps, &s.first))
			return false;
		s.last = s.first;
		if (ps->at[0] == '-' && ps->at[1] != ']') {
			ps->at++;
			if (!class_char(ps, &s.last))
				return false;
		}
		if (s.last < s.first)
			return complain(ps,
			    "range in [] ends before it starts");
		ps->out->span[ps->out->spans++] = s;
	}
	ps->at++;
	return true;
}

static bool
class_char(struct parser *ps, uint32_t *c)
{
	if (*ps->at == '\\')
		ps->at++;
	if (*ps->at == '\0')
		return complain(ps, "unclosed [");
	*c = charset_read(&ps->at);
	return true;
}

static bool
complain(struct parser *ps, const char *what)
{
	ps->what = what;
	errno = EINVAL;
	return false;
}
