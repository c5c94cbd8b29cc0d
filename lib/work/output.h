/* A log that grows too big: its head and its tail stay, the middle goes. */
#ifndef WORK_OUTPUT_H
#define WORK_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Who prints writes to the file itself, so that nobody's death loses any of
 * it; the middle is taken out of the file under his hands.
 */
struct output {
	int log;      /* the attempt's, opened to append */
	int fd;	      /* the same file, to write anywhere; -1: not yet needed */
	int64_t most; /* bytes to be kept, 0: all */
	int64_t head, block;
	int64_t size, seen; /* at the last look, and when that was */
	int64_t cut;	    /* bytes taken out … */
	int64_t hole;	    /* … of which so many are a hole in the file */
	bool holes;	    /* nothing can be taken out but by making a hole */
	bool failed;	    /* not even that */
};
#define OUTPUT_NONE                                                            \
	{                                                                      \
		.log = -1, .fd = -1                                            \
	}

void output_open(struct output *o, int log, int64_t most);

/*
 * Looks how big it is, and cuts.  The steady time of the next look; 0: it
 * has not grown, and only more of it is worth one.
 */
int64_t output_look(struct output *o, int64_t now);
void output_close(struct output *o);

#endif
