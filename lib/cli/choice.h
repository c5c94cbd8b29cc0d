/* Tasks chosen by label, queue and state: -l, -Q, -s. */
#ifndef CLI_CHOICE_H
#define CLI_CHOICE_H

#include "cli/args.h"
#include "spool/entry.h"

#define CHOICE_LETTERS "l:Q:s:"
#define CHOICE_LABEL   { "label", required_argument, NULL, 'l' }
#define CHOICE_QUEUE   { "queue", required_argument, NULL, 'Q' }
#define CHOICE_STATE   { "state", required_argument, NULL, 's' }
#define CHOICE_WORDS   32

struct choice {
	unsigned int look; /* FIND_ bits: the states meant where -s is not */
	bool optional;	   /* neither ids nor a choice is no mistake */

	unsigned int states; /* any of them */
	const char *queues[CHOICE_WORDS]; /* any of them */
	const char *labels[CHOICE_WORDS]; /* all of them */
	size_t queue_count, label_count;
};

/* Takes one of the options with its value in optarg; false if c is none. */
bool choice_option(struct choice *ch, const struct args *args, int c);

bool choice_made(const struct choice *ch);
bool choice_fits(const struct choice *ch, const struct entry *e);

struct ids {
	char (*v)[ID_SIZE];
	size_t n, room;
};
int ids_add(struct ids *ids, const char *id);
void ids_free(struct ids *ids);
#define AUTO_IDS __attribute__((cleanup(ids_free))) struct ids

/* The ids of all that fit, sorted, each once.  0, or -1 with errno. */
int choice_ids(struct spool *s, const struct choice *ch, struct ids *ids);

#endif
