/* Shows what waits for what. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysexits.h"
#include "cli/deps.h"
#include "cli/select.h"
#include "spool/find.h"

static const struct option longs[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "dot", no_argument, NULL, 'D' },
	CHOICE_LABEL,
	CHOICE_QUEUE,
	CHOICE_STATE,
	{ 0 },
};

static int check(struct spool *s, struct ids *ids);
static void read_graph(struct deps *d, const struct ids *ids,
    unsigned int states);

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-deps [-0aDj] [-d DIR] [-l LABEL] [-Q QUEUE] "
			 "[-s STATE] [ID ...]",
		.letters = "aD" CHOICE_LETTERS,
		.longs = longs,
	};
	struct choice choice = { .look = FIND_LIVE, .optional = true };
	void (*show)(struct deps *) = deps_tree;
	struct deps d = { 0 };
	AUTO_IDS ids = { 0 };
	struct spool s;
	int c, status;

	(void)cli_start();
	while ((c = args_next(&args, argc, argv)) != -1)
		if (c == 'a')
			choice.look = FIND_ALL;
		else if (c == 'D')
			show = deps_dot;
		else
			(void)choice_option(&choice, &args, c);
	if (args.json && show == deps_dot)
		args_wrong(&args, "either -j or -D");
	if (args.json)
		show = deps_json;
	cli_open(&args, false, &s);
	d.s = &s;
	print_begin(&d.print);
	status = select_ids(&s, &choice, &args, argv + optind, &ids);
	if (status == 0)
		status = check(&s, &ids);
	if (ids.n > 0 || (status == 0 && !choice_made(&choice))) {
		read_graph(&d, &ids, choice.look);
		show(&d);
	}
	graph_free(&d.graph);
	spool_close(&s);
	return cli_finish(status);
}

/* Those that are there stay. */
static int
check(struct spool *s, struct ids *ids)
{
	struct place place;
	size_t i, n = 0;
	int found, status = 0;

	for (i = 0; i < ids->n; i++) {
		if ((found = find_task(s, ids->v[i], &place)) == -1)
			err(EX_OSERR, "%s", ids->v[i]);
		if (found == 0)
			status = select_missing(ids->v[i]);
		else
			memmove(ids->v[n++], ids->v[i], ID_SIZE);
	}
	ids->n = n;
	return status;
}

/* Without ids, all that wait and what they wait for. */
static void
read_graph(struct deps *d, const struct ids *ids, unsigned int states)
{
	struct graph *g = &d->graph;
	struct graph_node *node;
	size_t i;

	if (graph_read(d->s, states, g) == -1)
		err(EX_OSERR, "%s", d->s->path);
	for (i = 0; i < ids->n; i++)
		if (graph_add_above(d->s, ids->v[i], g) == -1)
			err(EX_OSERR, "%s", ids->v[i]);
	if (graph_finish(g, ids->v, ids->n) == -1)
		err(EX_OSERR, NULL);
	for (i = 0; i < ids->n; i++) {
		node = graph_node(g, ids->v[i]);
		if (graph_mark(g, node) == -1)
			err(EX_OSERR, NULL);
	}
	for (i = 0; ids->n == 0 && i < g->node_count; i++)
		g->nodes[i].above = true;
}
