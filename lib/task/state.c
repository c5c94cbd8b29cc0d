#include "task/state.h"

#include <string.h>

#define TO(state) (1U << (state))

static const struct {
	const char *name;
	unsigned int next; /* bits of the states that may follow */
	bool first;	   /* a submitted task may begin here */
	bool ended;
} table[STATE_COUNT] = {
	[STATE_READY] = { "ready",
	    TO(STATE_READY) | TO(STATE_RUNNING) | TO(STATE_HELD) |
		TO(STATE_CANCELLED) | TO(STATE_DELAYED),
	    true, false },
	[STATE_WAITING] = { "waiting",
	    TO(STATE_READY) | TO(STATE_DELAYED) | TO(STATE_CANCELLED) |
		TO(STATE_HELD),
	    true, false },
	[STATE_DELAYED] = { "delayed",
	    TO(STATE_DELAYED) | TO(STATE_READY) | TO(STATE_CANCELLED) |
		TO(STATE_HELD),
	    true, false },
	[STATE_HELD] = { "held",
	    TO(STATE_READY) | TO(STATE_WAITING) | TO(STATE_DELAYED) |
		TO(STATE_CANCELLED),
	    true, false },
	[STATE_RUNNING] = { "running",
	    TO(STATE_DONE) | TO(STATE_FAILED) | TO(STATE_CANCELLED) |
		TO(STATE_READY) | TO(STATE_DELAYED) | TO(STATE_HELD),
	    false, false },
	[STATE_DONE] = { "done",
	    TO(STATE_READY) | TO(STATE_WAITING) | TO(STATE_DELAYED), false,
	    true },
	[STATE_FAILED] = { "failed",
	    TO(STATE_READY) | TO(STATE_WAITING) | TO(STATE_DELAYED), false,
	    true },
	[STATE_CANCELLED] = { "cancelled",
	    TO(STATE_READY) | TO(STATE_WAITING) | TO(STATE_DELAYED), false,
	    true },
};

const char *
state_name(enum state state)
{
	return table[state].name;
}

enum state
state_named(const char *name)
{
	enum state s;

	for (s = 0; s < STATE_COUNT; s++)
		if (strcmp(table[s].name, name) == 0)
			break;
	return s;
}

bool
state_ended(enum state state)
{
	return table[state].ended;
}

bool
state_may_follow(enum state from, enum state to)
{
	return (table[from].next & TO(to)) != 0;
}

bool
state_may_begin(enum state state)
{
	return table[state].first;
}
