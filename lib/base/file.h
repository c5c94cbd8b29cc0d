/* Files by directory descriptor: read whole, write whole, move, flush. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * Everything answers -1 with errno.  What is read is NUL-terminated behind
 * its length and freed by the caller; more than max bytes is EFBIG.
 */
int file_read(int dir, const char *name, size_t max, char **text, size_t *len);
int file_read_fd(int fd, size_t max, char **text, size_t *len);
/* Reads to its end a file whose size is not told before, as in /proc. */
int file_read_all(int dir, const char *name, size_t max, char **text,
    size_t *len);
int file_write(int fd, const void *bytes, size_t len);
int file_pwrite(int fd, const void *bytes, size_t len, off_t at);

/* Makes a new file with these bytes; nothing is left of it on error. */
int file_create(int dir, const char *name, const void *bytes, size_t len);

/* Renames without replacing: EEXIST when the new name is taken. */
int file_move(int from, const char *name, int to, const char *new_name);

/* Opens a regular file that others may have put there: no link, no FIFO. */
int file_open_regular(int dir, const char *name, int flags, struct stat *st);

/* 1 when the name still leads to the open file, 0 when not. */
int file_is_named(int fd, int dir, const char *name);

/* Opens a directory below dir; with file_dir_made it is made if missing. */
int file_dir(int dir, const char *path);
int file_dir_made(int dir, const char *path, mode_t mode, bool *made);

/* Moves a descriptor out of the way of 0, 1 and 2. */
int file_above_stdio(int fd);

#endif
