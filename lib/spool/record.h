/* The text of a record in reserve/: who holds which paths, one JSON line. */
#ifndef SPOOL_RECORD_H
#define SPOOL_RECORD_H

#include "spool/reserve.h"

/* The caller frees the text. */
int record_make(const struct reserve_set *set, const struct reserve_asker *who,
    char **text, size_t *len);

/*
 * Does what it holds stand in the way?  1 and the conflict (but for its
 * holder), 0 no, -1 with errno; EINVAL: it is no record.
 */
int record_conflicts(const char *text, size_t len,
    const struct reserve_set *set, const struct reserve_asker *who,
    struct reserve_conflict *conflict);

/* Calls each() with every path of a record; -1 as above. */
int record_paths(const char *text, size_t len,
    int (*each)(const char *path, bool shared, void *arg), void *arg);

/* A string or number of its top level, decoded; "" if it has none. */
void record_word(const char *text, size_t len, const char *key, char *word,
    size_t size);

/* Is it one of the words, which have blanks between them?  NULL: none. */
bool word_among(const char *words, const char *word);

#endif
