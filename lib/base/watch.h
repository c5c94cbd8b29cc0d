/* inotify through libinotifytools: it wakes, it never decides. */
#ifndef BASE_WATCH_H
#define BASE_WATCH_H

/*
 * One set of watches a process (the library has only one).  watch_open
 * answers a descriptor that poll(2) finds readable when something came; -1
 * where inotify is not to be had: then look again from time to time.
 */
int watch_open(void);

/*
 * Adds a folder or file, by path; events are inotify's IN_ bits.  0, -1.
 * What is watched already is watched for these events from now on.
 */
int watch_add(const char *path, unsigned int events);

/* Takes it away; 0 also if it was not watched. */
int watch_remove(const char *path);

/*
 * Takes all that came, without waiting: calls each() (NULL: nobody) with the
 * path as it was added and the name in it ("" for itself); the number taken,
 * -1 after an overflow (everything is to be looked at again).  A path that is
 * gone says IN_IGNORED, and is to be added anew if it comes back.
 */
int watch_take(void (*each)(const char *path, const char *name,
		   unsigned int events, void *arg),
    void *arg);
void watch_close(void);

#endif
