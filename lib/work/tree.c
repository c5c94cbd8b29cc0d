#include "work/tree.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/cgroup.h"
#include "base/clock.h"

#define MOMENT	   (50 * INT64_C(1000)) /* a pipeline's ends come apart */
#define REST_GRACE CLOCK_SECOND
#define PATIENCE   (30 * CLOCK_SECOND)
#define KILL_AGAIN (5 * INT64_C(1000))

bool
tree_is_gone(struct tree *tree)
{
	pid_t but = tree->main_ended ? 0 : tree->main.pid;

	if (!tree->main_ended && proc_reap(&tree->main, &tree->end) == 1) {
		tree->main_ended = true;
		but = 0;
	}
	return !proc_reap_all(but) && tree->main_ended;
}

/* Waits for some process to end, so long at most; true when all are gone. */
static bool
wait_gone(struct worker *w, struct tree *tree, int64_t limit)
{
	int64_t now, until = clock_steady() + limit;
	struct pollfd fds[2] = {
		{ .fd = w->stop.fd, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};

	while (!tree_is_gone(tree)) {
		if ((now = clock_steady()) >= until)
			return false;
		fds[1].fd = tree->main_ended ? -1 : tree->main.fd;
		(void)poll(fds, 2, (int)((until - now) / 1000) + 1);
		stop_take(&w->stop);
	}
	return true;
}

static void
count_killed(struct tree *tree, int signalled)
{
	if (signalled > tree->killed)
		tree->killed = signalled;
}

static int
kill_all(struct worker *w, struct tree *tree)
{
	int64_t until = clock_steady() + PATIENCE;

	do {
		count_killed(tree, proc_signal_descendants(SIGKILL));
		if (w->cgroup != -1) {
			w->cgroup_spent = true;
			(void)cgroup_kill(w->cgroup_path, KILL_AGAIN);
		}
		if (wait_gone(w, tree, KILL_AGAIN))
			return 0;
	} while (clock_steady() < until);
	errno = EBUSY;
	return -1;
}

int
tree_end(struct worker *w, struct tree *tree, int64_t grace)
{
	if (tree_is_gone(tree))
		return 0;
	count_killed(tree, proc_signal_descendants(SIGTERM));
	if (grace > 0 && wait_gone(w, tree, grace))
		return 0;
	return kill_all(w, tree);
}

int
tree_end_rest(struct worker *w, struct tree *tree)
{
	if (wait_gone(w, tree, MOMENT))
		return 0;
	return tree_end(w, tree, REST_GRACE);
}
