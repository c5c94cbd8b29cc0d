/* Executes a program by name, with a shell's rules and exit codes. */
#ifndef BASE_EXEC_H
#define BASE_EXEC_H

/* Room that exec_program wants for these arguments; the caller frees. */
char **exec_room(char *const *argv);

/*
 * A name with a slash is executed as it is, another is searched for in the
 * PATH of envp; a script without "#!" is given to /bin/sh.  Comes back only
 * on failure, with errno: 127 not found, 126 found but not executable.
 * Safe between fork and exec.
 */
int exec_program(char *const *argv, char *const *envp, char **room);

#endif
