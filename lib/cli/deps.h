/* What waits for what, as a tree, as JSON, or for dot(1). */
#ifndef CLI_DEPS_H
#define CLI_DEPS_H

#include "cli/print.h"
#include "spool/graph.h"

struct deps {
	struct spool *s;
	struct graph graph; /* nodes that are neither above nor below: not */
	struct print print;
};

void deps_tree(struct deps *d);
void deps_dot(struct deps *d);
void deps_json(struct deps *d);

#endif
