#include "base/quote.h"

#include <string.h>

int
quote_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%+=:,./_-";

	if (*word != '\0' && strspn(word, plain) == strlen(word)) {
		(void)fputs(word, out);
		return ferror(out) ? -1 : 0;
	}
	(void)fputc('\'', out);
	for (; *word != '\0'; word++)
		if (*word == '\'')
			(void)fputs("'\\''", out);
		else if (*word == '\n')
			(void)fputs("'\"$nl\"'", out);
		else
			(void)fputc(*word, out);
	(void)fputc('\'', out);
	return ferror(out) ? -1 : 0;
}
