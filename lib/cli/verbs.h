/* The map: every program, by the step of a task's way that it belongs to. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

struct verb {
	const char *name; /* NULL: what follows belongs to the step in text */
	const char *text;
};

/* Ends with { NULL, NULL }. */
extern const struct verb verbs[];

/*
 * The path of td-VERB: in the folder of this program, else by PATH; the
 * caller frees.  NULL if there is none.
 */
char *verb_program(const char *verb);

/* Of the verbs that are there the one that is nearest, NULL if none is near. */
const char *verb_near(const char *word);

#endif
