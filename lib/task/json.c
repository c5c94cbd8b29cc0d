#include "task/json.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "task/keyset.h"
#include "task/number.h"
#include "task/utf8.h"

struct scan {
	const char *text;
	const char *p;
	const char *end;
	const char *what; /* the fault, once there is one, and its place */
	const char *at;
	const char *lax_key;
	bool lax;
	bool inner; /* a value out of a checked text: only its end matters */
	struct json_member top; /* the member around p, if there is a key */
	struct keyset keys;
	uint32_t objects;	   /* met so far, which numbers them */
	uint32_t open[JSON_DEPTH]; /* number of each open object, 0: an array */
	size_t depth;
};

static int scan_text(struct scan *, size_t, bool);
static int finish(struct scan *, int, struct json_fault *);
static int scan_value(struct scan *);
static int value_begin(struct scan *);
static int value_end(struct scan *);
static int container(struct scan *);
static int member(struct scan *);
static int key(struct scan *, struct json_member *);
static int string(struct scan *);
static int word(struct scan *, const char *);
static int number(struct scan *);
static int next(struct scan *);
static int peek(const struct scan *);
static int fail(struct scan *, const char *, const char *);
static int unexpected(struct scan *, const char *);
static void print_key(char[65], const struct json_member *);

int
json_check(const char *text, size_t len, const char *lax_key,
    struct json_fault *fault)
{
	struct scan s = { .text = text, .lax_key = lax_key };

	return finish(&s, scan_text(&s, len, true), fault);
}

ssize_t
json_first(const char *text, size_t len, const char *lax_key,
    struct json_fault *fault)
{
	struct scan s = { .text = text, .lax_key = lax_key };

	if (finish(&s, scan_text(&s, len, false), fault) == -1)
		return -1;
	return s.p - text;
}

static int
scan_text(struct scan *s, size_t len, bool whole)
{
	int answer;

	s->p = s->text;
	s->end = s->text + (whole && len > JSON_MAX ? JSON_MAX + 1 : len);
	answer = scan_value(s);
	if (answer == 0 && whole && next(s) != -1)
		answer = fail(s, s->p, "text behind the value");
	if (whole && s->p > s->text + JSON_MAX)
		answer = fail(s, s->text + JSON_MAX, "longer than 1 MiB");
	return answer;
}

static int
finish(struct scan *s, int answer, struct json_fault *fault)
{
	keyset_free(&s->keys);
	if (answer == 0)
		return 0;
	fault->what = s->what;
	fault->at = s->at - s->text;
	fault->key[0] = '\0';
	if (s->top.key != NULL)
		print_key(fault->key, &s->top);
	return -1;
}

int
json_members(const char *text, size_t len,
    int (*each)(const struct json_member *, void *), void *arg)
{
	struct scan s = { .p = text, .end = text + len, .inner = true };
	struct json_member m;
	int answer;

	if (next(&s) != '{')
		return unexpected(&s, "not an object");
	s.p++;
	if (next(&s) == '}')
		return 0;
	for (;;) {
		if (key(&s, &m) == -1)
			return -1;
		next(&s);
		m.value = s.p;
		if (scan_value(&s) == -1)
			return -1;
		m.value_len = s.p - m.value;
		if ((answer = each(&m, arg)) != 0)
			return answer;
		if (next(&s) == '}')
			return 0;
		if (peek(&s) != ',')
			return unexpected(&s, "expected , or }");
		s.p++;
	}
}

int
json_elements(const char *text, size_t len,
    int (*each)(const char *, size_t, void *), void *arg)
{
	struct scan s = { .p = text, .end = text + len, .inner = true };
	const char *value;
	int answer;

	if (next(&s) != '[')
		return unexpected(&s, "not an array");
	s.p++;
	if (next(&s) == ']')
		return 0;
	for (;;) {
		next(&s);
		value = s.p;
		if (scan_value(&s) == -1)
			return -1;
		if ((answer = each(value, s.p - value, arg)) != 0)
			return answer;
		if (next(&s) == ']')
			return 0;
		if (peek(&s) != ',')
			return unexpected(&s, "expected , or ]");
		s.p++;
	}
}

bool
json_key_is(const struct json_member *m, const char *name)
{
	const char *s = m->key, *s_end = s + m->key_len;
	const char *t = name, *t_end = t + strlen(t), *what;

	while (s < s_end && t < t_end)
		if (utf8_unescape(&s, s_end, &what) != utf8_next(&t, t_end))
			return false;
	return s == s_end && t == t_end;
}

/* One value, and all the values within it. */
static int
scan_value(struct scan *s)
{
	int more;

	do {
		more = value_begin(s);
		if (more == 0)
			more = value_end(s);
	} while (more == 1);
	return more;
}

/* 0 when that was a whole value, 1 when a value within it is due, or -1. */
static int
value_begin(struct scan *s)
{
	int c = next(s);

	switch (c) {
	case '{':
	case '[':
		return container(s);
	case '"':
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		if (c == '-' || (c >= '0' && c <= '9'))
			return number(s);
		return unexpected(s, "expected a value");
	}
}

/* 1 when another value is due, 0 when all is closed, or -1. */
static int
value_end(struct scan *s)
{
	bool object;
	int c;

	for (; s->depth > 0; s->depth--, s->p++) {
		object = s->open[s->depth - 1] != 0;
		c = next(s);
		if (c != ',' && c != (object ? '}' : ']'))
			return unexpected(s,
			    object ? "expected , or }" : "expected , or ]");
		if (s->depth == 1)
			s->top.key = NULL;
		if (c == ',') {
			s->p++;
			return object ? member(s) : 1;
		}
	}
	return 0;
}

static int
container(struct scan *s)
{
	bool object = *s->p == '{';

	if (s->depth == JSON_DEPTH)
		return fail(s, s->p, "nested too deep");
	s->p++;
	if (next(s) == (object ? '}' : ']')) {
		s->p++;
		return 0;
	}
	s->open[s->depth++] = object ? ++s->objects : 0;
	return object ? member(s) : 1;
}

/* A key within a text that is being checked; 1, for its value is due. */
static int
member(struct scan *s)
{
	struct json_member m = { .key = NULL };
	int added;

	if (key(s, &m) == -1)
		return -1;
	if (s->inner)
		return 1;
	if (s->depth == 1) {
		s->top = m;
		s->lax = s->lax_key != NULL && json_key_is(&m, s->lax_key);
	}
	added = keyset_add(&s->keys, s->open[s->depth - 1], m.key, m.key_len);
	if (added == 0)
		return fail(s, m.key - 1, "key given twice");
	if (added == -1) {
		(void)fail(s, m.key - 1, "out of memory");
		errno = ENOMEM;
	}
	return added;
}

/* The key that is due, and the colon. */
static int
key(struct scan *s, struct json_member *m)
{
	if (next(s) != '"')
		return unexpected(s, "expected a key");
	m->key = s->p + 1;
	if (string(s) == -1)
		return -1;
	m->key_len = s->p - 1 - m->key;
	if (next(s) != ':')
		return unexpected(s, "expected :");
	s->p++;
	return 0;
}

static int
string(struct scan *s)
{
	const char *what;

	for (s->p++; peek(s) != '"';) {
		if (s->p == s->end)
			return unexpected(s, NULL);
		if (utf8_unescape(&s->p, s->end, &what) == -1)
			return fail(s, s->p, what);
	}
	s->p++;
	return 0;
}

static int
word(struct scan *s, const char *word)
{
	for (; *word != '\0'; word++, s->p++)
		if (peek(s) != *word)
			return unexpected(s, "expected a value");
	return 0;
}

static int
number(struct scan *s)
{
	const char *start = s->p, *loss;

	if (!number_next(&s->p, s->end))
		return unexpected(s, "not a number");
	if (s->lax || s->inner)
		return 0;
	loss = number_loss(start, s->p);
	return loss == NULL ? 0 : fail(s, start, loss);
}

/* The first byte behind the blanks, -1 at the end. */
static int
next(struct scan *s)
{
	int c;

	while ((c = peek(s)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		s->p++;
	return c;
}

static int
peek(const struct scan *s)
{
	return s->p < s->end ? (unsigned char)*s->p : -1;
}

static int
fail(struct scan *s, const char *at, const char *what)
{
	s->at = at;
	s->what = what;
	errno = EINVAL;
	return -1;
}

static int
unexpected(struct scan *s, const char *what)
{
	return fail(s, s->p, s->p == s->end ? "cut short" : what);
}

/* The key, or as many whole characters of it as there is room for. */
static void
print_key(char buf[65], const struct json_member *m)
{
	const char *s = m->key, *end = s + m->key_len, *what;
	char bytes[4];
	size_t n = 0, len;
	int32_t c;

	for (; s < end; n += len) {
		c = utf8_unescape(&s, end, &what);
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			c = '?';
		len = utf8_put(bytes, c);
		if (n + len > 64)
			break;
		memcpy(buf + n, bytes, len);
	}
	buf[n] = '\0';
}
