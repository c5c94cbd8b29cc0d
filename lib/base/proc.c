#include "base/proc.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/child.h"
#include "base/exec.h"
#include "base/file.h"
#include "base/sysexits.h"

static void
reset_signals(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;
	int n;

	for (n = 1; n < _NSIG; n++)
		(void)sigaction(n, &dfl, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
close_later(unsigned int first)
{
	int fd, last;

	if (close_range(first, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	last = (int)sysconf(_SC_OPEN_MAX);
	for (fd = (int)first; fd < last; fd++)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* What is to become 0, 1 and 2 is first moved out of their way. */
static int
set_descriptors(const struct proc_start *how)
{
	int from[3] = { how->in, how->out, how->err };
	int to;
	size_t i;

	for (to = 0; to < 3; to++) {
		if (from[to] == -1)
			from[to] = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (from[to] < 3 && from[to] != to)
			from[to] = fcntl(from[to], F_DUPFD_CLOEXEC, 3);
		if (from[to] == -1)
			return -1;
	}
	for (to = 0; to < 3; to++)
		if (from[to] == to ? fcntl(to, F_SETFD, 0) == -1
				   : dup2(from[to], to) == -1)
			return -1;
	close_later(3);
	for (i = 0; i < how->keep_count; i++)
		if (fcntl(how->keep[i], F_SETFD, 0) == -1)
			return -1;
	return 0;
}

static int
join(const struct proc_start *how)
{
	size_t i;

	for (i = 0; i < how->join_count; i++)
		if (file_write(how->joins[i], "0", 1) == -1)
			return -1;
	return 0;
}

static int
limit(const struct proc_start *how)
{
	struct rlimit now, wanted;
	size_t i;

	for (i = 0; i < how->limit_count; i++) {
		const struct proc_limit *l = &how->limits[i];

		if (getrlimit((__rlimit_resource_t)l->resource, &now) == -1)
			return -1;
		wanted.rlim_cur = l->soft < now.rlim_max ? l->soft
							 : now.rlim_max;
		wanted.rlim_max = l->hard < now.rlim_max ? l->hard
							 : now.rlim_max;
		if (setrlimit((__rlimit_resource_t)l->resource, &wanted) == -1)
			return -1;
	}
	return 0;
}

/* Only what is safe after fork: no stdio, no memory. */
static _Noreturn void
fail(int fd, const char *what, int code)
{
	const char *why = strerrordesc_np(errno);
	char line[512];

	if (code == EXIT_NOT_FOUND && strchr(what, '/') == NULL)
		why = "not found in PATH";
	(void)strlcpy(line, what, sizeof(line) - 128);
	(void)strlcat(line, ": ", sizeof(line));
	(void)strlcat(line, why == NULL ? "cannot be executed" : why,
	    sizeof(line) - 1);
	(void)strlcat(line, "\n", sizeof(line));
	(void)file_write(fd, line, strlen(line));
	_exit(code);
}

struct birth {
	const struct proc_start *how;
	char **room;
};

/* It may share our memory: nothing that is ours is to be changed. */
static void
begin(void *arg)
{
	const struct birth *birth = arg;
	const struct proc_start *how = birth->how;

	if (how->own_session)
		(void)setsid();
	if (join(how) == -1)
		fail(how->err, "cgroup", EX_TEMPFAIL);
	if (limit(how) == -1)
		fail(how->err, "limits", EX_TEMPFAIL);
	reset_signals();
	if (how->umask >= 0)
		(void)umask((mode_t)how->umask);
	if (how->cwd >= 0 && fchdir(how->cwd) == -1)
		fail(how->err, "working folder", EXIT_NOT_EXECUTABLE);
	if (set_descriptors(how) == -1)
		fail(how->err, "descriptors", EXIT_NOT_EXECUTABLE);
	fail(STDERR_FILENO, how->argv[0] == NULL ? "" : how->argv[0],
	    exec_program(how->argv, how->envp, birth->room));
}

/* Whoever started us may ignore it, and then no exit status is kept. */
static void
keep_statuses(void)
{
	struct sigaction chld;

	if (sigaction(SIGCHLD, NULL, &chld) == -1)
		return;
	if (chld.sa_handler == SIG_IGN || (chld.sa_flags & SA_NOCLDWAIT) != 0) {
		chld.sa_handler = SIG_DFL;
		chld.sa_flags = 0;
		(void)sigaction(SIGCHLD, &chld, NULL);
	}
}

int
proc_start(const struct proc_start *how, struct proc *p)
{
	struct birth birth = { how, exec_room(how->argv) };
	sigset_t all, ours;
	int saved;

	if (birth.room == NULL)
		return -1;
	keep_statuses();
	/* Our handlers must not run in the child. */
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &ours);
	p->pid = child_begin(how->cgroup, begin, &birth, &p->fd);
	saved = errno;
	(void)sigprocmask(SIG_SETMASK, &ours, NULL);
	free(birth.room);
	errno = saved;
	return p->pid == -1 ? -1 : 0;
}

int
proc_reap(const struct proc *p, struct proc_end *end)
{
	int status;
	pid_t pid = wait4(p->pid, &status, WNOHANG, &end->usage);

	if (pid <= 0)
		return pid;
	end->exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return 1;
}

int
proc_adopt_orphans(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

int
proc_boot_id(char id[37])
{
	AUTO_STR text = NULL;
	size_t len;

	if (file_read_all(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 64,
		&text, &len) == -1)
		return -1;
	if (len < 36) {
		errno = EIO;
		return -1;
	}
	(void)strlcpy(id, text, 37);
	return 0;
}
