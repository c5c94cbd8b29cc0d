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
	switch (note_add(&s, own.slot, own.id, &note, &c)) {
	case 1:
		return EXIT_SUCCESS;
	case 0:
		own_ended(&own);
	default:
		break;
	}
	if (errno != ENOSPC && errno != EDQUOT)
		return select_unreadable(own.id, &c);
	warn("%s", own.id);
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
