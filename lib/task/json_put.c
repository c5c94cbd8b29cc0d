#include <string.h>

#include "task/json.h"
#include "task/utf8.h"

int
json_put_string(FILE *out, const char *s, size_t len)
{
	static const char chars[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *end = s + len, *start, *found;

	(void)putc('"', out);
	while (s < end) {
		start = s;
		if (*s == '\0' || utf8_next(&s, end) == -1) {
			s++;
			(void)fputs("\xef\xbf\xbd", out);
		} else if ((found = strchr(chars, *start)) != NULL)
			(void)fprintf(out, "\\%c", letters[found - chars]);
		else if ((unsigned char)*start < 0x20 || *start == 0x7f)
			(void)fprintf(out, "\\u%04x", *start);
		else
			(void)fwrite(start, 1, s - start, out);
	}
	(void)putc('"', out);
	return ferror(out) ? -1 : 0;
}

int
json_put_key(FILE *out, const char *key)
{
	if (json_put_string(out, key, strlen(key)) == -1)
		return -1;
	return putc(':', out) == EOF ? -1 : 0;
}
