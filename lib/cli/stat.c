#include "cli/stat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/print.h"
#include "cli/times.h"
#include "cli/visible.h"
#include "task/json.h"

static const char *const ages[CENSUS_AGES] = { "1m", "2m", "4m", "8m", "16m",
	"32m", "64m", "128m", "256m", "512m", "512m+" };

/* "since 12:00:03 by a: why", from "AT by a: why". */
static void
say_since(const char *text, int64_t now)
{
	char stamp[CLOCK_TEXT], shown[TIMES_SHORT];
	int64_t at;

	(void)strlcpy(stamp, text, sizeof(stamp));
	if (clock_parse(stamp, &at) == 0) {
		times_short(at, now, shown);
		(void)printf(" since %s", shown);
		text += strlen(stamp);
	} else {
		(void)putchar(' ');
	}
	visible_text(stdout, text);
}

static int64_t
oldest_of(const struct census *c)
{
	int64_t oldest = 0;
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->queues[i].oldest != 0 &&
		    (oldest == 0 || c->queues[i].oldest < oldest))
			oldest = c->queues[i].oldest;
	return oldest;
}

static void
span_text(const struct census *c, int64_t since, char text[PRINT_SPAN])
{
	if (since == 0)
		(void)strlcpy(text, "-", PRINT_SPAN);
	else
		print_span(c->now - since, text);
}

static void
show_states(const struct census *c)
{
	enum state state;

	(void)printf("%-*s %9s\n", STAT_QUEUE, "STATE", "TASKS");
	for (state = 0; state < STATE_COUNT; state++)
		(void)printf("%-*s %9" PRIu64 "\n", STAT_QUEUE,
		    state_name(state), c->states[state]);
	if (c->drops > 0)
		(void)printf("%-*s %9" PRIu64 "\n", STAT_QUEUE, "new (dropped)",
		    c->drops);
	if (c->bad > 0)
		(void)printf("%-*s %9" PRIu64 "\n", STAT_QUEUE, "bad", c->bad);
}

static void
show_queue(const struct census *c, const struct census_queue *q, int columns)
{
	char oldest[PRINT_SPAN];
	int p;

	span_text(c, q->oldest, oldest);
	(void)printf("%-*.*s %9" PRIu64, STAT_QUEUE, columns, q->name,
	    q->ready);
	for (p = 0; p < PRIORITY_COUNT; p++)
		(void)printf(" %5" PRIu64, q->by_priority[p]);
	(void)printf(" %5" PRIu64 " %6s%s\n", q->again, oldest,
	    q->paused ? " paused" : "");
}

static void
show_notes(const struct census *c)
{
	size_t i;

	(void)printf("\nworkers: %d alive, %d of them at work",
	    c->workers.alive, c->workers.busy);
	if (c->workers.dead > 0)
		(void)printf("; %d dead, whose tasks come back with the next "
			     "tick",
		    c->workers.dead);
	(void)putchar('\n');
	if (c->paused) {
		(void)fputs("paused: all queues", stdout);
		say_since(c->pause, c->now);
		(void)putchar('\n');
	}
	for (i = 0; i < c->n; i++) {
		if (!c->queues[i].paused)
			continue;
		(void)printf("paused: %s", c->queues[i].name);
		say_since(c->queues[i].pause, c->now);
		(void)putchar('\n');
	}
	if (*c->degraded != '\0') {
		(void)fputs("degraded:", stdout);
		say_since(c->degraded, c->now);
		(void)putchar('\n');
	}
}

void
stat_tables(const struct census *c, int columns)
{
	char oldest[PRINT_SPAN];
	size_t i;
	int p;

	show_states(c);
	if (c->n > 0) {
		(void)printf("\n%-*s %9s", STAT_QUEUE, "QUEUE", "READY");
		for (p = 0; p < PRIORITY_COUNT; p++)
			(void)printf("    P%d", p);
		(void)puts(" AGAIN OLDEST");
	}
	for (i = 0; i < c->n; i++)
		show_queue(c, &c->queues[i], columns);
	show_notes(c);
	span_text(c, oldest_of(c), oldest);
	(void)printf("oldest ready task: %s\n", oldest);
}

static int
digits(uint64_t n)
{
	return snprintf(NULL, 0, "%" PRIu64, n);
}

static void
show_ages(const char *name, int columns, const uint64_t by_age[CENSUS_AGES],
    const int widths[CENSUS_AGES])
{
	int i;

	(void)printf("%-*.*s", STAT_QUEUE, columns, name);
	for (i = 0; i < CENSUS_AGES; i++)
		(void)printf(" %*" PRIu64, widths[i], by_age[i]);
	(void)putchar('\n');
}

/* As narrow as they can be, for 80 columns. */
void
stat_ages(const struct census *c, int columns)
{
	uint64_t all[CENSUS_AGES] = { 0 };
	int widths[CENSUS_AGES], a;
	size_t i;

	for (i = 0; i < c->n; i++)
		for (a = 0; a < CENSUS_AGES; a++)
			all[a] += c->queues[i].by_age[a];
	(void)printf("%-*s", STAT_QUEUE, "QUEUE");
	for (a = 0; a < CENSUS_AGES; a++) {
		widths[a] = digits(all[a]);
		if (widths[a] < (int)strlen(ages[a]))
			widths[a] = (int)strlen(ages[a]);
		(void)printf(" %*s", widths[a], ages[a]);
	}
	(void)putchar('\n');
	show_ages("(all)", columns, all, widths);
	for (i = 0; i < c->n; i++)
		show_ages(c->queues[i].name, columns, c->queues[i].by_age,
		    widths);
}

static void
put_text(const char *key, const char *text)
{
	(void)putchar(',');
	(void)json_put_key(stdout, key);
	(void)json_put_string(stdout, text, strlen(text));
}

static void
put_age(const struct census *c, int64_t since)
{
	if (since == 0)
		(void)fputs(",\"oldest_s\":null", stdout);
	else
		(void)printf(",\"oldest_s\":%" PRId64,
		    (c->now > since ? c->now - since : 0) / CLOCK_SECOND);
}

static void
put_queue(const struct census *c, const struct census_queue *q)
{
	int i;

	(void)printf("\"%s\":{\"ready\":%" PRIu64 ",\"again\":%" PRIu64
		     ",\"priorities\":[",
	    q->name, q->ready, q->again);
	for (i = 0; i < PRIORITY_COUNT; i++)
		(void)printf("%s%" PRIu64, i == 0 ? "" : ",",
		    q->by_priority[i]);
	(void)fputs("],\"ages\":{", stdout);
	for (i = 0; i < CENSUS_AGES; i++)
		(void)printf("%s\"%s\":%" PRIu64, i == 0 ? "" : ",", ages[i],
		    q->by_age[i]);
	(void)putchar('}');
	put_age(c, q->oldest);
	(void)printf(",\"paused\":%s", q->paused ? "true" : "false");
	if (q->paused)
		put_text("why", q->pause);
	(void)putchar('}');
}

void
stat_json(const struct census *c)
{
	char at[CLOCK_TEXT];
	enum state state;
	size_t i;

	clock_format(c->now, at);
	(void)printf("{\"at\":\"%s\",\"states\":{", at);
	for (state = 0; state < STATE_COUNT; state++)
		(void)printf("%s\"%s\":%" PRIu64, state == 0 ? "" : ",",
		    state_name(state), c->states[state]);
	(void)printf("},\"new\":%" PRIu64 ",\"bad\":%" PRIu64 ",\"queues\":{",
	    c->drops, c->bad);
	for (i = 0; i < c->n; i++) {
		(void)fputs(i == 0 ? "" : ",", stdout);
		put_queue(c, &c->queues[i]);
	}
	(void)putchar('}');
	put_age(c, oldest_of(c));
	(void)printf(",\"workers\":{\"alive\":%d,\"busy\":%d,\"dead\":%d}"
		     ",\"paused\":%s",
	    c->workers.alive, c->workers.busy, c->workers.dead,
	    c->paused ? "true" : "false");
	if (c->paused)
		put_text("why", c->pause);
	(void)printf(",\"degraded\":%s",
	    *c->degraded != '\0' ? "true" : "false");
	if (*c->degraded != '\0')
		put_text("degraded_since", c->degraded);
	(void)puts("}");
}
