#include "spool/note.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/auto.h"
#include "spool/journal.h"

/* Room that notes leave to what must be said: ends, and orders of people. */
#define NOTES_END    (TASK_FILE_MAX / 2)
#define ROOM_FOR_END 4096

/* A claim keeps room on the disk for the end; a note must not use it up. */
static int
keep_room(const struct entry *e, size_t len)
{
	off_t room = (off_t)len + 512 + ROOM_FOR_END;

	if (e->tail + room > NOTES_END) {
		errno = ENOSPC;
		return -1;
	}
	if (fallocate(e->fd, FALLOC_FL_KEEP_SIZE, e->tail, room) == 0)
		return 0;
	return errno == ENOSPC || errno == EDQUOT ? -1 : 0;
}

int
note_add(struct spool *s, const char *worker, const char *id,
    const struct event *note, struct complaint *c)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct place place;
	int found;

	place_running(&place, id, worker);
	if ((found = entry_open(s, &place, &e, c)) != 1)
		return found;
	if (e.history.last >= note->n)
		return 0;
	/* A byte is six at most once it is JSON. */
	if (keep_room(&e, 6 * strlen(note->text)) == -1 ||
	    entry_note(s, &e, note) == -1)
		return -1;
	journal_write(s, &(struct journal_line){ .event = note->event,
			     .id = id,
			     .queue = e.task->queue,
			     .worker = worker,
			     .attempt = note->n,
			     .state = state_name(STATE_RUNNING),
			     .why = note->text,
			     .waited = -1,
			     .ran = -1 });
	return 1;
}
