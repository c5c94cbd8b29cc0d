#include "started.h"

#include "base/cgroup.h"
#include "base/clock.h"

static char own[4096];

static bool
can_make(void)
{
	char path[4096];
	int fd;

	if (cgroup_own(own, sizeof(own)) == -1)
		return false;
	if ((fd = cgroup_make(own, "td-test-probe", path, sizeof(path))) == -1)
		return false;
	(void)close(fd);
	return cgroup_remove(path) == 0;
}

/* Where none can be made there is nothing to test. */
static int
made(char path[4096])
{
	char name[64];
	int fd;

	if (!can_make())
		skip();
	(void)snprintf(name, sizeof(name), "td-test-%d", getpid());
	fd = cgroup_make(own, name, path, 4096);
	assert_int_not_equal(fd, -1);
	return fd;
}

static struct proc
start_in(int cgroup, const char *script, int *ready)
{
	struct proc_start how = plain(SH(script));
	struct proc p;
	int pipes[2];

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	how.envp = WORDS("PATH=/usr/bin:/bin");
	how.out = pipes[1];
	how.cgroup = cgroup;
	how.own_session = true;
	assert_int_equal(proc_start(&how, &p), 0);
	(void)close(pipes[1]);
	*ready = pipes[0];
	return p;
}

static void
our_own_is_found_or_refused_at_once(void **state)
{
	char small[4];

	(void)state;
	if (cgroup_own(own, sizeof(own)) == -1) {
		assert_int_equal(errno, ENOENT);
		skip();
	}
	assert_int_equal(own[0], '/');
	assert_int_equal(cgroup_own(small, sizeof(small)), -1);
	assert_int_equal(errno, ENAMETOOLONG);
}

static void
none_is_made_where_that_is_not_allowed(void **state)
{
	char path[64];

	(void)state;
	assert_int_equal(cgroup_make("/no/such", "name", path, sizeof(path)),
	    -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(cgroup_make("/sys", "name", path, 8), -1);
	assert_int_equal(errno, ENAMETOOLONG);
}

static void
one_that_is_there_is_found_again(void **state)
{
	char path[4096], again[4096];
	AUTO_FD fd = made(path);
	AUTO_FD same = -1;

	(void)state;
	assert_int_not_equal(fd, -1);
	same = cgroup_make(own, strrchr(path, '/') + 1, again, sizeof(again));
	assert_int_not_equal(same, -1);
	assert_string_equal(again, path);
	assert_int_equal(cgroup_remove(path), 0);
}

static void
a_folder_that_is_no_cgroup_is_left_alone(void **state)
{
	(void)state;
	assert_int_equal(cgroup_kill(folder, 0), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(cgroup_is_empty(folder), -1);
	assert_int_equal(cgroup_remove(folder), -1);
	assert_int_equal(access(folder, F_OK), 0);
}

static void
one_that_is_gone_is_empty(void **state)
{
	(void)state;
	assert_int_equal(cgroup_kill("/no/such", 0), 0);
	assert_int_equal(cgroup_is_empty("/no/such"), 1);
	assert_int_equal(cgroup_remove("/no/such"), 0);
}

static void
a_process_starts_in_it_and_is_ended_with_all_below(void **state)
{
	char path[4096];
	AUTO_FD fd = made(path);
	int ready;
	struct proc p;

	(void)state;
	assert_int_equal(cgroup_is_empty(path), 1);
	p = start_in(fd,
	    "trap '' TERM; setsid sh -c 'setsid sh -c \"echo;"
	    " exec sleep 1000\" & echo; exec sleep 1000' & echo; wait",
	    &ready);
	read_lines(ready, 3);
	assert_int_equal(cgroup_is_empty(path), 0);
	assert_int_equal(cgroup_remove(path), -1);
	assert_int_equal(errno, EBUSY);
	assert_int_equal(cgroup_kill(path, 10 * CLOCK_SECOND), 3);
	assert_int_equal(cgroup_is_empty(path), 1);
	await_all_gone(ready);
	assert_int_equal(end_of(&p).signal, SIGKILL);
	assert_int_equal(cgroup_remove(path), 0);
	assert_int_equal(cgroup_is_empty(path), 1);
	assert_int_equal(access(path, F_OK), -1);
	(void)close(ready);
	while (proc_reap_all(0))
		;
}

static void
cgroups_made_in_it_go_with_it(void **state)
{
	char path[4096], script[16384];
	AUTO_FD fd = made(path);
	int ready;
	struct proc p;

	(void)state;
	(void)snprintf(script, sizeof(script),
	    "mkdir -p %s/a/b.c %s/d; echo $$ >%s/a/b.c/cgroup.procs; echo;"
	    " exec sleep 1000",
	    path, path, path);
	p = start_in(fd, script, &ready);
	read_lines(ready, 1);
	assert_int_equal(cgroup_remove(path), -1);
	assert_int_equal(errno, EBUSY);
	assert_int_equal(cgroup_kill(path, 10 * CLOCK_SECOND), 1);
	assert_int_equal(end_of(&p).signal, SIGKILL);
	assert_int_equal(cgroup_remove(path), 0);
	assert_int_equal(access(path, F_OK), -1);
	(void)close(ready);
}

static void
strays_are_known_by_their_cgroup(void **state)
{
	char path[4096];
	AUTO_FD fd = made(path);
	int ready, killed;
	struct proc p = start_in(fd, "echo; exec sleep 1000", &ready);

	(void)state;
	read_lines(ready, 1);
	assert_int_equal(proc_end_strays(NULL, -1, path, 10 * CLOCK_SECOND,
			     &killed),
	    0);
	assert_int_equal(killed, 1);
	assert_int_equal(end_of(&p).signal, SIGKILL);
	assert_int_equal(cgroup_remove(path), 0);
	(void)close(ready);
}

/* Tried by a child, that nobody else is ended should it go wrong. */
static void
the_one_we_are_in_is_not_ended(void **state)
{
	char path[4096];
	AUTO_FD fd = made(path);
	int status;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0) {
		int procs = openat(fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);

		if (file_write(procs, "0", 1) == -1)
			_exit(1);
		_exit(cgroup_kill(path, CLOCK_SECOND) == -1 && errno == EPERM
			  ? 0
			  : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(cgroup_remove(path), 0);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_is_found_or_refused_at_once),
		cmocka_unit_test(none_is_made_where_that_is_not_allowed),
		cmocka_unit_test(one_that_is_there_is_found_again),
		cmocka_unit_test(a_folder_that_is_no_cgroup_is_left_alone),
		cmocka_unit_test(one_that_is_gone_is_empty),
		cmocka_unit_test(
		    a_process_starts_in_it_and_is_ended_with_all_below),
		cmocka_unit_test(cgroups_made_in_it_go_with_it),
		cmocka_unit_test(strays_are_known_by_their_cgroup),
		cmocka_unit_test(the_one_we_are_in_is_not_ended),
	};

	return cmocka_run_group_tests(tests, started_set_up, started_tear_down);
}
