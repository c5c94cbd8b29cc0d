#include "task/automaton.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Pairs of states still to look at; each pair is met once. */
struct search {
	const struct automaton *a;
	const struct automaton *b;
	uint64_t *met;
	uint32_t *todo;
	size_t count;
	size_t room;
};

static int search(struct search *);
static bool make_room(struct search *);
static void visit(struct search *, size_t, size_t);
static void step(struct search *, size_t, size_t);

int
automaton_text(struct automaton *out, const char *text)
{
	size_t room = strlen(text) + 1;

	*out = (struct automaton){ .start = 1 };
	out->state = calloc(room + 1, sizeof(*out->state));
	out->span = calloc(room + 1, sizeof(*out->span));
	if (out->state == NULL || out->span == NULL) {
		automaton_free(out);
		errno = ENOMEM;
		return -1;
	}
	for (out->count = 1; *text != '\0'; out->count++) {
		size_t i = out->count;
		uint32_t c = charset_read(&text);

		out->span[i] = (struct span){ c, c };
		out->state[i] = (struct state){
			.next = (uint16_t)(i + 1),
			.set = (uint16_t)i,
			.spans = 1,
			.inside = c != '/',
		};
	}
	out->state[out->count++].accept = true;
	return 0;
}

void
automaton_free(struct automaton *a)
{
	free(a->state);
	free(a->span);
	*a = (struct automaton){ 0 };
}

int
automaton_meet(const struct automaton *a, const struct automaton *b)
{
	struct search s = { .a = a, .b = b };
	int found = -1;

	s.met = calloc(a->count * b->count / 64 + 1, sizeof(*s.met));
	if (s.met != NULL && make_room(&s)) {
		visit(&s, a->start, b->start);
		found = search(&s);
	}
	free(s.met);
	free(s.todo);
	return found;
}

static int
search(struct search *s)
{
	while (s->count > 0) {
		uint32_t pair = s->todo[--s->count];
		size_t i = pair >> 16, j = pair & 0xffff;

		if (s->a->state[i].accept && s->b->state[j].accept)
			return 1;
		if (!make_room(s))
			return -1;
		step(s, i, j);
	}
	return 0;
}

/* One step adds at most four pairs. */
static bool
make_room(struct search *s)
{
	size_t room = s->room * 2 + 256;
	uint32_t *grown;

	if (s->count + 4 <= s->room)
		return true;
	grown = reallocarray(s->todo, room, sizeof(*grown));
	if (grown == NULL)
		return false;
	s->todo = grown;
	s->room = room;
	return true;
}

static void
visit(struct search *s, size_t i, size_t j)
{
	size_t bit = i * s->b->count + j;
	uint64_t mask = 1ULL << (bit % 64);

	if (i == 0 || j == 0 || (s->met[bit / 64] & mask) != 0)
		return;
	s->met[bit / 64] |= mask;
	s->todo[s->count++] = (uint32_t)(i << 16 | j);
}

static void
step(struct search *s, size_t i, size_t j)
{
	const struct state *p = &s->a->state[i], *q = &s->b->state[j];

	if (p->free) {
		visit(s, p->next, j);
		visit(s, p->alt, j);
		if (!p->loop)
			return;
	}
	if (q->free) {
		visit(s, i, q->next);
		visit(s, i, q->alt);
		if (!q->loop)
			return;
	}
	if (p->loop && q->inside)
		visit(s, i, q->next);
	if (q->loop && p->inside)
		visit(s, p->next, j);
	if (charset_meets(&s->a->span[p->set], p->spans, &s->b->span[q->set],
		q->spans))
		visit(s, p->next, q->next);
}
