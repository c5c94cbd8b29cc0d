#include "base/conf.h"

#include <fcntl.h>
#include <ini.h>
#include <stdbool.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"

#define CONF_MAX (1 << 20)

struct reading {
	const char *next; /* unread text */
	int line;	  /* of what was read last */
	int (*each)(const struct conf_value *, struct conf_fault *, void *);
	void *arg;
	struct conf_fault *fault;
	bool faulty;
};

static void
complain(struct reading *r, const char *what)
{
	r->faulty = true;
	(void)strlcpy(r->fault->what, what, sizeof(r->fault->what));
}

/*
 * One line for inih, which would take a longer one apart in silence, and an
 * indented one for more of the value before.
 */
static char *
next_line(char *buf, int size, void *arg)
{
	struct reading *r = arg;
	const char *start, *end;
	size_t len;

	if (r->faulty || *r->next == '\0')
		return NULL;
	r->line++;
	end = strchrnul(r->next, '\n');
	start = r->next + strspn(r->next, " \t");
	if (start > end)
		start = end;
	len = *start == '#' || *start == ';' ? 0 : (size_t)(end - start);
	r->next = *end == '\0' ? end : end + 1;
	if (len + 1 >= (size_t)size) {
		complain(r, "the line is too long");
		return NULL;
	}
	memcpy(buf, start, len);
	buf[len] = '\0';
	return buf;
}

static int
take(void *arg, const char *section, const char *key, const char *value)
{
	struct reading *r = arg;
	struct conf_value v = { section, key, value, r->line };

	if (r->faulty)
		return 1;
	if (r->each(&v, r->fault, r->arg) == -1)
		r->faulty = true;
	return 1;
}

static int
read_whole(int dir, const char *name, char **text, size_t *len)
{
	AUTO_FD fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return fd == -1 ? -1 : file_read_fd(fd, CONF_MAX, text, len);
}

int
conf_read(int dir, const char *name,
    int (*each)(const struct conf_value *, struct conf_fault *, void *),
    void *arg, struct conf_fault *fault)
{
	struct reading r = { .each = each, .arg = arg, .fault = fault };
	AUTO_STR text = NULL;
	size_t len;
	int bad;

	*fault = (struct conf_fault){ 0 };
	if (read_whole(dir, name, &text, &len) == -1)
		return -1;
	r.next = text;
	if (strlen(text) != len) {
		complain(&r, "it is no text");
		errno = EINVAL;
		return -1;
	}
	if ((bad = ini_parse_stream(next_line, &r, take, &r)) < 0) {
		errno = ENOMEM;
		return -1;
	}
	if (bad == 0 && !r.faulty)
		return 0;
	/* inih tells its first line; what came before it was judged by us. */
	if (bad > 0 && (!r.faulty || bad < r.line)) {
		complain(&r, "it is neither [section] nor key = value");
		r.line = bad;
	}
	fault->line = r.line;
	errno = EINVAL;
	return -1;
}
