#include "task/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LOWER	"abcdefghijklmnopqrstuvwxyz"
#define SPECIAL "*?[{}\\"

static bool is_step(const char *, size_t, const char *);
static bool last_is_one_component(const char *, size_t);
static int add_component(char *, size_t *, const char *, size_t);
static int add_path(char *, size_t *, const char *);

char *
path_absolute(const char *cwd, const char *path)
{
	const char *base = path[0] == '/' ? "/" : cwd;
	char *out;
	size_t len = 0;

	if (base == NULL || base[0] != '/') {
		errno = EINVAL;
		return NULL;
	}
	out = malloc(strlen(base) + strlen(path) + 3);
	if (out == NULL)
		return NULL;
	if (add_path(out, &len, base) == -1 ||
	    add_path(out, &len, path) == -1) {
		free(out);
		errno = EINVAL;
		return NULL;
	}
	if (len == 0)
		out[len++] = '/';
	out[len] = '\0';
	return out;
}

static int
add_path(char *out, size_t *len, const char *path)
{
	while (*path != '\0') {
		size_t n = strcspn(path, "/");

		if (add_component(out, len, path, n) == -1)
			return -1;
		path += n;
		path += strspn(path, "/");
	}
	return 0;
}

static int
add_component(char *out, size_t *len, const char *name, size_t n)
{
	if (n == 0 || is_step(name, n, "."))
		return 0;
	if (!is_step(name, n, "..")) {
		out[(*len)++] = '/';
		memcpy(out + *len, name, n);
		*len += n;
		return 0;
	}
	if (!last_is_one_component(out, *len))
		return -1;
	while (*len > 0 && out[--*len] != '/')
		;
	return 0;
}

static bool
is_step(const char *name, size_t n, const char *step)
{
	return n == strlen(step) && memcmp(name, step, n) == 0;
}

/* Whether the text after the last slash stands for one component always. */
static bool
last_is_one_component(const char *out, size_t len)
{
	bool braces = false, bracket = false;
	size_t depth = 0, start = 0;

	for (size_t i = 0; i < len; i++) {
		switch (out[i]) {
		case '\\':
			if (i + 1 < len && out[i + 1] != '/')
				i++;
			break;
		case '/':
			braces = bracket = false;
			start = i + 1;
			break;
		case '{':
			braces = true;
			depth++;
			break;
		case '}':
			braces = true;
			depth -= depth > 0;
			break;
		case ',':
			braces = braces || depth > 0;
			break;
		case '[':
		case ']':
			bracket = out[i] == '[';
			break;
		default:
			break;
		}
	}
	return !braces && !bracket && !is_step(out + start, len - start, "**");
}

char *
path_quote(const char *path)
{
	char *out = malloc(2 * strlen(path) + 1);
	size_t len = 0;

	if (out == NULL)
		return NULL;
	for (; *path != '\0'; path++) {
		if (strchr(SPECIAL, *path) != NULL)
			out[len++] = '\\';
		out[len++] = *path;
	}
	out[len] = '\0';
	return out;
}

bool
path_is_resource(const char *s)
{
	size_t n = strspn(s, LOWER "0123456789_-");

	return n > 0 && s[n] == ':' && strchr(LOWER, s[0]) != NULL;
}
