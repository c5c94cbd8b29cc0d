#include "cli/visible.h"

#include <stdbool.h>
#include <string.h>
#define LIBBSD_OPENBSD_VIS
#include <vis.h>
#include <wchar.h>

#include "task/utf8.h"

/* Characters that are not seen themselves but change what is. */
static const struct {
	int32_t first, last;
} unseen[] = {
	{ 0x80, 0x9f },	      /* C1 */
	{ 0xad, 0xad },	      /* soft hyphen */
	{ 0x61c, 0x61c },     /* bidi mark */
	{ 0x180e, 0x180e },   /* vowel separator */
	{ 0x200b, 0x200f },   /* zero width, bidi marks */
	{ 0x2028, 0x202e },   /* line and paragraph separator, bidi */
	{ 0x2060, 0x206f },   /* word joiner, bidi isolates */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* annotations */
	{ 0xe0000, 0xe007f }, /* tags */
};

static bool
is_unseen(int32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (c >= unseen[i].first && c <= unseen[i].last)
			return true;
	return false;
}

int
visible_next(const char **s, const char *end, char shown[VISIBLE_SIZE])
{
	const char *from = *s;
	int32_t c = utf8_next(s, end);
	int width;

	if (c < 0) {
		(void)snprintf(shown, VISIBLE_SIZE, "\\x%02x",
		    (unsigned char)*(*s)++);
	} else if (c < 0x20 || c == 0x7f) {
		(void)vis(shown, (char)c,
		    VIS_CSTYLE | VIS_OCTAL | VIS_TAB | VIS_NL | VIS_NOSLASH,
		    *s < end ? **s : 0);
	} else if (is_unseen(c)) {
		(void)snprintf(shown, VISIBLE_SIZE,
		    c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned int)c);
	} else {
		memcpy(shown, from, (size_t)(*s - from));
		shown[*s - from] = '\0';
		width = c < 0x7f ? 1 : wcwidth((wchar_t)c);
		return width < 0 ? 1 : width;
	}
	return (int)strlen(shown);
}

int
visible_put(FILE *out, const char *text, size_t len, int columns)
{
	const char *end = text + len;
	char shown[VISIBLE_SIZE];
	int width, used = 0;

	while (text < end) {
		width = visible_next(&text, end, shown);
		if (columns >= 0 && used + width > columns)
			break;
		(void)fputs(shown, out);
		used += width;
	}
	return used;
}

void
visible_text(FILE *out, const char *text)
{
	(void)visible_put(out, text, strlen(text), -1);
}
