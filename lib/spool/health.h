/* Is the disk to be trusted, and is there room for what must be recorded? */
#ifndef SPOOL_HEALTH_H
#define SPOOL_HEALTH_H

#include <stdbool.h>

#include "spool/spool.h"

/* A flush failed: said by ctl/degraded until a probe on a new file works. */
void health_degrade(struct spool *s, const char *why);

/* A new file in tmp/, flushed, renamed and removed: 0, -1 with errno. */
int health_probe(struct spool *s);

/* 1 sound (perhaps again), 0 degraded, -1 trouble. */
int health_check(struct spool *s);

/* 1 there is room for new tasks, 0 less than [disk] free is left, -1. */
int health_room(struct spool *s);

/* Some MiB kept back so that an end can be recorded on a full disk. */
int ballast_keep(struct spool *s); /* 1 it is there, 0 no room, -1 */
int ballast_free(struct spool *s); /* 1 there was some */

#endif
