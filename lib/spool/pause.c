/* ctl/paused and ctl/paused.QUEUE: nothing is claimed while they are there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "spool/health.h"
#include "spool/journal.h"
#include "spool/steer.h"
#include "spool/submit.h"
#include "spool/wake.h"

static void
path_of(const char *queue, char path[PLACE_SIZE])
{
	(void)snprintf(path, PLACE_SIZE, "ctl/paused%s%.64s",
	    queue == NULL ? "" : ".", queue == NULL ? "" : queue);
}

static void
tell(struct spool *s, const char *event, const char *queue, const char *why)
{
	journal_write(s, &(struct journal_line){ .event = event,
			     .queue = queue,
			     .why = why,
			     .waited = -1,
			     .ran = -1 });
}

/* When, by whom and why, whole as soon as it is seen: 1, 0 it was so, -1. */
static int
put(struct spool *s, const char *path, const char *text, size_t len)
{
	char tmp[64];
	int saved;

	(void)snprintf(tmp, sizeof(tmp), "tmp/order.%d.%llx", (int)getpid(),
	    (unsigned long long)clock_steady());
	if (file_create(s->dir, tmp, text, len) == -1)
		return -1;
	if (file_move(s->dir, tmp, s->dir, path) == 0)
		return 1;
	saved = errno;
	(void)unlinkat(s->dir, tmp, 0);
	errno = saved;
	return errno == EEXIST ? 0 : -1;
}

/* What another did a moment ago is on disk as well when this is answered. */
static int
flush(struct spool *s)
{
	if (spool_flush_folder(s, "ctl", 0) == 0)
		return 0;
	health_degrade(s, "a flush of ctl/ failed");
	return -1;
}

int
pause_claims(struct spool *s, const char *queue, const char *why)
{
	AUTO_STR by = account_name(getuid());
	AUTO_STR text = NULL;
	char path[PLACE_SIZE], at[CLOCK_TEXT];
	int len, done;

	clock_format(clock_now(), at);
	len = asprintf(&text, "%s by %s%s%s\n", at, by == NULL ? "?" : by,
	    why == NULL ? "" : ": ", why == NULL ? "" : why);
	path_of(queue, path);
	if (len == -1 || (done = put(s, path, text, (size_t)len)) == -1 ||
	    flush(s) == -1)
		return -1;
	if (done == 1)
		tell(s, "paused", queue, why);
	return done;
}

int
resume_claims(struct spool *s, const char *queue)
{
	char path[PLACE_SIZE];
	int done;

	path_of(queue, path);
	done = unlinkat(s->dir, path, 0) == 0;
	if ((!done && errno != ENOENT) || flush(s) == -1)
		return -1;
	if (done == 0)
		return 0;
	tell(s, "resumed", queue, NULL);
	wake_workers(s);
	return 1;
}

bool
claims_paused(struct spool *s, const char *queue)
{
	char path[PLACE_SIZE];
	struct stat st;

	path_of(queue, path);
	return fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int
pause_read(struct spool *s, const char *queue, char *text, size_t size)
{
	AUTO_FD fd = -1;
	char path[PLACE_SIZE];
	ssize_t n;

	*text = '\0';
	path_of(queue, path);
	fd = file_open_regular(s->dir, path, O_RDONLY, NULL);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	if ((n = read(fd, text, size - 1)) == -1)
		return -1;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	/* One that was made by hand may say nothing. */
	if (*text == '\0')
		(void)strlcpy(text, "by hand", size);
	return 1;
}
