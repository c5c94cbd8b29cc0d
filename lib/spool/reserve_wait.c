/* Waiting for who holds paths: asleep in flock(2) until it lets go or dies. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "spool/reserve.h"

/* A first signal may come before the call that it is to end. */
#define AGAIN_NS 10000000L

struct alarm {
	timer_t timer;
	struct sigaction old_action;
	sigset_t old_mask;
};

static void
ignore(int signo)
{
	(void)signo;
}

static int
alarm_start(struct alarm *a, int64_t limit)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGALRM };
	struct itimerspec when = { .it_interval.tv_nsec = AGAIN_NS };
	struct sigaction act = { .sa_handler = ignore };
	sigset_t mask;

	when.it_value.tv_sec = limit / CLOCK_SECOND;
	when.it_value.tv_nsec = limit % CLOCK_SECOND * 1000 + 1;
	if (timer_create(CLOCK_MONOTONIC, &event, &a->timer) == -1)
		return -1;
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGALRM);
	(void)sigaction(SIGALRM, &act, &a->old_action);
	(void)sigprocmask(SIG_UNBLOCK, &mask, &a->old_mask);
	(void)timer_settime(a->timer, 0, &when, NULL);
	return 0;
}

/* None can be pending behind it, for it is not blocked while the timer is. */
static void
alarm_end(struct alarm *a)
{
	int saved = errno;

	(void)timer_delete(a->timer);
	(void)sigprocmask(SIG_SETMASK, &a->old_mask, NULL);
	(void)sigaction(SIGALRM, &a->old_action, NULL);
	errno = saved;
}

static int
lock_until(int fd, int64_t limit)
{
	int64_t end = clock_steady() + limit;
	struct alarm alarm;
	int got;

	if (alarm_start(&alarm, limit) == -1)
		return -1;
	got = flock(fd, LOCK_SH);
	alarm_end(&alarm);
	if (got == 0)
		return 1;
	return errno == EINTR && clock_steady() >= end ? 0 : -1;
}

int
reserve_wait(struct spool *s, const struct reserve_conflict *conflict,
    int64_t limit)
{
	char path[64];
	AUTO_FD fd = -1;

	(void)snprintf(path, sizeof(path), "reserve/%s", conflict->holder);
	if ((fd = file_open_regular(s->dir, path, O_RDONLY, NULL)) == -1)
		return errno == ENOENT ? 1 : -1;
	if (limit >= 0)
		return lock_until(fd, limit);
	return flock(fd, LOCK_SH) == 0 ? 1 : -1;
}
