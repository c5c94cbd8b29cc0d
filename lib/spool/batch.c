#include "spool/batch_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "task/fields.h"

int
batch_begin(struct batch *b, struct spool *s, const struct submitter *who,
    bool held)
{
	char path[64];

	*b = (struct batch){ .s = s, .who = who, .held = held };
	(void)snprintf(path, sizeof(path), "tmp/batch.%d.%llx", (int)getpid(),
	    (unsigned long long)clock_steady());
	b->spill = openat(s->dir, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	return b->spill == -1 ? -1 : unlinkat(s->dir, path, 0);
}

void
batch_end(struct batch *b)
{
	while (b->few_count > 0)
		(void)close(b->few[--b->few_count]);
	if (b->spill != -1)
		(void)close(b->spill);
	free(b->text);
	refs_free(&b->refs);
	b->spill = -1;
	b->text = NULL;
}

int
record_put(struct batch *b, const struct record *rec, off_t at)
{
	return file_pwrite(b->spill, rec, sizeof(*rec), at);
}

static int
get(struct batch *b, void *bytes, size_t len, off_t at)
{
	ssize_t n = pread(b->spill, bytes, len, at);

	if (n >= 0 && (size_t)n != len)
		errno = EIO;
	return n >= 0 && (size_t)n == len ? 0 : -1;
}

int
record_get(struct batch *b, struct record *rec, off_t at)
{
	return get(b, rec, sizeof(*rec), at);
}

static int
make_room(struct batch *b, size_t len)
{
	char *more;

	if (len <= b->room)
		return 0;
	if ((more = realloc(b->text, len + 4096)) == NULL)
		return -1;
	b->text = more;
	b->room = len + 4096;
	return 0;
}

int
record_text(struct batch *b, const struct record *rec, off_t at)
{
	if (make_room(b, rec->len) == -1)
		return -1;
	return get(b, b->text, rec->len, at + (off_t)sizeof(*rec));
}

static int
check(struct batch *b, const struct task *task, struct complaint *c)
{
	if (task->input != NULL && strcmp(task->input, "-") == 0) {
		errno = EINVAL;
		return complain(c, "stdin", "a batch has none to keep");
	}
	return submit_check_after(b->s, task, true, c);
}

int
batch_add(struct batch *b, uint64_t line, const char *text, size_t len,
    struct complaint *c)
{
	struct record rec = { .line = line, .len = len };
	AUTO_TASK task = task_parse_submission(text, len, c);

	if (task == NULL || check(b, task, c) == -1)
		return -1;
	submit_id(&b->last_place, rec.id);
	if (refs_add(&b->refs, line, b->size, rec.id, task, &rec.ref, c) == -1)
		return -1;
	rec.stand = task->unique == NULL ? STAND_GOOD : STAND_KEYED;
	if (make_room(b, sizeof(rec) + len) == -1)
		return -1;
	memcpy(b->text, &rec, sizeof(rec));
	memcpy(b->text + sizeof(rec), text, len);
	if (file_pwrite(b->spill, b->text, sizeof(rec) + len, b->size) == -1)
		return -1;
	b->size += (off_t)(sizeof(rec) + len);
	b->count++;
	return 0;
}

struct checking {
	struct batch *b;
	int (*bad)(uint64_t line, const struct complaint *c, void *arg);
	void *arg;
};

static int
leave_out(size_t which, const struct complaint *c, void *arg)
{
	struct checking *k = arg;
	struct ref_line *l = &k->b->refs.v[which];
	struct record rec;

	if (record_get(k->b, &rec, l->at) == -1)
		return -1;
	rec.stand = STAND_BAD;
	k->b->count--;
	if (record_put(k->b, &rec, l->at) == -1)
		return -1;
	return k->bad(l->line, c, k->arg);
}

int
batch_check(struct batch *b,
    int (*bad)(uint64_t line, const struct complaint *c, void *arg), void *arg)
{
	struct checking k = { b, bad, arg };

	return refs_check(&b->refs, leave_out, &k);
}

int
record_each(struct batch *b,
    int (*each)(struct batch *b, struct record *rec, off_t at, void *arg),
    void *arg)
{
	struct record rec;
	off_t at;
	int answer = 0;

	for (at = 0; at < b->size && answer == 0;
	     at += (off_t)(sizeof(rec) + rec.len)) {
		if (record_get(b, &rec, at) == -1)
			return -1;
		if (rec.stand != STAND_BAD)
			answer = each(b, &rec, at, arg);
	}
	return answer;
}

struct telling {
	int (*each)(uint64_t line, const char *id, bool held, void *arg);
	void *arg;
};

static int
tell_one(struct batch *b, struct record *rec, off_t at, void *arg)
{
	struct telling *t = arg;

	(void)b;
	(void)at;
	if (rec->stand != STAND_IN_PLACE && rec->stand != STAND_HELD)
		return 0;
	return t->each(rec->line, rec->id, rec->stand == STAND_HELD, t->arg);
}

int
batch_ids(struct batch *b,
    int (*each)(uint64_t line, const char *id, bool held, void *arg), void *arg)
{
	struct telling t = { each, arg };

	return record_each(b, tell_one, &t);
}
