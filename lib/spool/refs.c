#include "spool/refs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "task/fields.h"

static void
free_line(struct ref_line *l)
{
	size_t i;

	for (i = 0; i < l->after_count; i++)
		free(l->after[i]);
	free(l->after);
	free(l->ref);
}

void
refs_free(struct refs *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		free_line(&r->v[i]);
	free(r->v);
	free(r->table);
	*r = (struct refs){ 0 };
}

static size_t
hash(const char *ref)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *ref != '\0'; ref++)
		h = (h ^ (unsigned char)*ref) * UINT64_C(1099511628211);
	return (size_t)(h ^ h >> 32);
}

/* Where the ref stands in the table, or would. */
static size_t
slot_of(const struct refs *r, const char *ref)
{
	size_t i = hash(ref) & (r->slots - 1);

	while (
	    r->table[i] != REFS_NONE && strcmp(r->v[r->table[i]].ref, ref) != 0)
		i = (i + 1) & (r->slots - 1);
	return i;
}

size_t
refs_find(const struct refs *r, const char *ref)
{
	return r->slots == 0 ? REFS_NONE : r->table[slot_of(r, ref)];
}

static int
make_room(struct refs *r)
{
	size_t i, room = r->room == 0 ? 64 : 2 * r->room, *table;
	struct ref_line *v;

	if (r->n < r->room)
		return 0;
	if ((v = reallocarray(r->v, room, sizeof(*v))) == NULL)
		return -1;
	r->v = v;
	if ((table = calloc(2 * room, sizeof(*table))) == NULL)
		return -1;
	free(r->table);
	r->table = table;
	r->slots = 2 * room;
	r->room = room;
	for (i = 0; i < r->slots; i++)
		table[i] = REFS_NONE;
	for (i = 0; i < r->n; i++)
		if (r->v[i].ref != NULL)
			table[slot_of(r, r->v[i].ref)] = i;
	return 0;
}

static size_t
refs_in(const struct task *task)
{
	size_t i, n = 0;

	for (i = 0; i < task->after_count; i++)
		n += task->after[i].ref != NULL;
	return n;
}

static int
copy_refs(struct ref_line *l, const struct task *task, size_t n)
{
	size_t i;

	if (task->ref != NULL && (l->ref = strdup(task->ref)) == NULL)
		return -1;
	if (n > 0 && (l->after = calloc(n, sizeof(*l->after))) == NULL)
		return -1;
	for (i = 0; i < task->after_count; i++) {
		if (task->after[i].ref == NULL)
			continue;
		l->after[l->after_count] = strdup(task->after[i].ref);
		if (l->after[l->after_count++] == NULL)
			return -1;
	}
	return 0;
}

int
refs_add(struct refs *r, uint64_t line, off_t at, const char *id,
    const struct task *task, size_t *which, struct complaint *c)
{
	struct ref_line l = { .line = line, .at = at };
	size_t n = refs_in(task), slot;

	*which = REFS_NONE;
	if (task->ref == NULL && n == 0)
		return 0;
	if (make_room(r) == -1)
		return -1;
	slot = task->ref == NULL ? 0 : slot_of(r, task->ref);
	if (task->ref != NULL && r->table[slot] != REFS_NONE) {
		(void)complain(c, "ref", "line %llu has it already",
		    (unsigned long long)r->v[r->table[slot]].line);
		errno = EINVAL;
		return -1;
	}
	(void)strlcpy(l.id, id, sizeof(l.id));
	if (copy_refs(&l, task, n) == -1) {
		free_line(&l);
		return -1;
	}
	*which = r->n;
	if (l.ref != NULL)
		r->table[slot] = r->n;
	r->v[r->n++] = l;
	return 0;
}

/* A path of lines, each waiting for the next: of any length, so no recursion.
 */
struct path {
	size_t *v, n, room;
};

static int
push(struct path *p, size_t which)
{
	size_t *more;

	if (p->n == p->room) {
		p->room = p->room * 2 + 64;
		more = reallocarray(p->v, p->room, sizeof(*more));
		if (more == NULL)
			return -1;
		p->v = more;
	}
	p->v[p->n++] = which;
	return 0;
}

struct check {
	struct refs *r;
	int (*bad)(size_t which, const struct complaint *c, void *arg);
	void *arg;
	struct path path;
};

static int
mark_bad(struct check *k, size_t which, const char *what, const char *ref)
{
	struct complaint c = { 0 };

	k->r->v[which].mark = REF_BAD;
	(void)complain(&c, "after", "the ref %.64s %s", ref, what);
	return k->bad(which, &c, k->arg);
}

/* Looks at the next blocker of the path's last line. */
static int
step(struct check *k)
{
	size_t which = k->path.v[k->path.n - 1], blocker;
	struct ref_line *l = &k->r->v[which];
	const char *ref;

	if (l->mark == REF_BAD || l->next == l->after_count) {
		if (l->mark == REF_OPEN)
			l->mark = REF_GOOD;
		k->path.n--;
		return 0;
	}
	ref = l->after[l->next];
	if ((blocker = refs_find(k->r, ref)) == REFS_NONE)
		return mark_bad(k, which, "is that of no line", ref);
	switch (k->r->v[blocker].mark) {
	case REF_NEW:
		k->r->v[blocker].mark = REF_OPEN;
		return push(&k->path, blocker);
	case REF_OPEN:
		return mark_bad(k, which, "waits for this one", ref);
	case REF_BAD:
		return mark_bad(k, which, "is refused", ref);
	case REF_GOOD:
		break;
	}
	l->next++;
	return 0;
}

int
refs_check(struct refs *r,
    int (*bad)(size_t which, const struct complaint *c, void *arg), void *arg)
{
	struct check k = { .r = r, .bad = bad, .arg = arg };
	size_t i;
	int answer = 0;

	for (i = 0; i < r->n && answer == 0; i++) {
		if (r->v[i].mark != REF_NEW)
			continue;
		r->v[i].mark = REF_OPEN;
		answer = push(&k.path, i);
		while (answer == 0 && k.path.n > 0)
			answer = step(&k);
	}
	free(k.path.v);
	for (i = 0; i < r->n; i++)
		r->v[i].next = 0;
	return answer;
}

int
refs_order(struct refs *r, size_t which, int (*each)(size_t, void *), void *arg)
{
	struct path path = { 0 };
	struct ref_line *l;
	size_t blocker;
	int answer = r->v[which].written ? 0 : push(&path, which);

	while (answer == 0 && path.n > 0) {
		l = &r->v[path.v[path.n - 1]];
		if (l->next < l->after_count) {
			blocker = refs_find(r, l->after[l->next++]);
			if (!r->v[blocker].written)
				answer = push(&path, blocker);
			continue;
		}
		if (!l->written)
			answer = each(path.v[path.n - 1], arg);
		l->written = true;
		path.n--;
	}
	free(path.v);
	return answer;
}
