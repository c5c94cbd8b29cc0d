#include "work/after.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "task/json.h"

static int
put_title(FILE *out, const struct task *task)
{
	AUTO_STR title = NULL;
	FILE *words;
	size_t len;
	int answer;

	if ((words = open_memstream(&title, &len)) == NULL)
		return -1;
	answer = task_title(words, task);
	if (fclose(words) == EOF || answer == -1)
		return -1;
	return json_put_string(out, title, len);
}

static int
put_log(FILE *out, const struct spool *s, const char *id, int n)
{
	AUTO_STR whole = NULL;
	char path[PLACE_SIZE];

	if (n == 0)
		return fputs("null", out) == EOF ? -1 : 0;
	place_log(path, id, n);
	if (asprintf(&whole, "%s/%s", s->path, path) == -1)
		return -1;
	return json_put_string(out, whole, strlen(whole));
}

/* One that was put away, or cannot be read, has no state. */
static int
put_blocker(FILE *out, struct spool *s, const char *id)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	int found = entry_find_read(s, id, &e, &c);

	(void)fprintf(out, "{\"id\":\"%s\",\"state\":", id);
	if (found == -1 && errno != EINVAL)
		return -1;
	if (found != 1)
		return fputs("null}\n", out) == EOF ? -1 : 0;
	(void)fprintf(out, "\"%s\",\"title\":", state_name(e.at.state));
	if (put_title(out, e.task) == -1)
		return -1;
	(void)fputs(",\"log\":", out);
	if (put_log(out, s, id, e.history.last) == -1)
		return -1;
	(void)fputs(",\"result\":", out);
	if (task_put_result(out, e.task) == -1)
		return -1;
	return fputs("}\n", out) == EOF ? -1 : 0;
}

int
after_write(struct spool *s, int slot_dir, const struct task *task, int n,
    char name[SLOT_NAME_SIZE])
{
	AUTO_STR text = NULL;
	FILE *out;
	size_t i, len;
	int answer = 0;

	if (task->after_count == 0)
		return 0;
	if ((out = open_memstream(&text, &len)) == NULL)
		return -1;
	for (i = 0; i < task->after_count && answer == 0; i++)
		answer = put_blocker(out, s, task->after[i].id);
	if (fclose(out) == EOF || answer == -1)
		return -1;
	slot_name(name, task->id, n, "after");
	/* What another left that was killed before it began. */
	if (unlinkat(slot_dir, name, 0) == -1 && errno != ENOENT)
		return -1;
	return file_create(slot_dir, name, text, len) == -1 ? -1 : 1;
}
