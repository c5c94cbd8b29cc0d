/* A task: its JSON read strictly into fields, with the first complaint. */
#ifndef TASK_TASK_H
#define TASK_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "task/id.h"
#include "task/limits.h"
#include "task/state.h"

#define PRIORITY_COUNT	 5
#define PRIORITY_DEFAULT 2
#define QUEUE_DEFAULT	 "default"
#define TASK_TEXT_MAX	 (1 << 20) /* of a submission; a history may add */
#define TASK_FILE_MAX	 (8 << 20)
#define ATTEMPTS_MAX	 1000

struct cJSON;

struct complaint {
	char field[80]; /* "priority", "" if the fault is in no field */
	char what[160]; /* "9 is not 0 to 4" */
	bool torn;	/* a history was cut short: the front is good */
};

struct task_path {
	const char *path; /* as given, relative to cwd */
	bool shared;
};

enum after_when { AFTER_DONE, AFTER_FAILED, AFTER_ENDED };

struct task_after {
	const char *id;	 /* of a task in the spool, or NULL */
	const char *ref; /* of a task in the same batch, or NULL */
	enum after_when when;
};

/*
 * Strings belong to the task; NULL where nothing was said and there is no
 * default.  Times and spans in microseconds, 0 for none.
 */
struct task {
	const char *id; /* NULL in a submission */
	const char *title;
	const char *queue;
	const char *cwd;
	const char *input; /* file for standard input, "-": kept in the spool */
	const char *unique;
	const char *ref;
	const char *project;
	const char *parent;
	char **command; /* ends with NULL */
	struct task_env {
		const char *key, *value;
	} *env;
	struct task_path *reserve;
	struct task_after *after;
	const char **labels;
	int64_t *backoff;
	size_t env_count, reserve_count, after_count, label_count,
	    backoff_count;
	int64_t not_before;
	int64_t timeout; /* 0: as the settings say */
	int64_t silence;
	int64_t warn_before; /* so long before the timeout … */
	int warn_signal;     /* … it is sent this, 0: nothing */
	int64_t umask; /* -1: as the worker's */
	int priority;
	int attempts; /* 0: as the settings say */
	bool held;    /* to be submitted into held/ */
	bool workdir; /* it has a working folder of its own */
	struct limits limits;

	const struct cJSON *history; /* see task/history.h; NULL if none */
	struct cJSON *doc;
	char *text;
	size_t len; /* of the whole part of the text */
};

/*
 * Reads a submission (no id, no history) or a task file.  NULL with errno
 * EINVAL and the complaint, or ENOMEM.  A file whose history was cut short
 * is a complaint with torn set: see task_tail.  The text is copied.
 */
struct task *task_parse_submission(
    const char *text, size_t len, struct complaint *c);
struct task *task_parse(const char *text, size_t len, struct complaint *c);
void task_free(struct task *task);
#define AUTO_TASK __attribute__((cleanup(task_free_))) struct task *
void task_free_(struct task **task);

/* What a submission is given on its way into the spool. */
struct task_birth {
	const char *id;
	const char *by, *host;
	const char *cwd; /* where the submission names none */
	const char *const *env; /* "K=V" unless it sets K itself */
	int64_t at, uid;
	int umask;
};

/* The text of the task's file: the given members byte for byte, then ours. */
int task_write(FILE *out, const struct task *task,
    const struct task_birth *birth);

/*
 * How an entry is put behind a task's text: cut it to keep bytes, write
 * before, the entry, then TASK_TAIL.  whole: the text stood so already.
 * -1 when even the submitted part cannot be read.
 */
struct task_tail {
	size_t keep;
	const char *before;
	bool whole;
};
#define TASK_TAIL "\n]}\n"
int task_tail(const char *text, size_t len, struct task_tail *tail);

/* One folded JSON object on one line: fields, state, runs. */
int task_show(FILE *out, const struct task *task, enum state state);

/* The JSON that its last run left, "null" if none. */
int task_put_result(FILE *out, const struct task *task);

/* What to call it where there is no title: the command, words joined. */
int task_title(FILE *out, const struct task *task);

#endif
