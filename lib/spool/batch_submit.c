#include "spool/batch_record.h"

#include <errno.h>
#include <string.h>

#include "base/auto.h"
#include "spool/health.h"
#include "spool/wake.h"

/* The record's task again, its refs made ids. */
static struct task *
task_of(struct batch *b, const struct record *rec, off_t at, bool *renamed)
{
	struct complaint c;
	struct task *task;
	size_t i, which;

	*renamed = false;
	if (record_text(b, rec, at) == -1 ||
	    (task = task_parse_submission(b->text, rec->len, &c)) == NULL)
		return NULL;
	for (i = 0; i < task->after_count; i++) {
		if (task->after[i].ref == NULL)
			continue;
		which = refs_find(&b->refs, task->after[i].ref);
		task->after[i].id = b->refs.v[which].id;
		*renamed |= b->refs.v[which].renamed;
	}
	return task;
}

static struct submission
submission_of(const struct batch *b, const struct record *rec,
    const struct task *task)
{
	struct submission sub = { .task = task,
		.who = b->who,
		.held = b->held };

	memcpy(sub.id, rec->id, ID_SIZE);
	return sub;
}

static int
write_one(struct batch *b, struct record *rec, off_t at, void *arg)
{
	AUTO_TASK task = NULL;
	AUTO_FD fd = -1;
	struct submission sub;
	bool renamed;

	(void)arg;
	if (rec->stand == STAND_KEYED)
		return 0;
	if ((task = task_of(b, rec, at, &renamed)) == NULL)
		return -1;
	sub = submission_of(b, rec, task);
	fd = submit_write(b->s, &sub);
	return fd == -1 ? -1 : 0;
}

static int
forget_one(struct batch *b, struct record *rec, off_t at, void *arg)
{
	struct submission sub = submission_of(b, rec, NULL);

	(void)at;
	(void)arg;
	if (rec->stand == STAND_GOOD)
		submit_forget(b->s, &sub);
	return 0;
}

static int
flush(struct batch *b)
{
	int answer = 0;
	size_t i;

	if (!b->unflushed)
		return 0;
	if (b->count > BATCH_FEW && syncfs(b->s->dir) == -1) {
		health_degrade(b->s, "a flush of a batch failed");
		return -1;
	}
	for (i = 0; i < b->few_count; i++) {
		if (answer == 0)
			answer = submit_flush(b->s, &b->few_at[i], b->few[i]);
		(void)close(b->few[i]);
	}
	b->few_count = 0;
	b->unflushed = answer == -1;
	return answer;
}

/* What it waits for is on disk before it is, which is at once. */
static int
place_keyed(struct batch *b, struct record *rec, struct submission *sub,
    struct complaint *c)
{
	if (sub->task->after_count > 0 && flush(b) == -1)
		return -1;
	switch (submit_task(b->s, sub, c)) {
	case SUBMIT_QUEUED:
		rec->stand = STAND_IN_PLACE;
		return 0;
	case SUBMIT_HELD_KEY:
		rec->stand = STAND_HELD;
		break;
	case SUBMIT_REFUSED:
		return -1;
	case SUBMIT_UNKNOWN:
		b->unknown = true;
		return -1;
	}
	memcpy(rec->id, sub->id, ID_SIZE);
	if (rec->ref != REFS_NONE) {
		memcpy(b->refs.v[rec->ref].id, sub->id, ID_SIZE);
		b->refs.v[rec->ref].renamed = true;
	}
	return 0;
}

static int
write_again(struct batch *b, const struct submission *sub)
{
	AUTO_FD fd = -1;

	submit_forget(b->s, sub);
	fd = submit_write(b->s, sub);
	return fd == -1 ? -1 : 0;
}

static int
place_written(struct batch *b, struct record *rec, struct submission *sub)
{
	AUTO_FD fd = -1;

	if (b->count <= BATCH_FEW && (fd = submit_reopen(b->s, sub)) == -1)
		return -1;
	if (submit_move(b->s, sub) == -1)
		return -1;
	b->unflushed = true;
	rec->stand = STAND_IN_PLACE;
	submit_tell(b->s, sub);
	if (fd != -1) {
		b->few_at[b->few_count] = *sub;
		b->few[b->few_count++] = fd_take(&fd);
	}
	return 0;
}

static int
place(struct batch *b, struct record *rec, off_t at, struct complaint *c)
{
	AUTO_TASK task = NULL;
	struct submission sub;
	bool renamed;
	int answer;

	if ((task = task_of(b, rec, at, &renamed)) == NULL)
		return -1;
	sub = submission_of(b, rec, task);
	if (rec->stand == STAND_KEYED)
		answer = place_keyed(b, rec, &sub, c);
	else if (renamed && write_again(b, &sub) == -1)
		return -1;
	else
		answer = place_written(b, rec, &sub);
	if (answer == -1)
		return -1;
	b->queued++;
	return record_put(b, rec, at);
}

struct placing {
	struct batch *b;
	struct complaint *c;
};

static int
place_ref(size_t which, void *arg)
{
	struct placing *p = arg;
	off_t at = p->b->refs.v[which].at;
	struct record rec;

	if (record_get(p->b, &rec, at) == -1)
		return -1;
	return place(p->b, &rec, at, p->c);
}

static int
place_one(struct batch *b, struct record *rec, off_t at, void *arg)
{
	struct placing p = { b, arg };

	if (rec->ref == REFS_NONE)
		return place(b, rec, at, arg);
	return refs_order(&b->refs, rec->ref, place_ref, &p);
}

enum submitted
batch_submit(struct batch *b, struct complaint *c)
{
	int saved;

	if (submit_admit(b->s, c) == -1)
		return SUBMIT_REFUSED;
	if (record_each(b, write_one, NULL) == 0 &&
	    record_each(b, place_one, c) == 0) {
		wake_workers(b->s);
		return flush(b) == 0 ? SUBMIT_QUEUED : SUBMIT_UNKNOWN;
	}
	saved = errno;
	(void)record_each(b, forget_one, NULL);
	if (b->queued > 0)
		wake_workers(b->s);
	b->unknown |= flush(b) == -1;
	errno = saved;
	return b->unknown ? SUBMIT_UNKNOWN : SUBMIT_REFUSED;
}
