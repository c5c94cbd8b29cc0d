/* Characters: read from UTF-8 or from the inside of a JSON string. */
#ifndef TASK_UTF8_H
#define TASK_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The character at *s, which is before end, and *s past it; -1 and *s left
 * alone when the bytes there are no UTF-8 (overlong, surrogate, too large).
 */
int32_t utf8_next(const char **s, const char *end);

/* The same between the quotes of a JSON string; *what says why it is -1. */
int32_t utf8_unescape(const char **s, const char *end, const char **what);

/* Writes a character as 1 to 4 bytes and returns how many. */
size_t utf8_put(char buf[4], int32_t c);

#endif
