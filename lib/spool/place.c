#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "spool/spool.h"

static void
name_of(struct place *p, const char *id)
{
	(void)snprintf(p->name, sizeof(p->name), "%.16s.json", id);
}

void
place_of(struct place *p, enum state state, const char *id,
    const struct task *task, bool retry)
{
	char part[CLOCK_DAY];

	p->state = state;
	name_of(p, id);
	if (state == STATE_READY) {
		id_bucket(id, part);
		(void)snprintf(p->dir, sizeof(p->dir), "ready/%s/%d%s/%s",
		    task->queue, task->priority, retry ? "r" : "", part);
		return;
	}
	clock_day(id_time(id), part);
	(void)snprintf(p->dir, sizeof(p->dir), "%s/%s", state_name(state),
	    part);
}

void
place_running(struct place *p, const char *id, const char *worker)
{
	p->state = STATE_RUNNING;
	name_of(p, id);
	(void)snprintf(p->dir, sizeof(p->dir), "running/%.64s", worker);
}

void
place_path(const struct place *p, char path[PLACE_SIZE])
{
	(void)snprintf(path, PLACE_SIZE, "%.160s/%s", p->dir, p->name);
}

bool
place_name_ok(const char *name)
{
	char id[ID_SIZE];

	if (strlen(name) != ID_LEN + 5 || strcmp(name + ID_LEN, ".json") != 0)
		return false;
	memcpy(id, name, ID_LEN);
	id[ID_LEN] = '\0';
	return id_ok(id);
}

void
place_id(const struct place *p, char id[ID_SIZE])
{
	memcpy(id, p->name, ID_LEN);
	id[ID_LEN] = '\0';
}

void
place_log(char path[PLACE_SIZE], const char *id, int n)
{
	char day[CLOCK_DAY];

	clock_day(id_time(id), day);
	(void)snprintf(path, PLACE_SIZE, "log/%s/%s.%d.log", day, id, n);
}

int
place_folder(struct spool *s, const char *dir, int *made)
{
	char part[PLACE_SIZE], *slash;
	bool new = false;
	int fd, above;

	if ((fd = file_dir(s->dir, dir)) != -1 || errno != ENOENT)
		return fd;
	if (strlcpy(part, dir, sizeof(part)) >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if ((slash = strrchr(part, '/')) == NULL)
		return file_dir_made(s->dir, dir, 0700, NULL);
	*slash = '\0';
	/* Whoever removes emptied folders may be as fast as this. */
	do {
		if ((above = place_folder(s, part, made)) == -1)
			return -1;
		fd = file_dir_made(above, slash + 1, 0700, &new);
		(void)close(above);
	} while (fd == -1 && errno == ENOENT);
	if (new)
		(*made)++;
	return fd;
}
