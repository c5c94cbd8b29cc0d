/* Said by a running task about itself: how far it has come. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sysexits.h"
#include "cli/args.h"
#include "cli/attempt.h"
#include "cli/why.h"
#include "spool/journal.h"
#include "spool/progress.h"

static const struct option longs[] = { { 0 } };

static void read_operands(const struct args *args, char *const *operands,
    struct progress *p);
static void tell(struct spool *s, const struct own_attempt *own,
    const struct progress *p);

int
main(int argc, char *argv[])
{
	struct args args = {
		.usage = "td-progress [-d DIR] PERCENT [STEP [TEXT]]",
		.letters = "",
		.longs = longs,
	};
	struct progress p, before = { .percent = -1 };
	struct own_attempt own;
	struct spool s;
	bool news;

	(void)cli_start();
	(void)args_next(&args, argc, argv);
	read_operands(&args, argv + optind, &p);
	cli_open(&args, false, &s);
	own_attempt(&s, &own);
	p.at = clock_now();
	news = progress_get(&s, own.slot, own.id, own.n, &before) != 1 ||
	       progress_is_news(&before, &p);
	p.told = news ? p.at : before.told;
	if (progress_put(&s, own.slot, own.id, own.n, &p) == -1)
		err(errno == ENOSPC || errno == EDQUOT ? EX_TEMPFAIL : EX_OSERR,
		    "%s", own.id);
	if (news)
		tell(&s, &own, &p);
	spool_close(&s);
	return EXIT_SUCCESS;
}

/* "42", "42.5" or "-" */
static double
read_percent(const struct args *args, const char *word)
{
	double percent;
	char *end;

	if (strcmp(word, "-") == 0)
		return -1;
	percent = strtod(word, &end);
	if (*word == '\0' || word[strspn(word, "0123456789.")] != '\0' ||
	    *end != '\0' || percent > 100)
		args_wrong(args, "%s: it is not 0 to 100, nor \"-\"", word);
	return percent;
}

static void
read_operands(const struct args *args, char *const *operands,
    struct progress *p)
{
	*p = (struct progress){ 0 };
	if (*operands == NULL)
		args_wrong(args, "how far has it come?");
	p->percent = read_percent(args, *operands++);
	if (*operands != NULL)
		progress_cut(p->step, sizeof(p->step), *operands++);
	if (*operands != NULL)
		progress_cut(p->text, sizeof(p->text), *operands++);
	if (*operands != NULL)
		args_wrong(args, "%s: that is one too many", *operands);
}

/* In words, "42% build: 3 of 7". */
static void
tell(struct spool *s, const struct own_attempt *own, const struct progress *p)
{
	char *words = progress_text(p), *why;

	if (words == NULL || asprintf(&why, "%s%s%s", words,
				 *p->text != '\0' ? ": " : "", p->text) == -1)
		err(EX_OSERR, NULL);
	journal_write(s, &(struct journal_line){ .event = "progress",
			     .id = own->id,
			     .worker = own->slot,
			     .attempt = own->n,
			     .state = state_name(STATE_RUNNING),
			     .why = why,
			     .waited = -1,
			     .ran = -1 });
	free(words);
	free(why);
}
