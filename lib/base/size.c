#include "base/size.h"

#include <stdlib.h>
#include <string.h>

int
size_parse(const char *text, int64_t *bytes)
{
	static const char units[] = "KMG";
	const char *unit, *fault;
	char number[24];
	size_t len = strspn(text, "0123456789");
	int shift = 0;

	if (len >= sizeof(number))
		return -1;
	memcpy(number, text, len);
	number[len] = '\0';
	if (text[len] != '\0') {
		unit = strchr(units, text[len]);
		if (unit == NULL || text[len + 1] != '\0')
			return -1;
		shift = 10 * (int)(unit - units + 1);
	}
	*bytes = strtonum(number, 0, INT64_MAX >> shift, &fault);
	if (fault != NULL)
		return -1;
	*bytes <<= shift;
	return 0;
}
