#include "cli/setting.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/times.h"
#include "task/json.h"
#include "task/utf8.h"

#define BETWEEN ", \t"

static void
put_text(FILE *out, const char *value)
{
	(void)json_put_string(out, value, strlen(value));
}

/* A number stays one; what is none is for the task's reader to refuse. */
static void
put_number(FILE *out, const char *value)
{
	struct json_fault fault;

	if (json_check(value, strlen(value), NULL, &fault) == 0 &&
	    strspn(value, "-0123456789") == strlen(value))
		(void)fputs(value, out);
	else
		put_text(out, value);
}

static void
put_list(FILE *out, const char *value)
{
	const char *comma = "";
	size_t len;

	(void)fputc('[', out);
	for (value += strspn(value, BETWEEN); *value != '\0';
	     value += strspn(value, BETWEEN)) {
		len = strcspn(value, BETWEEN);
		(void)fputs(comma, out);
		(void)json_put_string(out, value, len);
		comma = ",";
		value += len;
	}
	(void)fputc(']', out);
}

static void
put_time(FILE *out, const char *value)
{
	char text[CLOCK_TEXT];
	int64_t at;

	if (times_read(value, clock_now(), &at) == -1) {
		if (errno != EINVAL)
			err(EX_OSERR, "date");
		put_text(out, value);
		return;
	}
	clock_format(at, text);
	put_text(out, text);
}

static bool
is_utf8(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end)
		if (utf8_next(&text, end) == -1)
			return false;
	return true;
}

void
setting_put(const struct args *args, FILE *out, const char *word)
{
	static const struct {
		const char *key;
		void (*put)(FILE *, const char *);
	} kinds[] = {
		{ "priority", put_number },
		{ "attempts", put_number },
		{ "backoff", put_list },
		{ "labels", put_list },
		{ "not_before", put_time },
	};
	const char *value = strchr(word, '=') + 1;
	AUTO_STR key = strndup(word, (size_t)(value - word) - 1);
	size_t i;

	if (key == NULL)
		err(EX_OSERR, NULL);
	if (*key == '\0')
		args_wrong(args, "%s: no key", word);
	if (!is_utf8(word))
		errx(EX_DATAERR, "%s: it is not UTF-8", key);
	(void)json_put_key(out, key);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].key, key) == 0) {
			kinds[i].put(out, value);
			return;
		}
	put_text(out, value);
}
