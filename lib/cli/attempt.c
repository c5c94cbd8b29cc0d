#include "cli/attempt.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sysexits.h"
#include "spool/find.h"
#include "spool/submit.h"
#include "task/json.h"

#define RESULT_MAX 65536

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL || *value == '\0')
		errx(EX_USAGE, "%s is not set: this runs in no task", name);
	return value;
}

static bool
has_key(struct spool *s, const struct own_attempt *own, const char *key)
{
	char path[PLACE_SIZE], name[SLOT_NAME_SIZE];
	struct attempt_lock lock;
	AUTO_FD dir = -1;

	(void)snprintf(path, sizeof(path), "running/%s", own->slot);
	slot_name(name, own->id, own->n, "lock");
	if ((dir = file_dir(s->dir, path)) == -1 ||
	    attempt_lock_read(dir, name, &lock) != 1)
		return false;
	(void)close(lock.fd);
	return strcmp(lock.key, key) == 0;
}

void
own_attempt(struct spool *s, struct own_attempt *own)
{
	const char *id = variable("TD_ID"), *number = variable("TD_ATTEMPT");
	const char *key = variable("TD_KEY"), *fault;
	struct place place;
	int found;

	own->n = (int)strtonum(number, 1, 1000000, &fault);
	if (!id_ok(id) || fault != NULL)
		errx(EX_USAGE, "TD_ID and TD_ATTEMPT name no attempt");
	(void)strlcpy(own->id, id, sizeof(own->id));
	if ((found = find_task(s, id, &place)) == -1)
		err(EX_OSERR, "%s", id);
	if (found == 0)
		errx(EX_NOINPUT, "%s: no such task", id);
	if (place.state == STATE_RUNNING) {
		(void)strlcpy(own->slot, strchr(place.dir, '/') + 1,
		    sizeof(own->slot));
		if (has_key(s, own, key))
			return;
	}
	own_ended(own);
}

void
own_ended(const struct own_attempt *own)
{
	errx(EX_NOPERM, "attempt %d of %s does not run any more", own->n,
	    own->id);
}

static char *
read_all(const char *path, size_t *len)
{
	AUTO_FD fd = -1;
	char *text;
	ssize_t n;

	fd = strcmp(path, "-") == 0
		 ? dup(STDIN_FILENO)
		 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1)
		err(EX_NOINPUT, "%s", path);
	if ((text = malloc(RESULT_MAX + 2)) == NULL)
		err(EX_OSERR, NULL);
	for (*len = 0; *len <= RESULT_MAX; *len += (size_t)n) {
		n = read(fd, text + *len, RESULT_MAX + 1 - *len);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			err(EX_NOINPUT, "%s", path);
		else if (n == 0)
			break;
	}
	text[*len] = '\0';
	return text;
}

char *
own_result(const char *path)
{
	struct json_fault fault;
	size_t len;
	AUTO_STR text = read_all(path, &len);
	char *p;

	if (len > RESULT_MAX) {
		free(str_take(&text));
		errx(EX_DATAERR, "%s: it is over 64 KiB", path);
	}
	if (json_check(text, len, NULL, &fault) == -1) {
		free(str_take(&text));
		errx(EX_DATAERR, "%s: %s at byte %zu", path, fault.what,
		    fault.at);
	}
	for (p = text; *p != '\0'; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	return str_take(&text);
}

void
own_sign(struct order *order)
{
	AUTO_STR by = account_name(getuid());
	AUTO_STR host = host_name();

	if (by == NULL || host == NULL)
		err(EX_OSERR, NULL);
	(void)strlcpy(order->by, by, sizeof(order->by));
	(void)strlcpy(order->host, host, sizeof(order->host));
	order->at = clock_now();
}
