/* Processes for tests: start, wait for what they say or for their end. */
#ifndef TESTS_STARTED_H
#define TESTS_STARTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/proc.h"

/* exec(3) wants them so, and changes none. */
union words {
	const char *const *given;
	char *const *wanted;
};

#define WORDS(...)                                                             \
	((union words){ .given = (const char *const[]){ __VA_ARGS__, NULL } }  \
		.wanted)
#define SH(script) WORDS("/bin/sh", "-c", script)

static char *const no_env[] = { NULL };
static int null_fd;
static char folder[] = "/tmp/started.XXXXXX";

static inline struct proc_start
plain(char *const *argv)
{
	return (struct proc_start){ .argv = argv,
		.envp = no_env,
		.cwd = -1,
		.in = null_fd,
		.out = null_fd,
		.err = null_fd,
		.umask = -1,
		.cgroup = -1 };
}

static inline void
await(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	assert_int_equal(poll(&p, 1, 20000), 1);
}

static inline struct proc_end
end_of(struct proc *p)
{
	struct proc_end end;

	await(p->fd);
	assert_int_equal(proc_reap(p, &end), 1);
	(void)close(p->fd);
	return end;
}

static inline struct proc_end
run(const struct proc_start *how)
{
	struct proc p;

	assert_int_equal(proc_start(how, &p), 0);
	return end_of(&p);
}

static inline int
file_at(const char *name, const char *text, mode_t mode)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(file_write(fd, text, strlen(text)), 0);
	assert_int_equal(fchmod(fd, mode), 0);
	return fd;
}

/* A reader of the pipe sees its end when nobody has it open for writing. */
static inline void
await_all_gone(int fd)
{
	char c;

	await(fd);
	assert_int_equal(read(fd, &c, 1), 0);
}

static inline void
read_lines(int fd, int lines)
{
	char c;

	while (lines > 0) {
		await(fd);
		assert_int_equal(read(fd, &c, 1), 1);
		lines -= c == '\n';
	}
}

static inline int
started_set_up(void **state)
{
	(void)state;
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return null_fd == -1 || mkdtemp(folder) == NULL ||
	       proc_adopt_orphans() == -1;
}

static inline int
started_tear_down(void **state)
{
	char command[64];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

#endif
