/* The drop box: what is renamed into new/ is a submission. */
#ifndef SPOOL_IMPORT_H
#define SPOOL_IMPORT_H

#include "spool/spool.h"

/* Takes in all that lies there; the number of tasks made, -1 trouble. */
int import_drops(struct spool *s);

#endif
