/*
 * Tasks that were passed over for want of paths, each since when: hints in
 * index/passed/.  One that was passed over for long bars what conflicts.
 */
#ifndef SPOOL_BARRIER_H
#define SPOOL_BARRIER_H

#include "spool/reserve.h"

struct barrier {
	char id[ID_SIZE];
	int64_t since;
	struct reserve_set set;
};

struct barriers {
	struct barrier *v; /* the longest passed over first */
	size_t n;
};

/* The task lacked nothing but its paths. */
void barrier_note(struct spool *s, const char *id);

/* It was claimed, or is ready no more. */
void barrier_drop(struct spool *s, const char *id);

/* Those passed over for pass_over (microseconds, 0: none ever is one). */
int barriers_read(struct spool *s, int64_t pass_over, struct barriers *all);
void barriers_free(struct barriers *all);

/* Does one stand before the task that wants this set? */
int barriers_bar(const struct barriers *all, const char *id,
    const struct reserve_set *set);

#endif
