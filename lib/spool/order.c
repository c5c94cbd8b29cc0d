/* Orders are files beside the task: six lines, the last one raw JSON. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "spool/order.h"

#define ORDER_MAX 131072

static const char *
one_line(char *text)
{
	char *p;

	for (p = text; *p != '\0'; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	return text;
}

int
order_put(struct spool *s, const char *worker, const char *id, int n,
    const char *kind, struct order *order)
{
	char tmp[PLACE_SIZE], name[SLOT_NAME_SIZE], to[PLACE_SIZE];
	char at[CLOCK_TEXT];
	AUTO_STR text = NULL;
	int len, answer;

	clock_format(order->at, at);
	len = asprintf(&text, "%s\n%s\n%s\n%s\n%d\n%s\n", at,
	    one_line(order->by), one_line(order->host), one_line(order->why),
	    order->exit, order->result == NULL ? "" : order->result);
	if (len == -1)
		return -1;
	slot_name(name, id, n, kind);
	(void)snprintf(tmp, sizeof(tmp), "tmp/order.%d.%s", getpid(), name);
	(void)snprintf(to, sizeof(to), "running/%.64s/%.60s", worker, name);
	if (file_create(s->dir, tmp, text, (size_t)len) == -1)
		return -1;
	answer = file_move(s->dir, tmp, s->dir, to);
	if (answer == 0)
		return 1;
	len = errno;
	(void)unlinkat(s->dir, tmp, 0);
	errno = len;
	return errno == EEXIST ? 0 : -1;
}

int
order_get(int slot_dir, const char *id, int n, const char *kind,
    struct order *order)
{
	char name[SLOT_NAME_SIZE], *line, *word;
	AUTO_STR text = NULL;
	size_t len;
	int i;

	*order = (struct order){ .exit = -1 };
	slot_name(name, id, n, kind);
	if (file_read(slot_dir, name, ORDER_MAX, &text, &len) == -1)
		return errno == ENOENT ? 0 : -1;
	line = text;
	for (i = 0; i < 6 && (word = strsep(&line, "\n")) != NULL; i++) {
		if (i == 0 && clock_parse(word, &order->at) == -1)
			order->at = 0;
		else if (i == 1)
			(void)strlcpy(order->by, word, sizeof(order->by));
		else if (i == 2)
			(void)strlcpy(order->host, word, sizeof(order->host));
		else if (i == 3)
			(void)strlcpy(order->why, word, sizeof(order->why));
		else if (i == 4)
			order->exit = (int)strtol(word, NULL, 10);
		else if (i == 5 && *word != '\0' &&
			 (order->result = strdup(word)) == NULL)
			return -1;
	}
	return 1;
}

void
order_free(struct order *order)
{
	free(order->result);
	order->result = NULL;
}

bool
order_to_end(int slot_dir, const char *id, int n)
{
	char name[SLOT_NAME_SIZE];

	slot_name(name, id, n, ORDER_CANCEL);
	if (faccessat(slot_dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return true;
	slot_name(name, id, n, ORDER_HOLD);
	return faccessat(slot_dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
