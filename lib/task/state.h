/* The states of a task, and which may follow which: taskdir(5). */
#ifndef TASK_STATE_H
#define TASK_STATE_H

#include <stdbool.h>

enum state {
	STATE_READY,
	STATE_WAITING,
	STATE_DELAYED,
	STATE_HELD,
	STATE_RUNNING,
	STATE_DONE,
	STATE_FAILED,
	STATE_CANCELLED,
	STATE_COUNT
};

/* The folder's name, which is also the word that people are shown. */
const char *state_name(enum state state);

/* STATE_COUNT if it is the name of none. */
enum state state_named(const char *name);

bool state_ended(enum state state);
bool state_may_follow(enum state from, enum state to);
bool state_may_begin(enum state state);

#endif
