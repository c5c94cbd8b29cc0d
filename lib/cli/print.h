/* Tasks for people and for the next program. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "spool/entry.h"

#define PRINT_SPAN 24

struct print {
	int columns; /* of the terminal, 0: it is none */
	int64_t now;
};
void print_begin(struct print *p);

/* ID STATE P QUEUE AGE TITLE; a header and cut titles on a terminal only. */
void print_header(const struct print *p);
int print_task(const struct print *p, const struct entry *e);

/* One JSON object on one line, as taskdir(5) has it. */
int print_json(const struct entry *e);

/* A word for the next program, ended by a newline or by NUL. */
int print_word(const char *word, bool null);

/* A span in its largest unit of which there are two: "119s", "2m", "12d". */
void print_span(int64_t span, char text[PRINT_SPAN]);

/* Is all of it printed?  The status, or, after saying so, 74. */
int cli_finish(int status);

#endif
