/* Submissions by the line: a batch of JSON, or a task for each item. */
#ifndef CLI_MANY_H
#define CLI_MANY_H

#include <stdio.h>

#include "cli/submission.h"
#include "spool/submit.h"

struct many {
	const struct submitter *who;
	const struct draft *each; /* what is done with an item; NULL: JSON */
	FILE *in;
	bool null;	 /* records end with NUL */
	bool keep_going; /* takes the good ones */
	bool held, quiet;
};

/* An exit status; the ids are printed in the order of the lines. */
int many_submit(struct spool *s, const struct many *how);

#endif
