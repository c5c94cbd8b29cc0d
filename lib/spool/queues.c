#include "spool/queues.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/conf.h"

#define RUNNING_MAX 100000

static struct queue_settings *
find(const struct settings *set, const char *name, bool project)
{
	size_t i;

	for (i = 0; i < set->queue_count; i++)
		if (set->queues[i].project == project &&
		    strcmp(set->queues[i].name, name) == 0)
			return &set->queues[i];
	return NULL;
}

static struct queue_settings *
find_or_add(struct settings *set, const char *name, bool project)
{
	struct queue_settings *more = find(set, name, project);

	if (more != NULL)
		return more;
	more = reallocarray(set->queues, set->queue_count + 1,
	    sizeof(*set->queues));
	if (more == NULL)
		return NULL;
	set->queues = more;
	more += set->queue_count++;
	*more = (struct queue_settings){ .project = project, .set = *set };
	more->set.queues = NULL;
	more->set.queue_count = 0;
	(void)strlcpy(more->name, name, sizeof(more->name));
	return more;
}

static int
complain_of_section(struct conf_fault *fault, const char *section)
{
	(void)snprintf(fault->what, sizeof(fault->what),
	    "[%.64s] is neither [queue NAME] nor [project NAME]", section);
	return -1;
}

static int
put_running(struct queue_settings *q, const struct conf_value *v,
    struct conf_fault *fault)
{
	const char *wrong;

	q->running = (int)strtonum(v->value, 0, RUNNING_MAX, &wrong);
	if (wrong == NULL)
		return 0;
	(void)snprintf(fault->what, sizeof(fault->what),
	    "running: '%.40s' is not 0 to %d", v->value, RUNNING_MAX);
	return -1;
}

static int
put(const struct conf_value *v, struct conf_fault *fault, void *arg)
{
	struct conf_value task = *v;
	struct queue_settings *q;
	bool project = strncmp(v->section, "project ", 8) == 0;
	const char *name = v->section + (project ? 8 : 6);

	if ((!project && strncmp(v->section, "queue ", 6) != 0) ||
	    !name_ok(name))
		return complain_of_section(fault, v->section);
	if ((q = find_or_add(arg, name, project)) == NULL) {
		(void)strlcpy(fault->what, "out of memory",
		    sizeof(fault->what));
		return -1;
	}
	if (strcmp(v->key, "running") == 0)
		return put_running(q, v, fault);
	if (project) {
		(void)snprintf(fault->what, sizeof(fault->what),
		    "[%.64s] has no %.40s", v->section, v->key);
		return -1;
	}
	task.section = "task";
	return settings_put(&q->set, &task, fault);
}

static int
read_one(struct settings *set, int dir, const char *name, const char *shown,
    struct settings_fault *fault)
{
	struct conf_fault at;

	if (conf_read(dir, name, put, set, &at) == 0)
		return 0;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	if (errno == EINVAL) {
		(void)strlcpy(fault->file, shown, sizeof(fault->file));
		(void)strlcpy(fault->what, at.what, sizeof(fault->what));
		fault->line = at.line;
	}
	return -1;
}

int
queues_read(struct spool *s, struct settings *set, struct settings_fault *fault)
{
	static const char installed[] = TASKDIR_ETC "/queues.conf";
	AUTO_STR own = NULL;

	if (asprintf(&own, "%s/etc/queues.conf", s->path) == -1)
		return -1;
	if (read_one(set, AT_FDCWD, installed, installed, fault) == -1)
		return -1;
	return read_one(set, s->dir, "etc/queues.conf", own, fault);
}

void
queues_free(struct settings *set)
{
	free(set->queues);
	set->queues = NULL;
	set->queue_count = 0;
}

const struct settings *
queue_rules(const struct settings *set, const char *queue)
{
	const struct queue_settings *q = find(set, queue, false);

	return q == NULL ? set : &q->set;
}

int
queue_limit(const struct settings *set, const char *queue)
{
	const struct queue_settings *q = find(set, queue, false);

	return q == NULL ? 0 : q->running;
}

int
project_limit(const struct settings *set, const char *project)
{
	const struct queue_settings *q = project == NULL
					     ? NULL
					     : find(set, project, true);

	return q == NULL ? 0 : q->running;
}

bool
projects_limited(const struct settings *set)
{
	size_t i;

	for (i = 0; i < set->queue_count; i++)
		if (set->queues[i].project && set->queues[i].running > 0)
			return true;
	return false;
}
