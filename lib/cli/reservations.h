/* Reservations as they are told to people and to the next program. */
#ifndef CLI_RESERVATIONS_H
#define CLI_RESERVATIONS_H

#include "cli/args.h"
#include "spool/reserve.h"

/* Adds a path, taken from the current folder; 65 with the fault. */
void reservations_add(struct reserve_set *set, const char *path, bool shared,
    bool literal);

/*
 * Who asks, as the environment has it: the attempt and the reservations that
 * this process runs in, and the task that waits for it.
 */
struct reservations_self {
	struct reserve_asker who; /* points into the rest */
	char *own;
	char parent[ID_SIZE];
};
void reservations_self(struct spool *s, struct reservations_self *self);

/* "PATH: held by HOLDER (WHO), pid PID, since SINCE", no newline. */
void reservations_say(FILE *out, const char *path,
    const struct reserve_conflict *c);

/* Is each of the paths free?  0, 1 after printing which are not, or 71. */
struct reservations_check {
	const struct args *args;
	bool shared;
	bool literal;
};
int reservations_check(struct spool *s, const struct reservations_check *how,
    char *const *paths);

/* PATH MODE HOLDER PID SINCE of all that is held; 0 or 71. */
int reservations_list(struct spool *s, const struct args *args);

#endif
