#include "base/intern.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

const char *
intern(struct interned *words, const char *word)
{
	void *const *found = tfind(word, &words->root, by_text);
	char *copy;

	if (found != NULL)
		return *found;
	if ((copy = strdup(word)) == NULL)
		return NULL;
	if (tsearch(copy, &words->root, by_text) != NULL)
		return copy;
	free(copy);
	return NULL;
}

void
intern_free(struct interned *words)
{
	tdestroy(words->root, free);
	words->root = NULL;
}
