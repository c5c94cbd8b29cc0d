/* The signals that a worker is told to stop by, and of its children. */
#ifndef WORK_STOP_H
#define WORK_STOP_H

#include <sys/types.h>

#define STOP_SENDERS 4

struct stop {
	int fd;	   /* readable when a signal came */
	int asked; /* 1: take no more; 2: stop what runs as well */
	pid_t sender[STOP_SENDERS];
	int senders;
};

/* Blocks TERM, INT, HUP and CHLD; they come by the descriptor from now on. */
int stop_open(struct stop *stop);

/*
 * Takes what came.  A second sender (a terminal's ^C reaches the whole crew
 * at once, and its head tells it too) says the same as the first; the same
 * sender again means it.
 */
void stop_take(struct stop *stop);
void stop_close(struct stop *stop);

#endif
