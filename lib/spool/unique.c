#include "spool/unique.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/names.h"
#include "spool/entry.h"
#include "spool/index.h"

#define LOCKS	   4096
#define TRIES	   100
#define MISS_AGAIN (60 * CLOCK_SECOND)

/* Only sorts keys into folders; a holder is known by the key in its task. */
static uint64_t
hash(const char *key)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

static void
folder_of(const char *key, char path[64])
{
	(void)snprintf(path, 64, "index/unique/%016llx",
	    (unsigned long long)hash(key));
}

int
unique_lock(struct spool *s, const char *key)
{
	char path[64];
	AUTO_FD fd = -1;

	(void)snprintf(path, sizeof(path), "ctl/keys/%03llx",
	    (unsigned long long)(hash(key) % LOCKS));
	fd = openat(s->dir, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd == -1 || spool_lock(s, fd, path) == -1)
		return -1;
	return fd_take(&fd);
}

struct seeking {
	struct spool *s;
	const char *key, *folder;
	char id[ID_SIZE];
	int unsure;
};

/*
 * The hint's task is nowhere.  In tmp/ it never came into the spool, since
 * the hint is written between the two; else it may just be on the move, and
 * only a second miss a minute later frees the key.
 */
static int
judge_miss(struct seeking *k, const char *id)
{
	char path[PLACE_SIZE], hint[PLACE_SIZE];
	struct stat st;
	int64_t now = clock_now();

	(void)snprintf(path, sizeof(path), "tmp/%s.json", id);
	(void)snprintf(hint, sizeof(hint), "%s/%s", k->folder, id);
	if (unlinkat(k->s->dir, path, 0) == 0) {
		(void)unlinkat(k->s->dir, hint, 0);
		return 0;
	}
	if (fstatat(k->s->dir, hint, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT ? 0 : -1;
	if ((st.st_mode & S_IXUSR) == 0) {
		/* The bit says that it was missed, its change when. */
		if (fchmodat(k->s->dir, hint, 0700, 0) == -1)
			return -1;
		k->unsure = 1;
	} else if (st.st_ctim.tv_sec * CLOCK_SECOND + MISS_AGAIN > now) {
		k->unsure = 1;
	} else
		(void)unlinkat(k->s->dir, hint, 0);
	return 0;
}

static int
look_at_hint(const char *id, void *arg)
{
	struct seeking *k = arg;
	AUTO_ENTRY e = ENTRY_NONE;
	struct complaint c;
	int found;

	if (!id_ok(id))
		return 0;
	if ((found = entry_find(k->s, id, &e, &c)) == -1)
		return errno == EINVAL ? 0 : -1;
	if (found == 0)
		return judge_miss(k, id);
	if (e.task->unique == NULL || strcmp(e.task->unique, k->key) != 0)
		return 0;
	if (entry_flush(k->s, &e) == -1)
		return -1;
	memcpy(k->id, id, ID_SIZE);
	return 1;
}

static int
look_up(struct seeking *k)
{
	int found = names_each(k->s->dir, k->folder, look_at_hint, k);

	if (found == 0 && k->unsure) {
		errno = EAGAIN;
		return -1;
	}
	return found;
}

int
unique_holder(struct spool *s, const char *key, char id[ID_SIZE])
{
	char folder[64];
	struct seeking k = { s, key, folder, "", 0 };
	struct stat which;
	int found, tries;

	folder_of(key, folder);
	for (tries = 0; tries < TRIES; tries++) {
		if ((found = index_look(s, &which)) == 0) {
			if (index_rebuild(s) == -1)
				return -1;
			continue;
		}
		if (found == -1 || (found = look_up(&k)) != 0) {
			memcpy(id, k.id, sizeof(k.id));
			return found;
		}
		/* Free only if the index was there all the while. */
		if (index_is_still(s, &which))
			return 0;
	}
	errno = EAGAIN;
	return -1;
}

int
unique_hint(struct spool *s, const char *key, const char *id, bool flush)
{
	char folder[64], path[PLACE_SIZE];
	int made = 0, fd, added = 1;

	folder_of(key, folder);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, id);
	while (mknodat(s->dir, path, S_IFREG | 0600, 0) == -1) {
		if (errno == EEXIST) {
			added = 0;
			break;
		}
		if (errno != ENOENT ||
		    (fd = place_folder(s, folder, &made)) == -1)
			return -1;
		(void)close(fd);
	}
	if (flush && spool_flush_folder(s, folder, made) == -1)
		return -1;
	return added;
}

int
unique_is_hinted(struct spool *s, const char *key, const char *id)
{
	char folder[64], path[PLACE_SIZE];

	folder_of(key, folder);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, id);
	if (faccessat(s->dir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
}

void
unique_drop_hint(struct spool *s, const char *key, const char *id)
{
	char folder[64], path[PLACE_SIZE];
	int saved = errno;

	folder_of(key, folder);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, id);
	(void)unlinkat(s->dir, path, 0);
	errno = saved;
}
