/* A pattern as an automaton over characters, and what two of them share. */
#ifndef TASK_AUTOMATON_H
#define TASK_AUTOMATON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "task/piece.h"

/*
 * A state either goes on without reading, to next or alt, or reads one of its
 * set and goes to next.  State 0 is dead.
 */
struct state {
	uint16_t next;
	uint16_t alt;
	uint16_t set;
	uint16_t spans;
	bool free;   /* goes on without reading */
	bool loop;   /* may read any but a slash and stay */
	bool inside; /* its set is not the slash */
	bool accept;
	bool tree;	 /* in the names that a "**" takes */
	bool narrow;	 /* the state after it reads all that this one does */
	uint32_t origin; /* the piece and place it was made for */
};

struct automaton {
	struct state *state;
	struct span *span;
	size_t count;
	uint16_t start;
	bool below; /* accepts all below what it accepts */
};

/*
 * What the pieces match and, unless they are a resource, all below it.  Takes
 * their spans.  0, or -1 with ENOMEM, or EINVAL and a complaint in *what.
 */
int automaton_make(struct automaton *, struct pieces *, bool resource,
    const char **what);

/*
 * Sorts the states by origin, so that they are in order of the text but for
 * loops, and cuts off those that never accept.  0, or -1 with ENOMEM.
 */
int automaton_order(struct automaton *);

/* The text alone; the root is the empty text. */
int automaton_text(struct automaton *, const char *text);

void automaton_free(struct automaton *);

/* 1 when some text is accepted by both, 0 when none is, -1 with ENOMEM. */
int automaton_meet(const struct automaton *a, const struct automaton *b);

#endif
