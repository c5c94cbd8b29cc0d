/*
 * Characters and sets of them.  A character is a code point, or a byte that is
 * no UTF-8, which counts above all code points.
 */
#ifndef TASK_CHARSET_H
#define TASK_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set is an array of spans in order; no set holds '/'. */
struct span {
	uint32_t first;
	uint32_t last;
};

/* How many more spans charset_tidy() may need than it was given. */
#define CHARSET_ROOM 5

/* Reads one character and steps over it. */
uint32_t charset_read(const char **s);

/* Orders n spans into a set, or into its opposite; returns its length. */
size_t charset_tidy(struct span *set, size_t n, bool invert);

static inline bool
charset_meets(const struct span *a, size_t na, const struct span *b, size_t nb)
{
	while (na > 0 && nb > 0) {
		if (a->last < b->first) {
			a++;
			na--;
		} else if (b->last < a->first) {
			b++;
			nb--;
		} else {
			return true;
		}
	}
	return false;
}

#endif
