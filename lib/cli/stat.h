/* Counts of tasks as they are told to people and to the next program. */
#ifndef CLI_STAT_H
#define CLI_STAT_H

#include "spool/census.h"

#define STAT_QUEUE 16 /* columns of a queue's name on a terminal */

/* Names of queues are cut to so many columns, -1: not. */
void stat_tables(const struct census *c, int columns);

/* By queue and age, in powers of two minutes. */
void stat_ages(const struct census *c, int columns);

/* One object on one line. */
void stat_json(const struct census *c);

#endif
