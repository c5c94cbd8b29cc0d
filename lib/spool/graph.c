#include "spool/graph.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "spool/find.h"

static int
add_edge(struct graph *g, const char *from, const char *to,
    enum after_when when)
{
	struct graph_edge *more, *edge;

	if (g->n == g->room) {
		more = reallocarray(g->edges, g->room * 2 + 64, sizeof(*more));
		if (more == NULL)
			return -1;
		g->edges = more;
		g->room = g->room * 2 + 64;
	}
	edge = &g->edges[g->n++];
	(void)strlcpy(edge->from, from, ID_SIZE);
	(void)strlcpy(edge->to, to, ID_SIZE);
	edge->when = when;
	return 0;
}

static int
add_task(struct graph *g, const struct task *task)
{
	size_t i;

	for (i = 0; i < task->after_count; i++)
		if (task->after[i].id != NULL &&
		    add_edge(g, task->after[i].id, task->id,
			task->after[i].when) == -1)
			return -1;
	return 0;
}

/* What cannot be read waits for nothing that we know of. */
static int
add_place(struct spool *s, const struct place *place, void *arg)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;

	switch (entry_read(s, place, &e, &c)) {
	case 1:
		return add_task(arg, e.task);
	case 0:
		return 0;
	default:
		return errno == EINVAL ? 0 : -1;
	}
}

int
graph_read(struct spool *s, unsigned int states, struct graph *g)
{
	*g = (struct graph){ 0 };
	return find_each(s, states, add_place, g);
}

static bool
has_edge_to(const struct graph *g, size_t first, const char *to)
{
	for (; first < g->n; first++)
		if (strcmp(g->edges[first].to, to) == 0)
			return true;
	return false;
}

/* The edges that are new are also the list of those still to be read. */
int
graph_add_above(struct spool *s, const char *id, struct graph *g)
{
	size_t first = g->n, next = g->n;
	char at[ID_SIZE];

	(void)strlcpy(at, id, sizeof(at));
	for (;;) {
		AUTO_ENTRY e = ENTRY_NONE;
		struct complaint c;
		int found = 0;

		if (!has_edge_to(g, first, at))
			found = entry_find_read(s, at, &e, &c);
		if (found == -1 && errno != EINVAL)
			return -1;
		if (found == 1 && add_task(g, e.task) == -1)
			return -1;
		if (next == g->n)
			return 0;
		(void)strlcpy(at, g->edges[next++].from, sizeof(at));
	}
}

static int
by_from(const void *a, const void *b)
{
	const struct graph_edge *x = a, *y = b;
	int answer = strcmp(x->from, y->from);

	if (answer == 0)
		answer = strcmp(x->to, y->to);
	return answer != 0 ? answer : (int)x->when - (int)y->when;
}

static int
by_to(const void *a, const void *b, void *arg)
{
	const struct graph_edge *edges = arg;
	const size_t *x = a, *y = b;
	int answer = strcmp(edges[*x].to, edges[*y].to);

	return answer != 0 ? answer : strcmp(edges[*x].from, edges[*y].from);
}

static int
by_id(const void *a, const void *b)
{
	const struct graph_node *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static void
drop_doubles(struct graph *g)
{
	size_t i, n = 0;

	for (i = 1; i < g->n; i++)
		if (by_from(&g->edges[n], &g->edges[i]) != 0)
			g->edges[++n] = g->edges[i];
	if (g->n > 0)
		g->n = n + 1;
}

static void
add_node(struct graph *g, const char *id)
{
	struct graph_node *node = &g->nodes[g->node_count++];

	*node = (struct graph_node){ .shown = false };
	(void)strlcpy(node->id, id, ID_SIZE);
}

static int
make_nodes(struct graph *g, char (*ids)[ID_SIZE], size_t count)
{
	size_t i, n = 0;

	g->nodes = calloc(2 * g->n + count + 1, sizeof(*g->nodes));
	if (g->nodes == NULL)
		return -1;
	for (i = 0; i < g->n; i++) {
		add_node(g, g->edges[i].from);
		add_node(g, g->edges[i].to);
	}
	for (i = 0; i < count; i++)
		add_node(g, ids[i]);
	qsort(g->nodes, g->node_count, sizeof(*g->nodes), by_id);
	for (i = 1; i < g->node_count; i++)
		if (by_id(&g->nodes[n], &g->nodes[i]) != 0)
			g->nodes[++n] = g->nodes[i];
	if (g->node_count > 0)
		g->node_count = n + 1;
	return 0;
}

int
graph_finish(struct graph *g, char (*ids)[ID_SIZE], size_t n)
{
	size_t i;

	if (g->n > 0)
		qsort(g->edges, g->n, sizeof(*g->edges), by_from);
	drop_doubles(g);
	if ((g->by_to = calloc(g->n + 1, sizeof(*g->by_to))) == NULL)
		return -1;
	for (i = 0; i < g->n; i++)
		g->by_to[i] = i;
	qsort_r(g->by_to, g->n, sizeof(*g->by_to), by_to, g->edges);
	return make_nodes(g, ids, n);
}

struct graph_node *
graph_node(const struct graph *g, const char *id)
{
	struct graph_node key = { .id = "" };

	(void)strlcpy(key.id, id, ID_SIZE);
	return bsearch(&key, g->nodes, g->node_count, sizeof(key), by_id);
}

/* The first edge whose end is not before the id, as a binary search. */
static size_t
first_edge(const struct graph *g, const char *id, bool from)
{
	size_t low = 0, high = g->n, middle;
	const char *end;

	while (low < high) {
		middle = low + (high - low) / 2;
		end = from ? g->edges[middle].from
			   : g->edges[g->by_to[middle]].to;
		if (strcmp(end, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct graph_edge *
graph_from(const struct graph *g, const char *id, size_t i)
{
	i += first_edge(g, id, true);
	return i < g->n && strcmp(g->edges[i].from, id) == 0 ? &g->edges[i]
							     : NULL;
}

const struct graph_edge *
graph_to(const struct graph *g, const char *id, size_t i)
{
	const struct graph_edge *edge;

	i += first_edge(g, id, false);
	if (i >= g->n)
		return NULL;
	edge = &g->edges[g->by_to[i]];
	return strcmp(edge->to, id) == 0 ? edge : NULL;
}

/* A chain may be of any length: a list, no recursion. */
static void
mark(struct graph *g, size_t first, size_t *list, bool up)
{
	const struct graph_edge *edge;
	struct graph_node *other;
	const char *id;
	size_t n = 0, i;
	bool *flag;

	list[n++] = first;
	while (n > 0) {
		id = g->nodes[list[--n]].id;
		for (i = 0; (edge = up ? graph_to(g, id, i)
				       : graph_from(g, id, i)) != NULL;
		     i++) {
			other = graph_node(g, up ? edge->from : edge->to);
			flag = up ? &other->above : &other->below;
			if (*flag)
				continue;
			*flag = true;
			list[n++] = (size_t)(other - g->nodes);
		}
	}
}

int
graph_mark(struct graph *g, struct graph_node *node)
{
	size_t *list = calloc(g->node_count + 1, sizeof(*list));

	if (list == NULL)
		return -1;
	node->above = node->below = true;
	mark(g, (size_t)(node - g->nodes), list, true);
	mark(g, (size_t)(node - g->nodes), list, false);
	free(list);
	return 0;
}

void
graph_free(struct graph *g)
{
	free(g->edges);
	free(g->by_to);
	free(g->nodes);
	*g = (struct graph){ 0 };
}
