/* index/ is derived: it is rebuilt when it was not made in this boot. */
#ifndef SPOOL_INDEX_H
#define SPOOL_INDEX_H

#include "spool/spool.h"

/* 1 it can be trusted, 0 it must be rebuilt first, -1 trouble. */
int index_trusted(struct spool *s);
int index_rebuild(struct spool *s);

#endif
