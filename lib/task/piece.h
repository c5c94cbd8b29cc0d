/* A pattern's text taken apart into pieces that point at what follows. */
#ifndef TASK_PIECE_H
#define TASK_PIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "task/charset.h"

enum piece_kind {
	PIECE_CHAR, /* one character of a set */
	PIECE_SLASH,
	PIECE_STAR,
	PIECE_STARS, /* two, written together */
	PIECE_SPLIT, /* next or alt */
	PIECE_JUMP,  /* nothing, then next */
	PIECE_END,
};

/* Every list of spans starts with these two sets. */
#define SPAN_SLASH	0
#define SPAN_ANY	1
#define SPAN_ANY_LENGTH 4

struct piece {
	enum piece_kind kind;
	uint16_t next;
	uint16_t alt;
	uint16_t set; /* index of the first span */
	uint16_t spans;
};

struct pieces {
	struct piece *piece;
	struct span *span;
	size_t count;
	size_t spans;
	size_t plain; /* bytes before the first wildcard */
};

/*
 * 0, or -1 with ENOMEM, or EINVAL and a complaint in *what.  In a resource the
 * slash is a character as any other.
 */
int piece_parse(struct pieces *, const char *pattern, bool resource,
    const char **what);
void piece_free(struct pieces *);

/* The two sets, for who starts a list of spans. */
void piece_sets(struct span *span);

#endif
