#include "task/automaton.h"

#include <stdlib.h>

/*
 * One row of bits for each state of a: the states of b that some text reaches
 * together with it.  States are in order of the text but for loops, so that
 * most rows are looked at once.  Where one is in the names that a "**" takes
 * and the other takes all below its end, they meet: the one follows the other
 * to that end, the other the one from there on.
 */
struct meet {
	const struct automaton *a;
	const struct automaton *b;
	size_t words; /* in a row */
	uint64_t *row;
	uint64_t *seen;	  /* those of the row that were looked at */
	uint64_t *narrow; /* the states of b that are */
	bool *changed;
	size_t next; /* the first row that may have changed */
};

static size_t count_free(const struct automaton *);
static bool follow_rows(struct meet *);
static void leave_to_next(struct meet *, size_t);
static bool follow_row(struct meet *, size_t);
static void step(struct meet *, size_t, size_t);
static void put(struct meet *, size_t, size_t);
static void merge(struct meet *, size_t, size_t);
static void mark(struct meet *, size_t);

int
automaton_meet(const struct automaton *a, const struct automaton *b)
{
	bool swap = count_free(a) < count_free(b);
	struct meet m = { .a = swap ? b : a, .b = swap ? a : b };
	int found = -1;

	/* The rows of states that read nothing are the cheap ones. */
	m.words = m.b->count / 64 + 1;
	m.row = calloc(m.a->count * m.words, sizeof(*m.row));
	m.seen = calloc(m.a->count * m.words, sizeof(*m.seen));
	m.narrow = calloc(m.words, sizeof(*m.narrow));
	m.changed = calloc(m.a->count, sizeof(*m.changed));
	if (m.row != NULL && m.seen != NULL && m.narrow != NULL &&
	    m.changed != NULL)
		found = follow_rows(&m);
	free(m.row);
	free(m.seen);
	free(m.narrow);
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

	for (size_t j = 0; j < m->b->count; j++)
		if (m->b->state[j].narrow)
			m->narrow[j / 64] |= 1ULL << (j % 64);
	m->next = i;
	put(m, i, m->b->start);
	for (; i < m->a->count; i = m->next) {
		const struct state *p = &m->a->state[i];

		m->next = i + 1;
		if (!m->changed[i])
			continue;
		m->changed[i] = false;
		if (p->tree && m->b->below)
			return true;
		if (p->narrow)
			leave_to_next(m, i);
		if ((!p->free || p->loop) && follow_row(m, i))
			return true;
		if (p->free) {
			merge(m, p->next, i);
			merge(m, p->alt, i);
		}
	}
	return false;
}

static void
leave_to_next(struct meet *m, size_t i)
{
	uint64_t *row = m->row + i * m->words;

	for (size_t w = 0; w < m->words; w++)
		row[w] &= ~row[m->words + w];
}

/* True when both accept. */
static bool
follow_row(struct meet *m, size_t i)
{
	const uint64_t *row = m->row + i * m->words;
	bool accept = m->a->state[i].accept, below = m->a->below;

	for (size_t w = 0; w < m->words; w++) {
		uint64_t seen = m->seen[i * m->words + w], now, fresh;

		while (now = row[w], seen |= now >> 1 & m->narrow[w],
		    (fresh = now & ~seen) != 0) {
			size_t j = w * 64 + (size_t)__builtin_ctzll(fresh);

			seen |= fresh & -fresh;
			if ((accept && m->b->state[j].accept) ||
			    (below && m->b->state[j].tree))
				return true;
			step(m, i, j);
		}
		m->seen[i * m->words + w] = seen;
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
