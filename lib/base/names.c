#include "base/names.h"

#include <string.h>

#include "base/auto.h"
#include "base/file.h"

struct reading {
	bool (*want)(const char *);
	char *text;
	size_t used, size, n;
	char *first;
	size_t first_size;
};

int
names_each(int dir, const char *path, int (*each)(const char *, void *),
    void *arg)
{
	AUTO_FD fd = -1;
	AUTO_DIR d = NULL;
	struct dirent *e;
	int answer;

	if ((fd = file_dir(dir, path)) == -1)
		return errno == ENOENT ? 0 : -1;
	if ((d = fdopendir(fd)) == NULL)
		return -1;
	(void)fd_take(&fd);
	for (;;) {
		errno = 0;
		if ((e = readdir(d)) == NULL)
			return errno == 0 ? 0 : -1;
		if (e->d_name[0] == '.')
			continue;
		if ((answer = each(e->d_name, arg)) != 0)
			return answer;
	}
}

static int
keep(const char *name, void *arg)
{
	struct reading *r = arg;
	size_t len = strlen(name) + 1;
	char *more;

	if (r->want != NULL && !r->want(name))
		return 0;
	if (r->used + len > r->size) {
		r->size = r->size * 2 + 1024;
		if ((more = realloc(r->text, r->size)) == NULL)
			return -1;
		r->text = more;
	}
	memcpy(r->text + r->used, name, len);
	r->used += len;
	r->n++;
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

int
names_read(int dir, const char *path, bool (*want)(const char *),
    struct names *names)
{
	struct reading r = { .want = want };
	size_t i;
	char *p;

	*names = (struct names){ 0 };
	if (names_each(dir, path, keep, &r) == -1 ||
	    (names->v = calloc(r.n + 1, sizeof(*names->v))) == NULL) {
		free(r.text);
		return -1;
	}
	names->text = r.text;
	names->n = r.n;
	for (i = 0, p = r.text; i < r.n; i++, p += strlen(p) + 1)
		names->v[i] = p;
	qsort(names->v, names->n, sizeof(*names->v), by_name);
	return 0;
}

void
names_free(struct names *names)
{
	int saved = errno;

	free(names->v);
	free(names->text);
	*names = (struct names){ 0 };
	errno = saved;
}

static int
keep_first(const char *name, void *arg)
{
	struct reading *r = arg;

	if (r->want != NULL && !r->want(name))
		return 0;
	if (r->n > 0 && strcmp(name, r->first) >= 0)
		return 0;
	if (strlcpy(r->first, name, r->first_size) >= r->first_size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	r->n = 1;
	return 0;
}

int
names_first(int dir, const char *path, bool (*want)(const char *), char *name,
    size_t size)
{
	struct reading r = { .want = want, .first_size = size };

	r.first = name;
	if (names_each(dir, path, keep_first, &r) == -1)
		return -1;
	return r.n > 0;
}
