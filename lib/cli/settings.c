#include "cli/settings.h"

#include <err.h>
#include <errno.h>

#include "base/sysexits.h"

const struct settings *
cli_settings(struct spool *s)
{
	struct settings_fault fault;
	const struct settings *set = settings_get(s, &fault);

	if (set != NULL)
		return set;
	if (errno != EINVAL)
		err(EX_OSERR, "%s/etc", s->path);
	if (fault.line == 0)
		errx(EX_CONFIG, "%s: %s", fault.file, fault.what);
	errx(EX_CONFIG, "%s:%d: %s", fault.file, fault.line, fault.what);
}
