/* Said by a running task about itself, for its history. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/attempt.h"
#include "cli/select.h"
#include "spool/note.h"

static const struct option longs[] = { { 0 } };

static int refuse(const char *id, const struct complaint *c);
static const char *text_of(const struct args *args, char *const *operands);

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-note [-d DIR] TEXT",
		.letters = "",
		.longs = longs,
	};
	struct event note = { .event = "note" };
	struct own_attempt own;
	struct order who = { 0 };
	struct complaint c;
	struct spool s;
	int added, status;

	(void)cli_start();
	(void)args_next(&args, argc, argv);
	note.text = text_of(&args, argv + optind);
	cli_open(&args, false, &s);
	own_attempt(&s, &own);
	own_sign(&who);
	note.by = who.by;
	note.host = who.host;
	note.at = who.at;
	note.n = own.n;
	added = note_add(&s, own.slot, own.id, &note, &c);
	if (added == 0)
		own_ended(&own);
	status = added == -1 ? refuse(own.id, &c) : EXIT_SUCCESS;
	spool_close(&s);
	return status;
}

static int
refuse(const char *id, const struct complaint *c)
{
	if (errno != ENOSPC && errno != EDQUOT)
		return select_unreadable(id, c);
	warn("%s", id);
	return EX_TEMPFAIL;
}

static const char *
text_of(const struct args *args, char *const *operands)
{
	if (operands[0] == NULL || operands[1] != NULL)
		args_wrong(args, "one text is taken");
	if (*operands[0] == '\0')
		args_wrong(args, "the text is empty");
	if (strlen(operands[0]) > NOTE_MAX)
		args_wrong(args, "the text is over 4 KiB");
	return operands[0];
}
