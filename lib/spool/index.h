/* index/ is derived: it is rebuilt when it was not made in this boot. */
#ifndef SPOOL_INDEX_H
#define SPOOL_INDEX_H

#include <sys/stat.h>

#include "spool/spool.h"

/* 1 it can be trusted, 0 it must be rebuilt first, -1 trouble. */
int index_trusted(struct spool *s);
int index_rebuild(struct spool *s);

/*
 * The same, telling one index from another that was built in its place, and
 * whether it is still that one: what was not found in it was not there.
 */
int index_look(struct spool *s, struct stat *which);
bool index_is_still(struct spool *s, const struct stat *which);

#endif
