#include "started.h"

/* What it prints, until nothing of it has the pipe any more. */
static struct proc_end
run_and_read(struct proc_start how, char *text, size_t size)
{
	struct proc_end end;
	struct proc p;
	size_t used = 0;
	ssize_t n;
	int pipes[2];

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	how.out = how.err = pipes[1];
	assert_int_equal(proc_start(&how, &p), 0);
	(void)close(pipes[1]);
	while ((n = read(pipes[0], text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	(void)close(pipes[0]);
	end = end_of(&p);
	return end;
}

static void
exit_codes_and_signals_are_told_apart(void **state)
{
	struct proc_start how = plain(SH("exit 7"));
	struct proc_end end = run(&how);

	(void)state;
	assert_int_equal(end.exit, 7);
	assert_int_equal(end.signal, 0);
	how = plain(SH("kill -9 $$"));
	end = run(&how);
	assert_int_equal(end.exit, -1);
	assert_int_equal(end.signal, SIGKILL);
}

static void
usage_of_the_child_is_told(void **state)
{
	struct proc_start how = plain(
	    SH("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"));
	struct proc_end end = run(&how);

	(void)state;
	assert_true(end.usage.ru_maxrss > 0);
	assert_true(end.usage.ru_utime.tv_sec > 0 ||
		    end.usage.ru_utime.tv_usec > 0 ||
		    end.usage.ru_stime.tv_usec > 0);
}

static void
a_running_child_is_not_reaped(void **state)
{
	struct proc_start how = plain(SH("read x"));
	struct proc_end end;
	struct proc p;
	int pipes[2];

	(void)state;
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	how.in = pipes[0];
	assert_int_equal(proc_start(&how, &p), 0);
	(void)close(pipes[0]);
	assert_int_equal(proc_reap(&p, &end), 0);
	(void)close(pipes[1]);
	assert_int_equal(end_of(&p).exit, 1);
	assert_int_equal(proc_reap(&p, &end), -1);
	assert_int_equal(errno, ECHILD);
}

static void
a_name_is_searched_for_in_its_own_path(void **state)
{
	char path[128];
	struct proc_start how = plain(WORDS("proc_test_script", "a", "b c"));
	char text[256];

	(void)state;
	(void)close(file_at("proc_test_script", "echo \"$#:$2\"", 0700));
	(void)snprintf(path, sizeof(path), "PATH=/nowhere:%s:/bin", folder);
	how.envp = WORDS(path);
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 0);
	assert_string_equal(text, "2:b c\n");
	how = plain(WORDS("true"));
	assert_int_equal(run(&how).exit, 0);
}

static void
an_empty_part_of_the_path_is_the_working_folder(void **state)
{
	struct proc_start how = plain(WORDS("-here"));
	char text[256];

	(void)state;
	(void)close(file_at("-here", "pwd", 0700));
	how.envp = WORDS("PATH=/nowhere:");
	how.cwd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 0);
	assert_memory_equal(text, folder, strlen(folder));
	(void)close(how.cwd);
}

static void
what_is_not_found_ends_with_127_and_says_so(void **state)
{
	struct proc_start how = plain(WORDS("no-such-program"));
	char text[256];

	(void)state;
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 127);
	assert_string_equal(text, "no-such-program: not found in PATH\n");
	how.argv = WORDS("/no/such");
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 127);
	assert_string_equal(text, "/no/such: No such file or directory\n");
	how.argv = WORDS("");
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 127);
}

static void
what_cannot_be_executed_ends_with_126(void **state)
{
	char path[128];
	char file[128], text[256];
	struct proc_start how = plain(WORDS("plain"));

	(void)state;
	(void)close(file_at("plain", "exit 0", 0600));
	(void)snprintf(path, sizeof(path), "PATH=%s:/nowhere", folder);
	(void)snprintf(file, sizeof(file), "%s/plain", folder);
	how.envp = WORDS(path);
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 126);
	assert_string_equal(text, "plain: Permission denied\n");
	how.argv = WORDS(file);
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 126);
	how.argv = WORDS("/");
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 126);
}

static void
only_what_is_kept_stays_open(void **state)
{
	/* The shell opens nothing; the glob holds its descriptor for ls. */
	struct proc_start how = plain(WORDS("ls", "/proc/self/fd"));
	char text[256], expect[256];
	int leak = fcntl(null_fd, F_DUPFD, 20);
	int kept = fcntl(null_fd, F_DUPFD_CLOEXEC, 30);

	(void)state;
	how.keep = &kept;
	how.keep_count = 1;
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 0);
	(void)snprintf(expect, sizeof(expect), "0\n1\n2\n3\n%d\n", kept);
	assert_string_equal(text, expect);
	(void)close(leak);
	(void)close(kept);
}

/* Runs in a child, which may turn its own 0, 1 and 2 round. */
static int
turned_round(void)
{
	struct proc_start how = plain(SH("read x; echo out$x; echo err >&2"));
	struct proc_end end;
	struct proc p;
	int in = file_at("in", "!\n", 0600);
	int out = file_at("out", "", 0600), err = file_at("err", "", 0600);

	(void)lseek(in, 0, SEEK_SET);
	if (dup2(err, 0) == -1 || dup2(in, 1) == -1 || dup2(out, 2) == -1)
		return 2;
	how.in = 1;
	how.out = 2;
	how.err = 0;
	if (proc_start(&how, &p) == -1)
		return 3;
	await(p.fd);
	return proc_reap(&p, &end) == 1 ? end.exit : 4;
}

static void
descriptors_may_come_from_among_the_first_three(void **state)
{
	AUTO_STR out = NULL;
	AUTO_STR err = NULL;
	AUTO_FD dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t len;
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(turned_round());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(file_read(dir, "out", 100, &out, &len), 0);
	assert_int_equal(file_read(dir, "err", 100, &err, &len), 0);
	assert_string_equal(out, "out!\n");
	assert_string_equal(err, "err\n");
}

static void
signals_umask_and_session_are_fresh(void **state)
{
	struct proc_start how = plain(
	    SH("umask; grep -E '^Sig(Blk|Ign)' /proc/self/status |"
	       " tr -d '\\t\\n' | sed s/0180000000/0000000000/; echo; ps -o "
	       "sid= -p $$ | tr -d ' ';"
	       " echo $$"));
	char text[256], expect[256];
	sigset_t block, old;
	char *rest;
	long sid;
	int n;

	(void)state;
	/* 32 and 33 are the C library's own: make(1) leaves them ignored. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)sigfillset(&block);
	(void)sigprocmask(SIG_SETMASK, &block, &old);
	how.envp = WORDS("PATH=/usr/bin:/bin");
	how.umask = 027;
	how.own_session = true;
	assert_int_equal(run_and_read(how, text, sizeof(text)).exit, 0);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	n = snprintf(expect, sizeof(expect), "0027\nSigBlk:%016xSigIgn:%016x\n",
	    0, 0);
	assert_memory_equal(text, expect, (size_t)n);
	sid = strtol(text + n, &rest, 10);
	assert_true(sid > 0);
	assert_int_equal(sid, strtol(rest, NULL, 10));
}

static void
an_ignored_sigchld_loses_no_status(void **state)
{
	struct proc_start how = plain(SH("exit 3"));

	(void)state;
	(void)signal(SIGCHLD, SIG_IGN);
	assert_int_equal(run(&how).exit, 3);
}

static void
the_boots_id_is_told(void **state)
{
	char id[37];

	(void)state;
	assert_int_equal(proc_boot_id(id), 0);
	assert_int_equal(strlen(id), 36);
	assert_int_equal(id[8], '-');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exit_codes_and_signals_are_told_apart),
		cmocka_unit_test(usage_of_the_child_is_told),
		cmocka_unit_test(a_running_child_is_not_reaped),
		cmocka_unit_test(a_name_is_searched_for_in_its_own_path),
		cmocka_unit_test(
		    an_empty_part_of_the_path_is_the_working_folder),
		cmocka_unit_test(what_is_not_found_ends_with_127_and_says_so),
		cmocka_unit_test(what_cannot_be_executed_ends_with_126),
		cmocka_unit_test(only_what_is_kept_stays_open),
		cmocka_unit_test(
		    descriptors_may_come_from_among_the_first_three),
		cmocka_unit_test(signals_umask_and_session_are_fresh),
		cmocka_unit_test(an_ignored_sigchld_loses_no_status),
		cmocka_unit_test(the_boots_id_is_told),
	};

	return cmocka_run_group_tests(tests, started_set_up, started_tear_down);
}
