#include "spool/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/conf.h"

struct origins {
	struct origin *v;
	size_t n;
	const char *file;
};

static struct origin *
add(struct origins *all, const char *section, const char *key)
{
	struct origin *more;
	char name[sizeof(more->key)];
	char *blank;
	size_t i;

	(void)snprintf(name, sizeof(name), "%.75s.%.64s", section, key);
	if ((blank = strchr(name, ' ')) != NULL)
		*blank = '.';
	for (i = 0; i < all->n; i++)
		if (strcmp(all->v[i].key, name) == 0)
			return &all->v[i];
	more = reallocarray(all->v, all->n + 1, sizeof(*all->v));
	if (more == NULL)
		return NULL;
	all->v = more;
	more += all->n++;
	*more = (struct origin){ .line = 0 };
	(void)strlcpy(more->key, name, sizeof(more->key));
	return more;
}

static int
take(const struct conf_value *v, struct conf_fault *fault, void *arg)
{
	struct origins *all = arg;
	struct origin *o = add(all, v->section, v->key);

	if (o == NULL) {
		(void)strlcpy(fault->what, "out of memory",
		    sizeof(fault->what));
		return -1;
	}
	(void)strlcpy(o->value, v->value, sizeof(o->value));
	(void)strlcpy(o->file, all->file, sizeof(o->file));
	o->line = v->line;
	return 0;
}

static int
add_builtin(struct origins *all)
{
	const struct settings_key *key;
	struct origin *o;
	size_t i;

	for (i = 0; (key = settings_key(i)) != NULL; i++) {
		if ((o = add(all, key->section, key->name)) == NULL)
			return -1;
		(void)strlcpy(o->value, key->value, sizeof(o->value));
	}
	return 0;
}

static int
read_file(struct spool *s, struct origins *all, const char *name)
{
	AUTO_STR own = NULL;
	AUTO_STR installed = NULL;
	struct conf_fault at;

	if (asprintf(&installed, "%s/%s", TASKDIR_ETC, name) == -1 ||
	    asprintf(&own, "%s/etc/%s", s->path, name) == -1)
		return -1;
	all->file = installed;
	if (conf_read(AT_FDCWD, installed, take, all, &at) == -1 &&
	    errno != ENOENT && errno != ENOTDIR)
		return -1;
	all->file = own;
	if (conf_read(AT_FDCWD, own, take, all, &at) == -1 && errno != ENOENT)
		return -1;
	return 0;
}

int
origin_each(struct spool *s, struct settings_fault *fault,
    int (*each)(const struct origin *origin, void *arg), void *arg)
{
	struct origins all = { .v = NULL };
	size_t i;
	int answer = 0;

	/* Only what can be in force is told: a fault is found here. */
	if (settings_get(s, fault) == NULL)
		return -1;
	if (add_builtin(&all) == -1 ||
	    read_file(s, &all, "taskdir.conf") == -1 ||
	    read_file(s, &all, "queues.conf") == -1)
		answer = -1;
	for (i = 0; i < all.n && answer == 0; i++)
		answer = each(&all.v[i], arg);
	free(all.v);
	return answer;
}
