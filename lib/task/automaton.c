#include "task/automaton.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void cut_dead(struct automaton *, uint16_t *);
static int by_origin(const void *, const void *);

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

/* Sorts numbers that were packed behind their origins. */
int
automaton_order(struct automaton *a)
{
	struct state *state = calloc(a->count, sizeof(*state));
	uint64_t *order = calloc(a->count, sizeof(*order));
	uint16_t *place = calloc(a->count, sizeof(*place));
	int done = -1;

	if (state != NULL && order != NULL && place != NULL) {
		for (size_t i = 0; i < a->count; i++)
			order[i] = (uint64_t)a->state[i].origin << 16 | i;
		qsort(order, a->count, sizeof(*order), by_origin);
		for (size_t i = 0; i < a->count; i++)
			place[order[i] & 0xffff] = (uint16_t)i;
		for (size_t i = 0; i < a->count; i++) {
			struct state *s = &state[place[i]];

			*s = a->state[i];
			s->next = place[s->next];
			s->alt = place[s->alt];
			s->inside = s->spans > 0 && s->set != SPAN_SLASH;
		}
		a->start = place[a->start];
		free(a->state);
		a->state = state;
		cut_dead(a, place);
		state = NULL;
		done = 0;
	}
	free(state);
	free(order);
	free(place);
	return done;
}

/* Makes self[i] i where an end can be reached, and 0 elsewhere. */
static void
cut_dead(struct automaton *a, uint16_t *self)
{
	bool more = true;

	memset(self, 0, a->count * sizeof(*self));
	while (more) {
		more = false;
		for (size_t i = a->count - 1; i > 0; i--) {
			const struct state *s = &a->state[i];
			bool on = s->free || s->spans > 0;

			if (self[i] != 0 ||
			    !(s->accept || (on && self[s->next] != 0) ||
				self[s->alt] != 0))
				continue;
			self[i] = (uint16_t)i;
			more = true;
		}
	}
	for (size_t i = 0; i < a->count; i++) {
		a->state[i].next = self[a->state[i].next];
		a->state[i].alt = self[a->state[i].alt];
	}
	a->start = self[a->start];
}

static int
by_origin(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}
