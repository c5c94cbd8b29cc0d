/* The drop box: what is renamed into new/ is a submission. */
#ifndef SPOOL_IMPORT_H
#define SPOOL_IMPORT_H

#include "spool/spool.h"

/*
 * Takes in all that lies there; the number of tasks made, -1 trouble.  What
 * cannot be understood goes to bad/; what there is no room for stays.
 */
int import_drops(struct spool *s);

/* Finishes what an importer that died had begun: once a round of upkeep. */
int import_rest(struct spool *s);

#endif
