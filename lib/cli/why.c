#include "cli/why.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cli/times.h"
#include "cli/visible.h"

#define PATH_COLUMNS 30

static void
put_time(FILE *out, int64_t at, int64_t now)
{
	char text[CLOCK_TEXT];

	if (now != 0)
		times_short(at, now, text);
	else
		clock_format(at, text);
	(void)fputs(text, out);
}

/* Texts that begin with a time as we write it, or are one. */
static void
put_stamp(FILE *out, const char *text, int64_t now)
{
	char stamp[CLOCK_TEXT];
	int64_t at;

	(void)strlcpy(stamp, text, sizeof(stamp));
	if (clock_parse(stamp, &at) == 0) {
		put_time(out, at, now);
		text += strlen(stamp);
	}
	visible_text(out, text);
}

static void
put_path(FILE *out, const char *path)
{
	size_t len = strlen(path);

	/* The end of a path tells more than its beginning. */
	if (len > PATH_COLUMNS) {
		(void)fputs("...", out);
		path += len - PATH_COLUMNS + 3;
		while (((unsigned char)*path & 0xc0) == 0x80)
			path++;
	}
	visible_text(out, path);
}

static void
say_paths(FILE *out, const struct why *why, int64_t now)
{
	const struct reserve_conflict *c = &why->conflict;

	put_path(out, c->path);
	(void)fputs(" is held by ", out);
	visible_text(out, c->holder);
	if (*c->who != '\0') {
		(void)fputs(" (", out);
		put_path(out, c->who);
		(void)fputc(')', out);
	}
	if (*c->since != '\0') {
		(void)fputs(" since ", out);
		put_stamp(out, c->since, now);
	}
}

static void
say_limit(FILE *out, const struct why *why)
{
	size_t len = strlen(LIMIT_PROJECT);
	bool project = strncmp(why->limit, LIMIT_PROJECT, len) == 0;

	(void)fprintf(out, "%s %s has its %d at work",
	    project ? "project" : "queue", why->limit + (project ? len : 0),
	    why->most);
}

static void
say_blockers(FILE *out, const struct why *why)
{
	static const char *const end[] = { [AFTER_DONE] = "",
		[AFTER_FAILED] = " to fail",
		[AFTER_ENDED] = " to end" };
	size_t i;

	for (i = 0; i < why->open && i < WHY_BLOCKERS; i++) {
		const struct why_blocker *b = &why->blockers[i];

		(void)fprintf(out, "%s%s (%s)%s", i == 0 ? "waits for " : ", ",
		    b->id,
		    b->state == STATE_COUNT ? "not found"
					    : state_name(b->state),
		    end[b->when]);
	}
	if (why->open > WHY_BLOCKERS)
		(void)fprintf(out, " and %zu more", why->open - WHY_BLOCKERS);
}

static void
say_running(FILE *out, const struct why *why, int64_t now)
{
	AUTO_STR progress = NULL;

	(void)fprintf(out, "runs in %s", why->worker);
	if (why->at != 0) {
		(void)fputs(" since ", out);
		put_time(out, why->at, now);
	}
	if (why->kind == WHY_DEAD)
		(void)fputs(", whose worker is dead", out);
	if (!why->has_progress ||
	    (progress = progress_text(&why->progress)) == NULL)
		return;
	(void)fputs(": ", out);
	visible_text(out, progress);
	if (*why->progress.text != '\0') {
		(void)fputs(", ", out);
		visible_text(out, why->progress.text);
	}
}

/* "held by a at 12:00:03: because" */
static void
say_last(FILE *out, const struct why *why, int64_t now)
{
	const struct moment *m = &why->last;

	if (m->event == NULL) {
		(void)fputs("nothing is known", out);
		return;
	}
	visible_text(out, m->event);
	if (m->n > 0)
		(void)fprintf(out, " %d", m->n);
	if (m->outcome != NULL) {
		(void)fputs(": ", out);
		visible_text(out, m->outcome);
	}
	if (m->exit > 0)
		(void)fprintf(out, " with %d", m->exit);
	if (m->by != NULL) {
		(void)fputs(" by ", out);
		visible_text(out, m->by);
	}
	if (m->at != NULL) {
		(void)fputs(", ", out);
		put_stamp(out, m->at, now);
	}
	if (m->why != NULL) {
		(void)fputs(": ", out);
		visible_text(out, m->why);
	}
}

static void
say_time(FILE *out, const struct why *why, int64_t now)
{
	if (why->at == 0 || (now != 0 && why->at <= now)) {
		(void)fputs("is due now", out);
		return;
	}
	(void)fputs("not before ", out);
	put_time(out, why->at, now);
}

static void
say(FILE *out, const struct why *why, int64_t now)
{
	switch (why->kind) {
	case WHY_NEXT:
		(void)fprintf(out, "next for a worker (%d of %d at work)",
		    why->workers.busy, why->workers.alive);
		break;
	case WHY_NO_WORKER:
		(void)fputs("no worker runs", out);
		break;
	case WHY_PAUSED:
		(void)fputs("paused ", out);
		put_stamp(out, why->pause, now);
		break;
	case WHY_PATHS:
		say_paths(out, why, now);
		break;
	case WHY_BARRIER:
		(void)fputs("one that waits longer for its paths is first",
		    out);
		break;
	case WHY_LIMIT:
		say_limit(out, why);
		break;
	case WHY_BLOCKERS_OPEN:
		say_blockers(out, why);
		break;
	case WHY_BLOCKERS_MET:
		(void)fputs("its blockers have ended: moved on by upkeep", out);
		break;
	case WHY_TIME:
		say_time(out, why, now);
		break;
	case WHY_RUNNING:
	case WHY_DEAD:
		say_running(out, why, now);
		break;
	case WHY_HELD:
	case WHY_ENDED:
		say_last(out, why, now);
		break;
	}
}

char *
why_text(const struct why *why, int64_t now)
{
	AUTO_STR text = NULL;
	FILE *out;
	size_t len;

	if ((out = open_memstream(&text, &len)) == NULL)
		return NULL;
	say(out, why, now);
	if (fclose(out) == EOF)
		return NULL;
	return str_take(&text);
}

char *
progress_text(const struct progress *p)
{
	const char *between = *p->step != '\0' ? " " : "";
	char *text;
	int len;

	if (p->percent < 0 && *p->step != '\0')
		return strdup(p->step);
	if (p->percent < 0)
		len = asprintf(&text, "?%%");
	else
		len = asprintf(&text, "%.4g%%%s%s", p->percent, between,
		    p->step);
	return len == -1 ? NULL : text;
}
