/* Sizes as people write them: bytes, or K, M, G behind the number. */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdint.h>

/* 0, or -1 for what is none or does not fit. */
int size_parse(const char *text, int64_t *bytes);

#endif
