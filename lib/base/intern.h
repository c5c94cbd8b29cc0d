/* Words kept once: the same pointer for the same text. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

struct interned {
	void *root;
};

/* NULL with errno where there is no memory. */
const char *intern(struct interned *words, const char *word);
void intern_free(struct interned *words);

#endif
