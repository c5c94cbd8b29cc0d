#include "started.h"

#include "base/clock.h"
#include "base/lock.h"

#define no_env	 WORDS(NULL)
#define WITH_KEY WORDS(key, "PATH=/usr/bin:/bin")

/* Not that of another run of this test beside us. */
static char key[32];

static struct proc
start_tree(const char *script, char *const *envp, int *ready)
{
	struct proc_start how = plain(WORDS("/bin/sh", "-c", script));
	struct proc p;
	int pipes[2];

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	how.envp = envp;
	how.out = pipes[1];
	how.own_session = true;
	assert_int_equal(proc_start(&how, &p), 0);
	(void)close(pipes[1]);
	*ready = pipes[0];
	return p;
}

static void
reaping_all_leaves_one_out(void **state)
{
	struct proc_start how = plain(SH("exit 5"));
	struct proc one, other;
	struct proc_end end;

	(void)state;
	assert_false(proc_reap_all(0));
	assert_int_equal(proc_start(&how, &one), 0);
	assert_int_equal(proc_start(&how, &other), 0);
	await(one.fd);
	await(other.fd);
	assert_false(proc_reap_all(one.pid));
	assert_int_equal(proc_reap(&other, &end), -1);
	assert_int_equal(end_of(&one).exit, 5);
	assert_false(proc_reap_all(0));
	(void)close(other.fd);
}

static void
orphans_are_adopted_and_reaped(void **state)
{
	int ready;
	struct proc p = start_tree("(echo; exec sleep 1000) & (exit 3) &"
				   " (echo; exec sleep 1000) & read x; exit 4",
	    no_env, &ready);

	(void)state;
	read_lines(ready, 2);
	assert_int_equal(end_of(&p).exit, 4);
	assert_true(proc_reap_all(0));
	assert_true(proc_signal_descendants(SIGKILL) >= 2);
	await_all_gone(ready);
	while (proc_reap_all(0))
		;
	(void)close(ready);
}

static const char tree[] = "setsid sh -c 'trap \"\" TERM; setsid sh -c \"echo; "
			   "exec sleep 1000\" &"
			   " echo; while :; do sleep 1000; done' &"
			   " sh -c 'echo; kill -STOP $$' &"
			   " (sh -c 'echo; exec sleep 1000' &) ; echo; wait";

static void
every_descendant_is_ended(void **state)
{
	int ready;
	struct proc p = start_tree(tree, WITH_KEY, &ready);

	(void)state;
	read_lines(ready, 5);
	assert_true(proc_signal_descendants(SIGKILL) >= 5);
	while (proc_reap_all(p.pid))
		(void)proc_signal_descendants(SIGKILL);
	await_all_gone(ready);
	assert_int_equal(end_of(&p).signal, SIGKILL);
	assert_false(proc_reap_all(0));
	(void)close(ready);
}

static void
a_stopped_descendant_is_woken_to_end(void **state)
{
	int ready;
	struct proc p = start_tree("trap 'exit 9' TERM; echo; kill -STOP $$;"
				   " while :; do read x; done",
	    no_env, &ready);
	siginfo_t info;

	(void)state;
	assert_int_equal(waitid(P_PID, (id_t)p.pid, &info, WSTOPPED | WNOWAIT),
	    0);
	assert_int_equal(proc_signal_descendants(SIGTERM), 1);
	assert_int_equal(end_of(&p).exit, 9);
	(void)close(ready);
}

static void
deep_chains_are_ended(void **state)
{
	int ready;
	struct proc p = start_tree("n() { if [ $1 -gt 0 ]; then n $(($1-1)) &"
				   " wait; else echo; sleep 1000; fi; }; n 150",
	    WITH_KEY, &ready);

	(void)state;
	read_lines(ready, 1);
	do
		(void)proc_signal_descendants(SIGKILL);
	while (proc_reap_all(0));
	await_all_gone(ready);
	(void)close(ready);
	(void)close(p.fd);
}

/* Starts a tree that is not below us: its parent dies at once. */
static int
start_strays(const char *script, char *const *envp, const int *keep)
{
	int pipes[2], status;
	pid_t pid;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	if ((pid = fork()) == 0) {
		struct proc_start how = plain(WORDS("/bin/sh", "-c", script));
		struct proc p;

		how.envp = envp;
		how.out = pipes[1];
		how.keep = keep;
		how.keep_count = keep == NULL ? 0 : 1;
		how.own_session = true;
		_exit(proc_start(&how, &p) == 0 ? 0 : 1);
	}
	(void)close(pipes[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return pipes[0];
}

static int
end_strays(const char *variable, int lock_fd, int *killed)
{
	return proc_end_strays(variable, lock_fd, NULL, 10 * CLOCK_SECOND,
	    killed);
}

static void
strays_are_known_by_their_environment(void **state)
{
	int ready = start_strays(tree, WITH_KEY, NULL), killed;

	(void)state;
	read_lines(ready, 5);
	assert_int_equal(end_strays(key, -1, &killed), 0);
	assert_true(killed >= 5);
	await_all_gone(ready);
	assert_int_equal(end_strays(key, -1, &killed), 0);
	assert_int_equal(killed, 0);
	(void)close(ready);
	while (proc_reap_all(0))
		;
}

static void
strays_are_known_by_the_lock_they_hold(void **state)
{
	AUTO_FD ours = file_at("lock", "", 0600);
	int lock = file_at("lock", "", 0600), ready, killed;

	(void)state;
	assert_int_equal(lock_try(lock, false), 1);
	ready = start_strays(tree, no_env, &lock);
	(void)close(lock);
	read_lines(ready, 5);
	assert_int_equal(lock_try(ours, false), 0);
	assert_int_equal(end_strays(NULL, ours, &killed), 0);
	assert_true(killed >= 5);
	assert_int_equal(lock_try(ours, false), 1);
	await_all_gone(ready);
	(void)close(ready);
	while (proc_reap_all(0))
		;
}

static void
a_part_of_the_key_is_not_the_key(void **state)
{
	char longer[40], other[40];
	int ready, killed;

	(void)state;
	(void)snprintf(longer, sizeof(longer), "%s3", key);
	(void)snprintf(other, sizeof(other), "X%s", key);
	ready = start_strays("echo; exec sleep 1000", WORDS(other, longer),
	    NULL);
	read_lines(ready, 1);
	assert_int_equal(end_strays(key, -1, &killed), 0);
	assert_int_equal(killed, 0);
	assert_int_equal(end_strays(longer, -1, &killed), 0);
	assert_int_equal(killed, 1);
	await_all_gone(ready);
	(void)close(ready);
	while (proc_reap_all(0))
		;
}

static void
who_only_has_the_lock_file_open_is_left_alone(void **state)
{
	AUTO_FD lock = file_at("lock", "", 0600);
	AUTO_FD other = file_at("lock", "", 0600);
	int ready, killed;

	(void)state;
	assert_int_equal(lock_try(lock, false), 1);
	ready = start_strays("echo; exec sleep 1000", WITH_KEY, &other);
	read_lines(ready, 1);
	assert_int_equal(end_strays(NULL, lock, &killed), 0);
	assert_int_equal(killed, 0);
	assert_int_equal(end_strays(key, lock, &killed), 0);
	assert_int_equal(killed, 1);
	await_all_gone(ready);
	(void)close(ready);
	while (proc_reap_all(0))
		;
}

static void
who_carries_the_key_himself_is_told_that_it_is_busy(void **state)
{
	struct proc_start how = plain(WORDS("/proc/self/exe", key));

	(void)state;
	how.envp = WITH_KEY;
	assert_int_equal(run(&how).exit, EBUSY);
	how.envp = no_env;
	assert_int_equal(run(&how).exit, 0);
}

/* With a key it is the program of that last test. */
int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reaping_all_leaves_one_out),
		cmocka_unit_test(orphans_are_adopted_and_reaped),
		cmocka_unit_test(every_descendant_is_ended),
		cmocka_unit_test(a_stopped_descendant_is_woken_to_end),
		cmocka_unit_test(deep_chains_are_ended),
		cmocka_unit_test(strays_are_known_by_their_environment),
		cmocka_unit_test(strays_are_known_by_the_lock_they_hold),
		cmocka_unit_test(a_part_of_the_key_is_not_the_key),
		cmocka_unit_test(who_only_has_the_lock_file_open_is_left_alone),
		cmocka_unit_test(
		    who_carries_the_key_himself_is_told_that_it_is_busy),
	};

	int killed;

	if (argc == 2)
		return end_strays(argv[1], -1, &killed) == 0 ? 0 : errno;
	(void)snprintf(key, sizeof(key), "TD_KEY=test%d", getpid());
	return cmocka_run_group_tests(tests, started_set_up, started_tear_down);
}
