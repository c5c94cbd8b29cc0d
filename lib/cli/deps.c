#include "cli/deps.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sysexits.h"
#include "cli/visible.h"
#include "task/json.h"

#define INDENT_MOST 10 /* deeper ones say their depth */

static const char *const words[] = { [AFTER_DONE] = "done",
	[AFTER_FAILED] = "failed",
	[AFTER_ENDED] = "ended" };

static bool
is_shown(const struct graph_node *node)
{
	return node->above || node->below;
}

static bool
is_node_shown(const struct deps *d, const char *id)
{
	const struct graph_node *node = graph_node(&d->graph, id);

	return node != NULL && is_shown(node);
}

/* What is known of a task now: its state and its title. */
struct face {
	const char *state;
	enum state number; /* STATE_COUNT: it is not found */
	char *title;	   /* harmless */
};

static void
face_of(struct deps *d, const char *id, struct face *face)
{
	AUTO_ENTRY e = ENTRY_NONE;
	AUTO_STR raw = NULL;
	struct complaint c;
	FILE *out;
	size_t len;
	int found = entry_find_read(d->s, id, &e, &c);

	*face = (struct face){ found == 0 ? "not found" : "unreadable",
		STATE_COUNT, NULL };
	if ((out = open_memstream(&raw, &len)) == NULL)
		err(EX_OSERR, NULL);
	if (found == 1) {
		face->number = e.at.state;
		face->state = state_name(e.at.state);
		(void)task_title(out, e.task);
	}
	if (fclose(out) == EOF ||
	    (out = open_memstream(&face->title, &len)) == NULL)
		err(EX_OSERR, NULL);
	visible_text(out, raw);
	if (fclose(out) == EOF)
		err(EX_OSERR, NULL);
}

/* ID STATE TITLE, moved in by how deep it is; when: of the edge above. */
static void
print_node(struct deps *d, struct graph_node *node, size_t depth,
    enum after_when when)
{
	struct face face;
	size_t in = depth < INDENT_MOST ? depth : INDENT_MOST;
	int used = 0, left = -1;

	face_of(d, node->id, &face);
	used += printf("%*s%s ", (int)(2 * in), "", node->id);
	if (depth > INDENT_MOST)
		used += printf("(%zu deep) ", depth);
	if (face.number == STATE_COUNT)
		used += printf("%s", face.state);
	else
		used += print_state(&d->print, face.number, 0);
	if (when != AFTER_DONE)
		used += printf(" (if %s)",
		    when == AFTER_FAILED ? "failed" : "ended");
	if (node->shown) {
		(void)puts(" (see above)");
	} else {
		(void)putchar(' ');
		if (d->print.columns > 0)
			left = d->print.columns > used
				   ? d->print.columns - used - 1
				   : 0;
		(void)visible_put(stdout, face.title, strlen(face.title), left);
		(void)putchar('\n');
	}
	free(face.title);
}

struct step {
	struct graph_node *node;
	size_t depth;
	enum after_when when;
};

struct steps {
	struct step *v;
	size_t n, room;
};

static void
push(struct steps *steps, struct graph_node *node, size_t depth,
    enum after_when when)
{
	if (steps->n == steps->room) {
		steps->room = steps->room * 2 + 64;
		steps->v = reallocarray(steps->v, steps->room,
		    sizeof(*steps->v));
		if (steps->v == NULL)
			err(EX_OSERR, NULL);
	}
	steps->v[steps->n++] = (struct step){ node, depth, when };
}

/* The last one first, so that the first one is next. */
static void
push_dependents(struct deps *d, struct steps *steps, const struct step *at)
{
	const struct graph_edge *edge;
	struct graph_node *node;
	size_t n = 0;

	while (graph_from(&d->graph, at->node->id, n) != NULL)
		n++;
	while (n-- > 0) {
		edge = graph_from(&d->graph, at->node->id, n);
		node = graph_node(&d->graph, edge->to);
		if (is_shown(node))
			push(steps, node, at->depth + 1, edge->when);
	}
}

static void
print_from(struct deps *d, struct steps *steps, struct graph_node *root)
{
	struct step at;
	bool known;

	push(steps, root, 0, AFTER_DONE);
	while (steps->n > 0) {
		at = steps->v[--steps->n];
		known = at.node->shown;
		print_node(d, at.node, at.depth, at.when);
		at.node->shown = true;
		if (!known)
			push_dependents(d, steps, &at);
	}
}

static bool
is_root(const struct deps *d, const char *id)
{
	const struct graph_edge *edge;
	size_t i;

	for (i = 0; (edge = graph_to(&d->graph, id, i)) != NULL; i++)
		if (is_node_shown(d, edge->from))
			return false;
	return true;
}

void
deps_tree(struct deps *d)
{
	struct steps steps = { 0 };
	struct graph_node *node;
	size_t i;
	int pass;

	/* What files made by hand may hold: a ring has no root. */
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < d->graph.node_count; i++) {
			node = &d->graph.nodes[i];
			if (is_shown(node) && !node->shown &&
			    (pass == 1 || is_root(d, node->id)))
				print_from(d, &steps, node);
		}
	free(steps.v);
}

static void
put_quoted(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			(void)putchar('\\');
		(void)putchar(*text);
	}
}

void
deps_dot(struct deps *d)
{
	static const char *const colours[STATE_COUNT + 1] = {
		[STATE_RUNNING] = "palegreen",
		[STATE_FAILED] = "salmon",
		[STATE_HELD] = "khaki",
		[STATE_DONE] = "lightgrey",
	};
	const struct graph_edge *edge;
	struct face face;
	size_t i;

	(void)puts("digraph taskdir {\n\tnode [shape=box];");
	for (i = 0; i < d->graph.node_count; i++) {
		if (!is_shown(&d->graph.nodes[i]))
			continue;
		face_of(d, d->graph.nodes[i].id, &face);
		(void)printf("\t\"%s\" [label=\"", d->graph.nodes[i].id);
		put_quoted(face.title);
		(void)printf("\\n%s\\n%s\"", d->graph.nodes[i].id, face.state);
		if (colours[face.number] != NULL)
			(void)printf(", style=filled, fillcolor=%s",
			    colours[face.number]);
		(void)puts("];");
		free(face.title);
	}
	for (edge = d->graph.edges; edge < d->graph.edges + d->graph.n; edge++)
		if (is_node_shown(d, edge->from) && is_node_shown(d, edge->to))
			(void)printf("\t\"%s\" -> \"%s\"%s;\n", edge->from,
			    edge->to,
			    edge->when == AFTER_DONE	 ? ""
			    : edge->when == AFTER_FAILED ? " [label=failed]"
							 : " [label=ended]");
	(void)puts("}");
}

static void
put_edges(const struct deps *d, const char *id)
{
	const struct graph_edge *edge;
	size_t i;

	(void)fputs(",\"after\":[", stdout);
	for (i = 0; (edge = graph_to(&d->graph, id, i)) != NULL; i++)
		(void)printf("%s{\"id\":\"%s\",\"when\":\"%s\"}",
		    i == 0 ? "" : ",", edge->from, words[edge->when]);
	(void)fputs("],\"dependents\":[", stdout);
	for (i = 0; (edge = graph_from(&d->graph, id, i)) != NULL; i++)
		(void)printf("%s\"%s\"", i == 0 ? "" : ",", edge->to);
	(void)puts("]}");
}

void
deps_json(struct deps *d)
{
	struct face face;
	size_t i;

	for (i = 0; i < d->graph.node_count; i++) {
		const char *id = d->graph.nodes[i].id;

		if (!is_shown(&d->graph.nodes[i]))
			continue;
		face_of(d, id, &face);
		(void)printf("{\"id\":\"%s\",\"state\":", id);
		if (face.number == STATE_COUNT)
			(void)fputs("null", stdout);
		else
			(void)printf("\"%s\"", face.state);
		(void)fputs(",\"title\":", stdout);
		(void)json_put_string(stdout, face.title, strlen(face.title));
		put_edges(d, id);
		free(face.title);
	}
}
