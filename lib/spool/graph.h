/* What waits for what: the edges between tasks, from blockers to dependents. */
#ifndef SPOOL_GRAPH_H
#define SPOOL_GRAPH_H

#include "spool/entry.h"

struct graph_edge {
	char from[ID_SIZE], to[ID_SIZE];
	enum after_when when;
};

struct graph_node {
	char id[ID_SIZE];
	bool above, below; /* of one that was asked for, or it itself */
	bool shown;	   /* for whoever prints */
};

struct graph {
	struct graph_edge *edges; /* by blocker, each once */
	size_t n, room;
	size_t *by_to;		  /* the same by dependent */
	struct graph_node *nodes; /* by id */
	size_t node_count;
};

/* The edges of all tasks in these states (FIND_…).  0, -1 with errno. */
int graph_read(struct spool *s, unsigned int states, struct graph *g);

/* Those of one task and of all above it, ended or not. */
int graph_add_above(struct spool *s, const char *id, struct graph *g);

/* When all are there: sorts them and makes the nodes, these ids as well. */
int graph_finish(struct graph *g, char (*ids)[ID_SIZE], size_t n);
struct graph_node *graph_node(const struct graph *g, const char *id);

/* Marks all that the node waits for, and all that waits for it. */
int graph_mark(struct graph *g, struct graph_node *node);

/* The edges from a node, or to it, one by one; i from 0; NULL at the end. */
const struct graph_edge *graph_from(const struct graph *g, const char *id,
    size_t i);
const struct graph_edge *graph_to(const struct graph *g, const char *id,
    size_t i);
void graph_free(struct graph *g);

#endif
