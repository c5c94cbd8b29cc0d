/* Takes in what lies in the drop box of $TASKDIR; prints how many it made. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysexits.h"
#include "spool/import.h"

int
main(int argc, char **argv)
{
	struct spool s;
	int made;

	if (spool_open(getenv("TASKDIR"), &s) == -1)
		err(EX_NOINPUT, "TASKDIR");
	if (argc > 1 && strcmp(argv[1], "rest") == 0)
		made = import_rest(&s);
	else
		made = import_drops(&s);
	if (made == -1)
		err(EX_TEMPFAIL, "import");
	(void)printf("%d\n", made);
	spool_close(&s);
	return 0;
}
