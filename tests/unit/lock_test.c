#include "folder.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"

static int
opened(void)
{
	int fd = openat(dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_int_not_equal(fd, -1);
	return fd;
}

static void
one_holder_keeps_out_the_other_until_it_is_closed(void **state)
{
	int one = opened();
	AUTO_FD other = opened();

	(void)state;
	assert_int_equal(lock_try(one, false), 1);
	assert_int_equal(lock_try(one, false), 1);
	assert_int_equal(lock_try(other, false), 0);
	assert_int_equal(lock_try(other, true), 0);
	(void)close(one);
	assert_int_equal(lock_try(other, false), 1);
}

static void
readers_share(void **state)
{
	AUTO_FD one = opened();
	AUTO_FD other = opened();
	AUTO_FD writer = opened();

	(void)state;
	assert_int_equal(lock_try(one, true), 1);
	assert_int_equal(lock_try(other, true), 1);
	assert_int_equal(lock_try(writer, false), 0);
}

static void
what_is_no_descriptor_is_trouble(void **state)
{
	(void)state;
	assert_int_equal(lock_try(-1, false), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(lock_wait(-1, false, 0), -1);
	assert_int_equal(lock_holder(-1), 0);
}

static void
waiting_ends_when_time_is_up(void **state)
{
	AUTO_FD one = opened();
	AUTO_FD other = opened();
	int64_t start = clock_steady();

	(void)state;
	assert_int_equal(lock_try(one, false), 1);
	assert_int_equal(lock_wait(other, false, 0), 0);
	assert_int_equal(lock_wait(other, false, 20000), 0);
	assert_true(clock_steady() - start >= 20000);
}

/* The child holds the lock until it has heard our end of the pipe close. */
static pid_t
holder(int *tell)
{
	int go[2], ready[2];
	pid_t pid;
	char c = 0;

	assert_int_equal(pipe2(go, O_CLOEXEC), 0);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	if ((pid = fork()) == 0) {
		int fd = opened();

		(void)close(go[1]);
		(void)lock_try(fd, false);
		(void)!write(ready[1], "", 1);
		(void)!read(go[0], &c, 1);
		_exit(0);
	}
	(void)close(go[0]);
	(void)close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	(void)close(ready[0]);
	*tell = go[1];
	return pid;
}

static void
waiting_ends_with_the_death_of_the_holder(void **state)
{
	AUTO_FD fd = opened();
	int tell, i;
	pid_t pid;

	(void)state;
	for (i = 0; i < 2; i++) {
		pid = holder(&tell);
		assert_int_equal(lock_try(fd, false), 0);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(lock_wait(fd, false,
				     i == 0 ? -1 : 20 * CLOCK_SECOND),
		    1);
		(void)close(tell);
		(void)waitpid(pid, NULL, 0);
		(void)close(fd);
		fd = opened();
	}
}

static void
the_holder_is_known(void **state)
{
	AUTO_FD fd = opened();
	int tell;
	pid_t pid;

	(void)state;
	assert_int_equal(lock_holder(fd), 0);
	pid = holder(&tell);
	assert_int_equal(lock_holder(fd), pid);
	(void)close(tell);
	(void)waitpid(pid, NULL, 0);
	assert_int_equal(lock_holder(fd), 0);
}

static void
a_named_lock_is_made_and_refused_while_held(void **state)
{
	int fd = lock_named(dir, "name", O_RDWR | O_CREAT);

	(void)state;
	assert_int_not_equal(fd, -1);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(lock_named(dir, "name", O_RDWR | O_CREAT), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	(void)close(fd);
	fd = lock_named(dir, "name", O_RDWR | O_CREAT);
	assert_int_not_equal(fd, -1);
	(void)close(fd);
}

static void
a_named_lock_is_no_link(void **state)
{
	(void)state;
	assert_int_equal(symlinkat("target", dir, "name"), 0);
	assert_int_equal(lock_named(dir, "name", O_RDWR | O_CREAT), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(faccessat(dir, "target", F_OK, 0), -1);
}

/* Takes the lock, removes its name and lets go, over and over. */
static void
take_turns(int counter, int turns)
{
	char mark[4] = "", seen[4];
	int fd;

	while (turns > 0) {
		fd = lock_named(dir, "name", O_RDWR | O_CREAT);
		if (fd == -1) {
			if (errno == EWOULDBLOCK)
				continue;
			_exit(2);
		}
		(void)snprintf(mark, sizeof(mark), "%d", turns % 100);
		if (pwrite(counter, mark, sizeof(mark), 0) != sizeof(mark) ||
		    pread(counter, seen, sizeof(seen), 0) != sizeof(seen) ||
		    memcmp(mark, seen, sizeof(seen)) != 0)
			_exit(3);
		if (unlinkat(dir, "name", 0) == -1)
			_exit(4);
		(void)close(fd);
		turns--;
	}
	_exit(0);
}

static void
a_lock_that_its_holder_removes_has_one_holder(void **state)
{
	AUTO_FD counter = opened();
	int i, status;

	(void)state;
	for (i = 0; i < 4; i++)
		if (fork() == 0)
			take_turns(counter, 500 + i);
	for (i = 0; i < 4; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(one_holder_keeps_out_the_other_until_it_is_closed),
		IN_FOLDER(readers_share),
		IN_FOLDER(what_is_no_descriptor_is_trouble),
		IN_FOLDER(waiting_ends_when_time_is_up),
		IN_FOLDER(waiting_ends_with_the_death_of_the_holder),
		IN_FOLDER(the_holder_is_known),
		IN_FOLDER(a_named_lock_is_made_and_refused_while_held),
		IN_FOLDER(a_named_lock_is_no_link),
		IN_FOLDER(a_lock_that_its_holder_removes_has_one_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
