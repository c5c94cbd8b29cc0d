/* The signals that a worker is told to stop by, and of its children. */
#ifndef WORK_STOP_H
#define WORK_STOP_H

#include <stdint.h>
#include <sys/types.h>

#define STOP_SENDERS 4

struct stop {
	int fd;	       /* readable when a signal came */
	int asked;     /* 1: take no more; 2: stop what runs as well */
	int64_t since; /* steady, of the first */
	pid_t sender[STOP_SENDERS];
	int senders;
};

/*
 * Blocks TERM, INT, CHLD and, unless it came ignored, HUP; they come by the
 * descriptor from now on.
 */
int stop_open(struct stop *stop);

/*
 * Takes what came.  Another sender within a second (a terminal's ^C reaches
 * the whole crew at once, and its head tells it too) says the same as the
 * first; later, or from the same again, it is meant.
 */
void stop_take(struct stop *stop);
void stop_close(struct stop *stop);

#endif
