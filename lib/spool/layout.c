#include "spool/layout.h"

#include <stddef.h>

const struct layout layout[] = {
	{ "etc", "This spool's settings, over the installed ones." },
	{ "tmp", "What is being written or taken in; swept after 36 hours." },
	{ "new", "The drop box: a *.json renamed into it is a submission." },
	{ "ready", "Tasks that a worker may claim: QUEUE/P/BUCKET/ID.json." },
	{ "waiting", "Tasks whose blockers have not ended: DAY/ID.json." },
	{ "delayed", "Tasks that are not due before a time: DAY/ID.json." },
	{ "held", "Tasks set aside until they are released: DAY/ID.json." },
	{ "running", "One folder a worker, at most one task in each." },
	{ "done", "Tasks that ended well: DAY/ID.json." },
	{ "failed", "Tasks that failed for good: DAY/ID.json." },
	{ "cancelled", "Tasks that were called off: DAY/ID.json." },
	{ "bad", "What could not be understood, a .why beside each." },
	{ "archive", "Ended tasks put away, by month." },
	{ "log", "What each attempt printed: DAY/ID.N.log." },
	{ "work", "Private working folders of tasks that ask for one." },
	{ "reserve", "One locked file for each holder of paths." },
	{ "index", "Hints only: may be deleted, is rebuilt." },
	{ "journal", "One line an event: current.jsonl and older ones." },
	{ "memory", "Rules and patterns learned." },
	{ "ctl", "Orders, locks that are never removed, the ballast." },
	{ "ctl/keys", "Locks of unique keys, never removed." },
	{ "ctl/limit", "Locks of queues with a limit, never removed." },
	{ "metrics", "Derived: may be deleted, is rebuilt." },
	{ NULL, NULL },
};
