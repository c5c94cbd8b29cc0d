#include "spool/fsck.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spool/fsck_look.h"

static const struct {
	const char *guarantee, *name;
	bool passes; /* others may be at it: looked at for longer */
} kinds[FSCK_KIND_COUNT] = {
	[FSCK_UNREADABLE] = { "G1", "unreadable", false },
	[FSCK_TORN] = { "G1", "torn", false },
	[FSCK_WRONG_ID] = { "G1", "wrong-id", false },
	[FSCK_FOREIGN] = { "G1", "foreign", false },
	[FSCK_TWICE] = { "G2", "twice", false },
	[FSCK_MISPLACED] = { "G3", "misplaced", false },
	[FSCK_NO_BLOCKER] = { "G3", "no-blocker", true },
	[FSCK_OPEN_MODE] = { "G3", "open-mode", false },
	[FSCK_TWO_IN_SLOT] = { "G4", "two-in-slot", true },
	[FSCK_OLD_ATTEMPT] = { "G4", "old-attempt", true },
	[FSCK_NOT_HELD] = { "G4", "not-held", true },
	[FSCK_RUNS_ELSEWHERE] = { "G4", "runs-elsewhere", true },
	[FSCK_RECORDED_DONE] = { "G5", "recorded-done", true },
	[FSCK_CONFLICT] = { "G6", "conflict", false },
	[FSCK_RECORD] = { "G6", "record", false },
	[FSCK_STILL_HELD] = { "G6", "still-held", true },
	[FSCK_DEAD_WORKER] = { "G7", "dead-worker", true },
	[FSCK_STUCK] = { "G8", "stuck", true },
	[FSCK_NO_HINT] = { "G8", "no-hint", true },
	[FSCK_KEY_TWICE] = { "G8", "key-twice", false },
	[FSCK_NO_FOLDER] = { "G9", "no-folder", true },
	[FSCK_OLD_TMP] = { "G9", "old-tmp", false },
	[FSCK_NO_WHY] = { "G9", "no-why", true },
	[FSCK_JOURNAL] = { "G9", "journal", false },
	[FSCK_DEGRADED] = { "G9", "degraded", true },
};

/* Milliseconds before each further look; what does not pass needs only one. */
static const unsigned int pauses[] = { 50, 450, 1500, 4000 };
#define ROUNDS (sizeof(pauses) / sizeof(pauses[0]))

int
fsck_take(struct fsck *f, fsck_look *look, const char *part)
{
	fsck_look *outer_look = f->look;
	const char *outer_part = f->part;
	int answer;

	f->look = look;
	f->part = part;
	answer = look(f, part);
	f->look = outer_look;
	f->part = outer_part;
	return answer;
}

static void
found_free(struct fsck_found *found)
{
	free(found->part);
	free(found->object);
	free(found->words);
}

static void
list_free(struct fsck_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		found_free(&list->v[i]);
	free(list->v);
	*list = (struct fsck_list){ 0 };
}

/* The list's from now on, whatever is answered. */
static int
list_add(struct fsck_list *list, struct fsck_found *found)
{
	struct fsck_found *more = list->v;
	size_t size = list->size * 2 + 16;

	if (list->n == list->size) {
		more = reallocarray(list->v, size, sizeof(*list->v));
		if (more == NULL) {
			found_free(found);
			return -1;
		}
		list->v = more;
		list->size = size;
	}
	list->v[list->n++] = *found;
	return 0;
}

int
fsck_find(struct fsck *f, enum fsck_kind kind, const char *object,
    const char *format, ...)
{
	struct fsck_found found = { .look = f->look, .kind = kind };
	va_list ap;
	int len;

	va_start(ap, format);
	len = vasprintf(&found.words, format, ap);
	va_end(ap);
	if (len == -1)
		return -1;
	found.part = strdup(f->part);
	found.object = strdup(object);
	if (found.part == NULL || found.object == NULL) {
		found_free(&found);
		return -1;
	}
	return list_add(&f->found, &found);
}

static int
by_part(const void *a, const void *b)
{
	const struct fsck_found *x = a, *y = b;
	int answer;

	if (x->look != y->look)
		return (uintptr_t)x->look < (uintptr_t)y->look ? -1 : 1;
	if ((answer = strcmp(x->part, y->part)) != 0 ||
	    (answer = (int)x->kind - (int)y->kind) != 0 ||
	    (answer = strcmp(x->object, y->object)) != 0)
		return answer;
	return strcmp(x->words, y->words);
}

static int
for_people(const void *a, const void *b)
{
	const struct fsck_found *x = a, *y = b;
	int answer;

	if ((answer = (int)x->kind - (int)y->kind) != 0 ||
	    (answer = strcmp(x->object, y->object)) != 0)
		return answer;
	return strcmp(x->words, y->words);
}

static void
sort(struct fsck_list *list, int (*order)(const void *, const void *))
{
	if (list->n > 1)
		qsort(list->v, list->n, sizeof(*list->v), order);
}

static bool
holds(const struct fsck_list *list, const struct fsck_found *found)
{
	return list->n > 0 && bsearch(found, list->v, list->n, sizeof(*list->v),
				  by_part) != NULL;
}

/* Of what was found before, what is found again; the rest goes. */
static int
look_again(struct fsck *f)
{
	struct fsck_list before = f->found, kept = { 0 };
	const struct fsck_found *one, *last = NULL;
	size_t i;
	int answer = 0;

	f->found = (struct fsck_list){ 0 };
	sort(&before, by_part);
	for (i = 0; i < before.n && answer == 0; i++, last = one) {
		one = &before.v[i];
		if (last == NULL || one->look != last->look ||
		    strcmp(one->part, last->part) != 0)
			answer = fsck_take(f, one->look, one->part);
	}
	sort(&f->found, by_part);
	for (i = 0; i < before.n; i++)
		if (answer == 0 && holds(&f->found, &before.v[i]))
			answer = list_add(&kept, &before.v[i]);
		else
			found_free(&before.v[i]);
	free(before.v);
	list_free(&f->found);
	f->found = kept;
	return answer;
}

/* What is sure goes over to the list of those; what may pass stays. */
static int
settle(struct fsck *f, bool all, struct fsck_list *sure)
{
	size_t i, n = 0;
	int answer = 0;

	for (i = 0; i < f->found.n; i++)
		if (!all && kinds[f->found.v[i].kind].passes)
			f->found.v[n++] = f->found.v[i];
		else if (list_add(sure, &f->found.v[i]) == -1)
			answer = -1;
	f->found.n = n;
	return answer;
}

static int
look_in_rounds(struct fsck *f, struct fsck_list *sure)
{
	size_t i;

	if (fsck_walk(f) == -1 || fsck_take(f, fsck_reserve, "reserve") == -1 ||
	    fsck_take(f, fsck_house, ".") == -1)
		return -1;
	for (i = 0; i < ROUNDS && f->found.n > 0; i++) {
		(void)usleep(pauses[i] * 1000);
		if (look_again(f) == -1 ||
		    settle(f, i == ROUNDS - 1, sure) == -1)
			return -1;
	}
	return 0;
}

/* Two looks at the same thing may say the same. */
static int
tell(struct fsck_list *sure, int (*each)(const struct finding *, void *),
    void *arg)
{
	const struct fsck_found *one, *last = NULL;
	int told = 0;
	size_t i;

	sort(sure, for_people);
	for (i = 0; i < sure->n; i++, last = one) {
		one = &sure->v[i];
		if (last != NULL && for_people(one, last) == 0)
			continue;
		if (each(&(struct finding){ kinds[one->kind].guarantee,
			     kinds[one->kind].name, one->object, one->words },
			arg) != 0)
			return -1;
		told++;
	}
	return told;
}

int
fsck_check(struct spool *s, int64_t now,
    int (*each)(const struct finding *, void *), void *arg)
{
	struct fsck f = { .s = s, .now = now };
	struct fsck_list sure = { 0 };
	int answer;

	if ((answer = look_in_rounds(&f, &sure)) == 0)
		answer = tell(&sure, each, arg);
	list_free(&f.found);
	list_free(&sure);
	seen_free(&f.ids);
	seen_free(&f.keys);
	return answer;
}
