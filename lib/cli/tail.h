/* What happens in a spool, line by line, as people read it. */
#ifndef CLI_TAIL_H
#define CLI_TAIL_H

#include <stddef.h>
#include <stdint.h>

/* columns: of the terminal, -1 where there is none. */
void tail_header(int columns);

/* TIME EVENT ID WORKER and what there is to say. */
void tail_line(const char *line, size_t len, int64_t now, int columns);

#endif
