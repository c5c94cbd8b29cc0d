/* One drop on its way from the drop box to a task. */
#ifndef SPOOL_DROP_H
#define SPOOL_DROP_H

#include "spool/spool.h"

#define DROP_NAME (ID_SIZE + 16)

struct import {
	struct spool *s;
	int64_t last_place;
	int made;
	int trouble; /* errno of what stopped it */
	int later;   /* of what keeps a drop waiting, but not the others */
	bool bad;    /* something was put into bad/ */
};

/* A drop on its way: its first name, and the one it has in tmp/ by its id. */
struct drop {
	const char *first;
	char id[ID_SIZE], name[DROP_NAME], path[DROP_NAME + 4];
};

/* Fills id, name and path; suffix: "json". */
void drop_name(struct drop *d, const char *id, const char *suffix);

/* Reads it once, and makes a task of it, or puts it into bad/ or back. */
void drop_admit(struct import *im, const struct drop *d);
void drop_put_back(struct import *im, const struct drop *d);

#endif
