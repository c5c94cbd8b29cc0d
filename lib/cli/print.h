/* Tasks for people and for the next program. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "spool/entry.h"
#include "spool/progress.h"

#define PRINT_SPAN 24

struct print {
	int columns; /* of the terminal, 0: it is none */
	int64_t now;
	bool colour;
};
void print_begin(struct print *p);

/* ID STATE P QUEUE AGE TITLE; a header and cut titles on a terminal only. */
void print_header(const struct print *p);
int print_task(const struct print *p, const struct entry *e);

/* What is known of it beside its file; each may be NULL. */
struct print_more {
	const char *why; /* in words */
	const struct progress *progress;
};
int print_task_more(const struct print *p, const struct entry *e,
    const struct print_more *more);

/* One JSON object on one line, as taskdir(5) has it. */
int print_json(const struct entry *e);
int print_json_more(const struct entry *e, const struct print_more *more);

/* The state's name, as wide as columns say, in its colour on a terminal. */
int print_state(const struct print *p, enum state state, int columns);

/* A word for the next program, ended by a newline or by NUL. */
int print_word(const char *word, bool null);

/* A span in its largest unit of which there are two: "119s", "2m", "12d". */
void print_span(int64_t span, char text[PRINT_SPAN]);

/* Is all of it printed?  The status, or, after saying so, 74. */
int cli_finish(int status);

#endif
