#include "spool/settings.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/size.h"
#include "spool/queues.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define FIELD(of) offsetof(struct settings, of)

enum kind {
	KIND_COUNT,
	KIND_SIZE,
	KIND_DURATION,
	KIND_DURATIONS,
	KIND_NUMBER,
	KIND_SWITCH /* "keep" or "remove" */
};

static const struct row {
	struct settings_key key;
	enum kind kind;
	size_t field;
} rows[] = {
	{ { "task", "attempts", "4", "1", "1000" }, KIND_COUNT,
	    FIELD(attempts) },
	{ { "task", "timeout", "24h", "1s", "365d" }, KIND_DURATION,
	    FIELD(timeout) },
	{ { "task", "backoff", "0s 5m 15m", "0", "365d" }, KIND_DURATIONS,
	    FIELD(backoff) },
	{ { "task", "memory", "0", "0", "1024G" }, KIND_SIZE,
	    FIELD(limits.v[LIMIT_MEMORY]) },
	{ { "task", "cpu_time", "0s", "0", "365d" }, KIND_DURATION,
	    FIELD(limits.v[LIMIT_CPU_TIME]) },
	{ { "task", "file_size", "0", "0", "1048576G" }, KIND_SIZE,
	    FIELD(limits.v[LIMIT_FILE_SIZE]) },
	{ { "task", "processes", "0", "0", "4194304" }, KIND_NUMBER,
	    FIELD(limits.v[LIMIT_PROCESSES]) },
	{ { "task", "output", "256M", "0", "1048576G" }, KIND_SIZE,
	    FIELD(limits.v[LIMIT_OUTPUT]) },
	{ { "task", "disk", "0", "0", "1048576G" }, KIND_SIZE,
	    FIELD(limits.v[LIMIT_DISK]) },
	{ { "task", "workdir", "remove", "keep", "remove" }, KIND_SWITCH,
	    FIELD(remove_work) },
	{ { "claim", "retry_share", "4", "1", "1000" }, KIND_COUNT,
	    FIELD(retry_share) },
	{ { "claim", "yield_lower", "0", "0", "1000" }, KIND_COUNT,
	    FIELD(yield_lower) },
	{ { "claim", "pass_over", "60s", "0", "365d" }, KIND_DURATION,
	    FIELD(pass_over) },
	{ { "run", "grace", "10s", "0", "1h" }, KIND_DURATION, FIELD(grace) },
	{ { "run", "rescan", "60s", "0.1s", "1h" }, KIND_DURATION,
	    FIELD(rescan) },
	{ { "journal", "size", "16M", "1K", "1024G" }, KIND_SIZE,
	    FIELD(journal_size) },
	{ { "journal", "keep", "8", "0", "10000" }, KIND_COUNT,
	    FIELD(journal_keep) },
	{ { "disk", "ballast", "4M", "0", "1024G" }, KIND_SIZE,
	    FIELD(ballast) },
	{ { "disk", "free", "5", "0", "99" }, KIND_COUNT, FIELD(free) },
};

const struct settings_key *
settings_key(size_t i)
{
	return i < COUNT(rows) ? &rows[i].key : NULL;
}

static int
parse_count(const char *text, int64_t *value)
{
	const char *fault;

	*value = strtonum(text, 0, INT32_MAX, &fault);
	return fault == NULL ? 0 : -1;
}

static int
parse_one(enum kind kind, const char *text, int64_t *value)
{
	switch (kind) {
	case KIND_COUNT:
	case KIND_NUMBER:
		return parse_count(text, value);
	case KIND_SWITCH:
		*value = strcmp(text, "remove") == 0;
		return *value || strcmp(text, "keep") == 0 ? 0 : -1;
	case KIND_SIZE:
		return size_parse(text, value);
	case KIND_DURATION:
	case KIND_DURATIONS:
	default:
		return clock_duration(text, value);
	}
}

static int
parse_within(const struct row *row, const char *text, int64_t *value)
{
	int64_t low = 0, high = 0;

	(void)parse_one(row->kind, row->key.low, &low);
	(void)parse_one(row->kind, row->key.high, &high);
	if (parse_one(row->kind, text, value) == -1)
		return -1;
	return *value >= low && *value <= high ? 0 : -1;
}

/* There is one list: what it may hold and its count are the backoff's. */
static int
set_list(struct settings *set, const struct row *row, const char *text)
{
	AUTO_STR copy = strdup(text);
	char *rest = copy, *word;
	int64_t list[SETTINGS_BACKOFF_MAX];
	size_t n = 0;

	while ((word = strsep(&rest, " \t,")) != NULL) {
		if (*word == '\0')
			continue;
		if (n == COUNT(list) || parse_within(row, word, &list[n]) == -1)
			return -1;
		n++;
	}
	if (n == 0)
		return -1;
	memcpy(set->backoff, list, n * sizeof(list[0]));
	set->backoff_count = n;
	return 0;
}

static int
set_value(struct settings *set, const struct row *row, const char *text)
{
	char *field = (char *)set + row->field;
	int64_t value;
	int count;

	if (row->kind == KIND_DURATIONS)
		return set_list(set, row, text);
	if (parse_within(row, text, &value) == -1)
		return -1;
	if (row->kind == KIND_COUNT || row->kind == KIND_SWITCH) {
		count = (int)value;
		memcpy(field, &count, sizeof(count));
	} else
		memcpy(field, &value, sizeof(value));
	return 0;
}

void
settings_builtin(struct settings *set)
{
	size_t i;
	int got;

	*set = (struct settings){ 0 };
	for (i = 0; i < COUNT(rows); i++) {
		got = set_value(set, &rows[i], rows[i].key.value);
		assert(got == 0);
		(void)got;
	}
}

static const struct row *
row_of(const struct conf_value *v, bool *section_known)
{
	size_t i;

	*section_known = false;
	for (i = 0; i < COUNT(rows); i++) {
		if (strcmp(rows[i].key.section, v->section) != 0)
			continue;
		*section_known = true;
		if (strcmp(rows[i].key.name, v->key) == 0)
			return &rows[i];
	}
	return NULL;
}

int
settings_put(struct settings *set, const struct conf_value *v,
    struct conf_fault *fault)
{
	const struct row *row;
	bool known;

	if ((row = row_of(v, &known)) == NULL && known)
		(void)snprintf(fault->what, sizeof(fault->what),
		    "[%s] has no %s", v->section, v->key);
	else if (row == NULL)
		(void)snprintf(fault->what, sizeof(fault->what),
		    "%s: there is no section [%s]", v->key, v->section);
	else if (set_value(set, row, v->value) == 0)
		return 0;
	else if (row->kind == KIND_DURATIONS)
		(void)snprintf(fault->what, sizeof(fault->what),
		    "%s: '%.40s' is not 1 to %d of %s to %s", v->key, v->value,
		    SETTINGS_BACKOFF_MAX, row->key.low, row->key.high);
	else if (row->kind == KIND_SWITCH)
		(void)snprintf(fault->what, sizeof(fault->what),
		    "%s: '%.40s' is neither %s nor %s", v->key, v->value,
		    row->key.low, row->key.high);
	else
		(void)snprintf(fault->what, sizeof(fault->what),
		    "%s: '%.40s' is not %s to %s", v->key, v->value,
		    row->key.low, row->key.high);
	return -1;
}

static int
take(const struct conf_value *v, struct conf_fault *fault, void *arg)
{
	return settings_put(arg, v, fault);
}

int
settings_read(struct settings *set, int dir, const char *name,
    const char *shown, struct settings_fault *fault)
{
	struct conf_fault at;

	if (conf_read(dir, name, take, set, &at) == 0)
		return 0;
	if (errno == EINVAL) {
		(void)strlcpy(fault->file, shown, sizeof(fault->file));
		(void)strlcpy(fault->what, at.what, sizeof(fault->what));
		fault->line = at.line;
	}
	return -1;
}

static int
read_both(struct spool *s, struct settings *set, struct settings_fault *fault)
{
	static const char installed[] = TASKDIR_ETC "/taskdir.conf";
	AUTO_STR own = NULL;

	settings_builtin(set);
	if (settings_read(set, AT_FDCWD, installed, installed, fault) == -1 &&
	    errno != ENOENT && errno != ENOTDIR)
		return -1;
	if (asprintf(&own, "%s/etc/taskdir.conf", s->path) == -1)
		return -1;
	if (settings_read(set, s->dir, "etc/taskdir.conf", own, fault) == -1 &&
	    errno != ENOENT)
		return -1;
	return 0;
}

/* Changes with any of the files. */
static uint64_t
stamp_of(struct spool *s)
{
	static const char *const paths[] = { TASKDIR_ETC "/taskdir.conf",
		TASKDIR_ETC "/queues.conf", "etc/taskdir.conf",
		"etc/queues.conf" };
	uint64_t stamp = 0;
	struct stat st;
	size_t i;

	for (i = 0; i < COUNT(paths); i++) {
		stamp *= UINT64_C(1099511628211);
		if (fstatat(s->dir, paths[i], &st, 0) == 0)
			stamp ^= (uint64_t)st.st_ino ^
				 (uint64_t)st.st_mtim.tv_sec << 32 ^
				 (uint64_t)st.st_mtim.tv_nsec ^
				 (uint64_t)st.st_size << 16;
	}
	return stamp;
}

static struct settings *
load(struct spool *s, struct settings_fault *fault)
{
	struct settings *set = malloc(sizeof(*set));

	if (set == NULL)
		return NULL;
	if (read_both(s, set, fault) == 0 && queues_read(s, set, fault) == 0)
		return set;
	queues_free(set);
	free(set);
	return NULL;
}

const struct settings *
settings_get(struct spool *s, struct settings_fault *fault)
{
	struct settings_fault unseen;
	uint64_t stamp;

	if (s->settings != NULL)
		return s->settings;
	stamp = stamp_of(s);
	s->settings = load(s, fault == NULL ? &unseen : fault);
	if (s->settings != NULL)
		s->settings->stamp = stamp;
	return s->settings;
}

int
settings_reload(struct spool *s, struct settings_fault *fault)
{
	uint64_t stamp = stamp_of(s);
	struct settings *new;

	if (s->settings != NULL && s->settings->stamp == stamp)
		return 0;
	if (s->settings != NULL)
		s->settings->stamp = stamp;
	if ((new = load(s, fault)) == NULL)
		return -1;
	settings_forget(s);
	new->stamp = stamp;
	s->settings = new;
	return 1;
}

void
settings_forget(struct spool *s)
{
	if (s->settings != NULL)
		queues_free(s->settings);
	free(s->settings);
	s->settings = NULL;
}
