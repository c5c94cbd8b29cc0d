/* One task for people: its fields, then its history, a line an entry. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "spool/entry.h"

void show_task(struct spool *s, const struct entry *e);

#endif
