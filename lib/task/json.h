/*
 * Strict JSON: the scanner that every text passes before cJSON sees it, and
 * the words to write JSON with.
 */
#ifndef TASK_JSON_H
#define TASK_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#define JSON_MAX   (1 << 20) /* bytes of one text */
#define JSON_DEPTH 64

struct json_fault {
	const char *what; /* static text */
	size_t at;	  /* byte offset */
	char key[65]; /* top-level key it lies in, "" if none, safe to print */
};

struct json_member {
	const char *key; /* raw, between the quotes */
	size_t key_len;
	const char *value; /* raw, without the blanks around it */
	size_t value_len;
};

/*
 * 0 when the text is exactly one strict JSON value, blanks around it allowed.
 * Otherwise -1, *fault says why, and errno is EINVAL, or ENOMEM when it could
 * not be judged. Within the top-level member lax_key (NULL: nowhere) numbers
 * need not survive a double.
 */
int json_check(const char *text, size_t len, const char *lax_key,
    struct json_fault *fault);

/*
 * The bytes up to the end of the first value of the text, which is checked as
 * above but may be of any length, whatever may stand behind it; -1 when there
 * is none.
 */
ssize_t json_first(const char *text, size_t len, const char *lax_key,
    struct json_fault *fault);

/*
 * Shows each top-level member of a checked object, in order, and returns the
 * first answer that is not 0; 0 at the end, -1 when the text is no object.
 */
int json_members(const char *text, size_t len,
    int (*each)(const struct json_member *, void *), void *arg);

/* The same for the elements of a checked array, each given raw. */
int json_elements(const char *text, size_t len,
    int (*each)(const char *value, size_t value_len, void *), void *arg);

/* Whether the key, its escapes decoded, is that name. */
bool json_key_is(const struct json_member *m, const char *name);

/*
 * Writes a string in its quotes. What json_check would refuse in it, bytes
 * that are no UTF-8 and NUL, is written as U+FFFD. 0 or -1 with errno.
 */
int json_put_string(FILE *out, const char *s, size_t len);

/* Writes "key": likewise. */
int json_put_key(FILE *out, const char *key);

#endif
