#include "task/automaton.h"

#include <errno.h>
#include <stdlib.h>

#define STATES_MAX 8192

/* States that every automaton has. */
enum {
	DEAD,
	END,
	BELOW,
	FIXED_COUNT
};

/*
 * Where in a component a piece is met.  A slash is read only when a name
 * follows it, so that "/a/{,b}" is "/a" or "/a/b" and the root is "".  A star
 * alone may read nothing here, though no name is empty: where two automata
 * both do so, both can as well read one more character.
 */
enum place {
	NOWHERE,     /* no text gets here */
	AFTER_SLASH, /* its slash is not yet read */
	TREE_SLASH,  /* the same, and another "**" adds nothing */
	AFTER_TREE,  /* after "**": only a slash or the end may follow */
	AT_START,    /* slash read */
	AFTER_DOT,   /* "." written so far */
	AFTER_DOTS,  /* ".." written so far */
	DOT_WRITTEN, /* that was all of it */
	IN_NAME,
	IN_STAR, /* in a name, and more of it may follow */
	PLACE_COUNT
};

static const enum place after_star[PLACE_COUNT] = {
	[AFTER_DOT] = IN_STAR,
	[AFTER_DOTS] = IN_STAR,
	[IN_NAME] = IN_STAR,
	[IN_STAR] = IN_STAR,
};

static const enum place after_slash[PLACE_COUNT] = {
	[AFTER_SLASH] = AFTER_SLASH,
	[TREE_SLASH] = TREE_SLASH,
	[AFTER_TREE] = TREE_SLASH,
	[AFTER_DOT] = DOT_WRITTEN,
	[AFTER_DOTS] = DOT_WRITTEN,
	[IN_NAME] = AFTER_SLASH,
};

struct maker {
	struct automaton *out;
	const struct piece *piece;
	uint16_t *made; /* the state of a piece in a place, once made */
	size_t room;
	uint32_t origin; /* of the state that is being built */
	const char *what;
	int error;
};

static void add_fixed(struct maker *, bool);
static uint16_t add(struct maker *, struct state);
static struct state reads(uint16_t, uint16_t);
static uint16_t settle(struct maker *, uint16_t, enum place);
static uint16_t settle_end(struct maker *, enum place);
static uint16_t made_for(struct maker *, uint16_t, enum place);
static struct state build(struct maker *, uint32_t);
static struct state build_char(struct maker *, uint16_t, enum place);
static struct state build_stars(struct maker *, uint16_t, enum place);
static struct state build_tree(struct maker *, uint16_t);
static bool is_whole(const struct maker *, uint16_t);
static void mark_narrow(struct maker *);
static bool is_dot(const struct maker *, const struct piece *);
static uint16_t fail(struct maker *, int, const char *);

int
automaton_make(struct automaton *out, struct pieces *p, bool resource,
    const char **what)
{
	struct maker m = { .out = out, .piece = p->piece };

	*out = (struct automaton){ .span = p->span, .below = !resource };
	p->span = NULL;
	m.made = calloc(p->count * PLACE_COUNT, sizeof(*m.made));
	if (m.made == NULL) {
		fail(&m, ENOMEM, NULL);
	} else {
		add_fixed(&m, resource);
		out->start = settle(&m, 0, resource ? IN_NAME : AFTER_SLASH);
	}
	for (size_t i = FIXED_COUNT; m.error == 0 && i < out->count; i++) {
		struct state s;

		m.origin = out->state[i].origin;
		if (m.made[m.origin] != i)
			continue;
		s = build(&m, m.origin);
		s.origin = m.origin;
		out->state[i] = s;
	}
	mark_narrow(&m);
	free(m.made);
	if (m.error == 0 && automaton_order(out) == -1)
		fail(&m, ENOMEM, NULL);
	if (m.error == 0)
		return 0;
	automaton_free(out);
	*what = m.what;
	errno = m.error;
	return -1;
}

/* What is below an end is any number of "/name". */
static void
add_fixed(struct maker *m, bool resource)
{
	struct state end = reads(SPAN_SLASH, BELOW);

	if (resource)
		end = (struct state){ 0 };
	end.accept = true;
	add(m, (struct state){ 0 });
	m->origin = UINT32_MAX;
	add(m, end);
	end.loop = true;
	add(m, end);
}

static uint16_t
add(struct maker *m, struct state s)
{
	struct automaton *out = m->out;

	if (out->count == STATES_MAX)
		return fail(m, EINVAL, "too complex");
	if (out->count == m->room) {
		size_t room = m->room * 2 + 16;
		struct state *grown;

		grown = reallocarray(out->state, room, sizeof(*grown));
		if (grown == NULL)
			return fail(m, ENOMEM, NULL);
		out->state = grown;
		m->room = room;
	}
	if (s.origin == 0)
		s.origin = m->origin;
	out->state[out->count] = s;
	return (uint16_t)out->count++;
}

static struct state
reads(uint16_t set, uint16_t next)
{
	return (struct state){ .set = set, .spans = 1, .next = next };
}

/* Passes what needs no state of its own. */
static uint16_t
settle(struct maker *m, uint16_t at, enum place where)
{
	for (; where != NOWHERE; at = m->piece[at].next) {
		switch (m->piece[at].kind) {
		case PIECE_JUMP:
			break;
		case PIECE_STAR:
		case PIECE_STARS:
			if (where == TREE_SLASH && is_whole(m, at))
				where = AFTER_TREE;
			else if (where == AFTER_SLASH || where == TREE_SLASH)
				return made_for(m, at, where);
			else
				where = after_star[where];
			break;
		case PIECE_SLASH:
			if (where == IN_STAR)
				return made_for(m, at, where);
			where = after_slash[where];
			break;
		case PIECE_END:
			return settle_end(m, where);
		case PIECE_CHAR:
		case PIECE_SPLIT:
			return made_for(m, at, where);
		}
		if (where == DOT_WRITTEN)
			return fail(m, EINVAL, "component . or ..");
	}
	return DEAD;
}

static uint16_t
settle_end(struct maker *m, enum place where)
{
	if (where == AFTER_DOT || where == AFTER_DOTS)
		return fail(m, EINVAL, "component . or ..");
	return where == IN_STAR ? BELOW : END;
}

static uint16_t
made_for(struct maker *m, uint16_t at, enum place where)
{
	uint32_t origin = (uint32_t)at * PLACE_COUNT + where;

	if (m->made[origin] == DEAD)
		m->made[origin] = add(m, (struct state){ .origin = origin });
	return m->made[origin];
}

static struct state
build(struct maker *m, uint32_t origin)
{
	uint16_t at = (uint16_t)(origin / PLACE_COUNT);
	enum place where = origin % PLACE_COUNT;
	const struct piece *p = &m->piece[at];
	struct state s = { .free = true };

	if (p->kind == PIECE_CHAR)
		return build_char(m, at, where);
	if (p->kind == PIECE_STAR)
		return reads(SPAN_SLASH, settle(m, p->next, IN_STAR));
	if (p->kind == PIECE_STARS)
		return build_stars(m, at, where);
	if (p->kind == PIECE_SLASH) {
		s.loop = true;
		s.next = settle(m, p->next, AFTER_SLASH);
		return s;
	}
	s.next = settle(m, p->next, where);
	s.alt = settle(m, p->alt, where);
	return s;
}

static struct state
build_char(struct maker *m, uint16_t at, enum place where)
{
	const struct piece *p = &m->piece[at];
	bool dot = is_dot(m, p);
	struct state s = { .set = p->set, .spans = p->spans };
	enum place then = IN_NAME;

	if (where == AFTER_TREE)
		return (struct state){ 0 };
	if (where == AFTER_SLASH || where == TREE_SLASH)
		return reads(SPAN_SLASH,
		    settle(m, at, dot ? AT_START : IN_NAME));
	if (dot && where == AT_START)
		then = AFTER_DOT;
	if (dot && where == AFTER_DOT)
		then = AFTER_DOTS;
	s.loop = where == IN_STAR;
	s.next = settle(m, p->next, then);
	return s;
}

/* Stars before a brace may be no whole component: then they are one star. */
static struct state
build_stars(struct maker *m, uint16_t at, enum place where)
{
	uint16_t next = m->piece[at].next;
	struct state s = { .free = true };

	if (is_whole(m, at))
		return build_tree(m, next);
	s.next = where == TREE_SLASH ? settle(m, next, AFTER_TREE)
				     : add(m, build_tree(m, next));
	s.alt = add(m, reads(SPAN_SLASH, settle(m, next, IN_STAR)));
	return s;
}

/* Any number of "/name". */
static struct state
build_tree(struct maker *m, uint16_t next)
{
	uint16_t slash = add(m, reads(SPAN_SLASH, DEAD)), taken;
	struct state s = { .free = true, .next = slash };
	struct state name;

	s.alt = settle(m, next, AFTER_TREE);
	name = s;
	name.loop = true;
	name.tree = true;
	taken = add(m, name);
	m->out->state[slash].next = taken;
	return s;
}

/* Is what stands there "**" and then a slash or the end? */
static bool
is_whole(const struct maker *m, uint16_t at)
{
	enum piece_kind next = m->piece[m->piece[at].next].kind;

	return m->piece[at].kind == PIECE_STARS &&
	       (next == PIECE_SLASH || next == PIECE_END);
}

/*
 * The order of places puts the wider right after the same but narrower.  What
 * "**" adds AFTER_SLASH, the one before adds wherever TREE_SLASH is reached.
 */
static void
mark_narrow(struct maker *m)
{
	for (size_t i = FIXED_COUNT; m->error == 0 && i < m->out->count; i++) {
		struct state *s = &m->out->state[i];
		enum place where = s->origin % PLACE_COUNT;
		enum piece_kind kind = m->piece[s->origin / PLACE_COUNT].kind;

		if (where == AFTER_SLASH || where == IN_NAME)
			s->narrow = m->made[s->origin + 1] != DEAD &&
				    (kind == PIECE_CHAR || kind == PIECE_SPLIT);
	}
}

static bool
is_dot(const struct maker *m, const struct piece *p)
{
	const struct span *s = &m->out->span[p->set];

	return p->spans == 1 && s->first == '.' && s->last == '.';
}

static uint16_t
fail(struct maker *m, int error, const char *what)
{
	if (m->error == 0) {
		m->error = error;
		m->what = what;
	}
	return DEAD;
}
