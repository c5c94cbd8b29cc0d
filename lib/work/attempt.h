/* One attempt at a claimed task: start it, watch it, end it, judge it. */
#ifndef WORK_ATTEMPT_H
#define WORK_ATTEMPT_H

#include "spool/claim.h"
#include "work/worker.h"

enum attempted {
	ATTEMPT_WELL,
	ATTEMPT_FAILED,
	ATTEMPT_TROUBLE /* its end is not recorded: it stays in the slot */
};

/*
 * prog: NULL, or what stands in for the task's command, with our own
 * environment, folder and output.  The claim is used up.
 */
enum attempted attempt_run(struct worker *w, struct claim *claim,
    char *const *prog);

#endif
