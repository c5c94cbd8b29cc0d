/* Words quoted so that a POSIX shell reads them back as they are. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stdio.h>

/* Goes in front of a line whose words hold newlines, which stay one line. */
#define QUOTE_NEWLINE "nl=$(printf '\\nx'); nl=${nl%x}; "

/* 0, -1 with errno. */
int quote_word(FILE *out, const char *word);

#endif
