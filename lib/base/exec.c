#include "base/exec.h"

#include <errno.h>
#include <limits.h>
#include <paths.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sysexits.h"

#define PATH_DEFAULT "/usr/local/bin:/usr/bin:/bin"

char **
exec_room(char *const *argv)
{
	size_t n = 0;

	while (argv[n] != NULL)
		n++;
	return calloc(n + 2, sizeof(char *));
}

static int
not_run(int error)
{
	return error == ENOENT || error == ENOTDIR ? EXIT_NOT_FOUND
						   : EXIT_NOT_EXECUTABLE;
}

static void
try(char *file, char *const *argv, char *const *envp, char **room)
{
	static char shell[] = _PATH_BSHELL;
	size_t i;

	(void)execve(file, argv, envp);
	if (errno != ENOEXEC)
		return;
	room[0] = shell;
	room[1] = file;
	for (i = 1; argv[i] != NULL; i++)
		room[i + 1] = argv[i];
	room[i + 1] = NULL;
	(void)execve(shell, room, envp);
}

static const char *
search_path(char *const *envp)
{
	for (; *envp != NULL; envp++)
		if (strncmp(*envp, "PATH=", 5) == 0)
			return *envp + 5;
	return PATH_DEFAULT;
}

/* The file in the first folder of the path; an empty one is the current. */
static bool
join(char file[PATH_MAX], const char *folder, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	if (len == 0) {
		folder = ".";
		len = 1;
	}
	if (len + 1 + name_len >= PATH_MAX)
		return false;
	memcpy(file, folder, len);
	file[len] = '/';
	memcpy(file + len + 1, name, name_len + 1);
	return true;
}

static bool
goes_on_after(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES ||
	       error == ENODEV || error == ESTALE || error == ETIMEDOUT;
}

int
exec_program(char *const *argv, char *const *envp, char **room)
{
	const char *path, *end;
	char file[PATH_MAX];
	int error = ENOENT;

	if (argv[0] == NULL || argv[0][0] == '\0') {
		errno = ENOENT;
		return EXIT_NOT_FOUND;
	}
	if (strchr(argv[0], '/') != NULL) {
		try(argv[0], argv, envp, room);
		return not_run(errno);
	}
	for (path = search_path(envp);; path = end + 1) {
		end = strchrnul(path, ':');
		if (join(file, path, (size_t)(end - path), argv[0])) {
			try(file, argv, envp, room);
			if (errno == EACCES || !goes_on_after(errno))
				error = errno;
			if (!goes_on_after(errno))
				break;
		}
		if (*end == '\0')
			break;
	}
	errno = error;
	return not_run(error);
}
