#include "task/automaton.h"

#include <stdlib.h>

/*
 * One row of bits for each state of a: the states of b that some text reaches
 * together with it.  States are in order of the text but for loops, so that
 * most rows are looked at once.
 */
struct meet {
	const struct automaton *a;
	const struct automaton *b;
	size_t words; /* in a row */
	uint64_t *row;
	uint64_t *seen; /* those of the row that were looked at */
	bool *changed;
	size_t next; /* the first row that may have changed */
};

static size_t count_free(const struct automaton *);
static bool follow_rows(struct meet *);
static bool follow_row(struct meet *, size_t);
static void step(struct meet *, size_t, size_t);
static void put(struct meet *, size_t, size_t);
static void merge(struct meet *, size_t, size_t);
static void mark(struct meet *, size_t);

int
automaton_meet(const struct automaton *a, const struct automaton *b)
{
	struct meet m = { .a = a, .b = b };
	int found = -1;

	/* The rows of states that read nothing are the cheap ones. */
	if (count_free(a) < count_free(b))
		m = (struct meet){ .a = b, .b = a };
	m.words = m.b->count / 64 + 1;
	m.row = calloc(m.a->count * m.words, sizeof(*m.row));
	m.seen = calloc(m.a->count * m.words, sizeof(*m.seen));
	m.changed = calloc(m.a->count, sizeof(*m.changed));
	if (m.row != NULL && m.seen != NULL && m.changed != NULL)
		found = follow_rows(&m);
	free(m.row);
	free(m.seen);
	free(m.changed);
	return found;
}

static size_t
count_free(const struct automaton *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->count; i++)
		n += a->state[i].free && !a->state[i].loop;
	return n;
}

static bool
follow_rows(struct meet *m)
{
	size_t i = m->a->start;

	m->next = i;
	put(m, i, m->b->start);
	for (; i < m->a->count; i = m->next) {
		const struct state *p = &m->a->state[i];

		m->next = i + 1;
		if (!m->changed[i])
			continue;
		m->changed[i] = false;
		if ((!p->free || p->loop) && follow_row(m, i))
			return true;
		if (p->free) {
			merge(m, p->next, i);
			merge(m, p->alt, i);
		}
	}
	return false;
}

/* True when both accept. */
static bool
follow_row(struct meet *m, size_t i)
{
	const uint64_t *row = m->row + i * m->words;
	uint64_t *seen = m->seen + i * m->words;

	for (size_t w = 0; w < m->words; w++) {
		uint64_t fresh;

		while ((fresh = row[w] & ~seen[w]) != 0) {
			size_t j = w * 64 + (size_t)__builtin_ctzll(fresh);

			seen[w] |= fresh & -fresh;
			if (m->a->state[i].accept && m->b->state[j].accept)
				return true;
			step(m, i, j);
		}
	}
	return false;
}

static void
step(struct meet *m, size_t i, size_t j)
{
	const struct state *p = &m->a->state[i], *q = &m->b->state[j];

	if (q->free) {
		put(m, i, q->next);
		put(m, i, q->alt);
	}
	if (p->loop && q->inside)
		put(m, i, q->next);
	if (q->loop && p->inside)
		put(m, p->next, j);
	if (charset_meets(&m->a->span[p->set], p->spans, &m->b->span[q->set],
		q->spans))
		put(m, p->next, q->next);
}

static void
put(struct meet *m, size_t i, size_t j)
{
	uint64_t *word = m->row + i * m->words + j / 64;
	uint64_t bit = 1ULL << (j % 64);

	if (i == 0 || j == 0 || (*word & bit) != 0)
		return;
	*word |= bit;
	mark(m, i);
}

static void
merge(struct meet *m, size_t to, size_t from)
{
	const uint64_t *old = m->row + from * m->words;
	uint64_t *row = m->row + to * m->words, fresh = 0;

	if (to == 0)
		return;
	for (size_t w = 0; w < m->words; w++) {
		fresh |= old[w] & ~row[w];
		row[w] |= old[w];
	}
	if (fresh != 0)
		mark(m, to);
}

static void
mark(struct meet *m, size_t i)
{
	m->changed[i] = true;
	if (i < m->next)
		m->next = i;
}
