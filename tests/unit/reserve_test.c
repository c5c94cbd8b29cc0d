#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "spool/reserve.h"
#include "temporary.h"

static struct reserve_conflict conflict;

/* Paths with blanks between them; a "+" before one: shared. */
static struct reserve_set
paths(const char *words)
{
	struct reserve_set set = { 0 };
	char *copy = strdup(words), *rest = copy, *path;
	const char *what;

	while ((path = strsep(&rest, " ")) != NULL) {
		bool shared = *path == '+';

		assert_int_equal(reserve_add(&set, "/p", path + shared, shared,
				     &what),
		    0);
	}
	free(copy);
	return set;
}

static int
take_as(struct spool *s, const char *words, const struct reserve_asker *who,
    struct hold *hold)
{
	struct reserve_set set = paths(words);
	int looked = reserve_look(s, &set, who, &conflict);
	int got = reserve_take(s, &set, who, hold, &conflict);

	/* Nobody else is there, so the look is right. */
	assert_int_equal(looked, got);
	reserve_free(&set);
	return got;
}

static int
take(struct spool *s, const char *words, struct hold *hold)
{
	return take_as(s, words, &(struct reserve_asker){ .who = "me" }, hold);
}

/* Does the second get what it wants beside the first? */
static void
beside(struct spool *s, const char *first, const char *second, int wanted)
{
	struct hold a, b;

	assert_int_equal(take(s, first, &a), 1);
	assert_int_equal(take(s, second, &b), wanted);
	if (wanted == 1)
		reserve_release(s, &b);
	reserve_release(s, &a);
}

static bool
there_is(struct spool *s, const char *name)
{
	struct stat st;
	char path[96];

	(void)snprintf(path, sizeof(path), "reserve/%s", name);
	return fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
exclusive_conflicts_with_all_that_meets_it(void **state)
{
	struct spool *s = *state;

	beside(s, "a", "a", 0);
	beside(s, "a", "+a", 0);
	beside(s, "+a", "a", 0);
	beside(s, "a", "b", 1);
	beside(s, "a", "ab", 1);
	beside(s, "ab", "a", 1);
	beside(s, "src", "src/x/y.c", 0);
	beside(s, "src/x/y.c", "src", 0);
	beside(s, "src/*.c", "src/*.h", 1);
	beside(s, "src/*.c", "**/a.*", 0);
	beside(s, "src/{a,b}.c", "src/[b-d].c", 0);
	beside(s, "src/{,x}", "src", 0);
	beside(s, "/", "a", 0);
	beside(s, "a", "/", 0);
	beside(s, "**", "/q/a", 1);
	beside(s, "a b c d", "e f d", 0);
	beside(s, "+a b", "+a c", 1);
	beside(s, "+a b", "+a b", 0);
}

static void
shared_conflicts_with_exclusive_only(void **state)
{
	struct spool *s = *state;

	beside(s, "+a", "+a", 1);
	beside(s, "+**", "+a/b", 1);
	beside(s, "+**", "a/b", 0);
}

static void
paths_are_normalised_as_text(void **state)
{
	struct spool *s = *state;

	beside(s, "/p/a", "a", 0);
	beside(s, "./a//b/", "/p/x/../a/./b", 0);
	beside(s, "../p/a", "a", 0);
	beside(s, "/p", ".", 0);
	beside(s, "port:80", "port:80", 0);
	beside(s, "port:80", "port:8080", 1);
	beside(s, "port:8*", "port:8080", 0);
	beside(s, "./port:80", "port:80", 1);
	beside(s, "./port:80", "/p/port:80", 0);
	beside(s, "a\\*", "ab", 1);
	beside(s, "a\\*", "a[*]", 0);
	beside(s, "a\"b\\\\", "a\"b\\\\", 0);
}

static void
bytes_that_are_no_utf8_match_themselves(void **state)
{
	struct spool *s = *state;

	beside(s, "a\xff\xfe", "a\xff\xfe", 0);
	beside(s, "a\xff", "a\\\xff", 0);
	beside(s, "a\xff\xfe", "a\xff/b", 1);
	beside(s, "\xc3\xa9", "\xc3\xa9", 0);
	beside(s, "\xc3\xa9", "\xc3\xa8", 1);
}

static void
refused(const char *cwd, const char *path, const char *wanted)
{
	struct reserve_set set = { 0 };
	const char *what;

	errno = 0;
	assert_int_equal(reserve_add(&set, cwd, path, false, &what), -1);
	assert_int_equal(errno, EINVAL);
	if (wanted != NULL)
		assert_string_equal(what, wanted);
	assert_non_null(what);
	assert_int_equal(set.n, 0);
	reserve_free(&set);
}

static void
bad_patterns_are_refused_with_a_reason(void **state)
{
	(void)state;
	refused("/p", "", "it is empty");
	refused(NULL, "a", "it is relative, but to no known folder");
	refused("p", "a", "it is relative, but to no known folder");
	refused("/p", "**/../a", "\"..\" behind a pattern is not clear");
	refused("/p", "[a\xff]", "bytes in [] are not UTF-8");
	refused("/p", "[a", NULL);
	refused("/p", "{a", NULL);
}

static void
folder_is_a_path_and_no_pattern(void **state)
{
	struct reserve_set set = { 0 };
	const char *what;

	(void)state;
	assert_int_equal(reserve_add(&set, "/a*", "b*", false, &what), 0);
	assert_string_equal(set.v[0].text, "/a\\*/b*");
	reserve_free(&set);
}

static void
nothing_is_held_of_a_set_that_conflicts(void **state)
{
	struct spool *s = *state;
	struct hold a, b, c;

	assert_int_equal(take(s, "x", &a), 1);
	assert_int_equal(take(s, "free x/y also", &b), 0);
	assert_int_equal(b.fd, -1);
	assert_false(there_is(s, b.name));
	assert_string_equal(conflict.path, "/p/x/y");
	assert_string_equal(conflict.held, "/p/x");
	assert_string_equal(conflict.holder, a.name);
	assert_string_equal(conflict.who, "me");
	assert_int_equal(conflict.pid, getpid());
	assert_int_equal(take(s, "free also", &c), 1);
	reserve_release(s, &c);
	reserve_release(s, &a);
	assert_false(there_is(s, a.name));
}

static void
empty_set_holds_nothing(void **state)
{
	struct reserve_set set = { 0 };
	struct reserve_asker who = { 0 };
	struct hold hold;

	assert_int_equal(reserve_take(*state, &set, &who, &hold, &conflict), 1);
	assert_int_equal(hold.fd, -1);
	assert_int_equal(reserve_look(*state, &set, &who, &conflict), 1);
	reserve_release(*state, &hold);
}

#define PARENT "0abcdefghjkmnpqr"
#define CHILD  "1abcdefghjkmnpqr"

static void
what_own_attempt_and_parent_hold_is_no_conflict(void **state)
{
	struct spool *s = *state;
	struct reserve_asker parent = { .name = PARENT ".2", .task = PARENT };
	struct reserve_asker inside = { .own = "other " PARENT ".2" };
	struct reserve_asker child = { .name = CHILD ".1",
		.task = CHILD,
		.parent = PARENT };
	struct hold a, b, c, d;

	assert_int_equal(take_as(s, "x", &parent, &a), 1);
	assert_int_equal(take(s, "x/1", &b), 0);
	assert_int_equal(take_as(s, "x/1", &inside, &b), 1);
	assert_int_equal(take_as(s, "x/1", &child, &c), 0);
	assert_int_equal(take_as(s, "x/2", &child, &c), 1);
	inside.own = PARENT ".20";
	assert_int_equal(take_as(s, "x/3", &inside, &d), 0);
	child.parent = CHILD;
	child.name = NULL;
	assert_int_equal(take_as(s, "x/3", &child, &d), 0);
	reserve_release(s, &a);
	reserve_release(s, &b);
	reserve_release(s, &c);
}

static void
name_that_is_still_held_is_a_conflict(void **state)
{
	struct spool *s = *state;
	struct reserve_asker who = { .name = CHILD ".1" };
	struct reserve_set set = paths("y");
	struct hold a, b;

	assert_int_equal(take_as(s, "x", &who, &a), 1);
	assert_int_equal(reserve_take(s, &set, &who, &b, &conflict), 0);
	assert_string_equal(conflict.holder, CHILD ".1");
	(void)close(a.fd);
	assert_int_equal(reserve_take(s, &set, &who, &b, &conflict), 1);
	reserve_release(s, &b);
	reserve_free(&set);
}

static void
records_of_the_dead_are_dropped(void **state)
{
	struct spool *s = *state;
	struct hold a, b;

	assert_int_equal(take(s, "x", &a), 1);
	(void)close(a.fd);
	assert_true(there_is(s, a.name));
	assert_int_equal(take(s, "x", &b), 1);
	assert_false(there_is(s, a.name));
	(void)close(b.fd);
	assert_int_equal(reserve_held(s, b.name), 0);
	assert_true(there_is(s, b.name));
	assert_int_equal(reserve_sweep(s), 0);
	assert_false(there_is(s, b.name));
}

static void
a_child_holds_on(void **state)
{
	struct spool *s = *state;
	struct hold a, b;
	pid_t pid;

	assert_int_equal(take(s, "x", &a), 1);
	if ((pid = fork()) == 0)
		for (;;)
			(void)pause();
	(void)close(a.fd);
	assert_int_equal(take(s, "x", &b), 0);
	assert_int_equal(reserve_held(s, "none ../x"), 0);
	assert_int_equal(reserve_held(s, a.name), 1);
	(void)kill(pid, SIGKILL);
	assert_int_equal(reserve_wait(s, &conflict, -1), 1);
	assert_int_equal(take(s, "x", &b), 1);
	reserve_release(s, &b);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
unreadable(struct spool *s, const char *text)
{
	struct hold a;
	int fd;

	temporary_write(s, "reserve/odd", text);
	assert_int_equal(reserve_sweep(s), 0);
	assert_false(there_is(s, "odd"));
	temporary_write(s, "reserve/odd", text);
	fd = openat(s->dir, "reserve/odd", O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(take(s, "+x", &a), 0);
	assert_string_equal(conflict.holder, "odd");
	assert_string_equal(conflict.held, "");
	(void)close(fd);
	assert_int_equal(take(s, "+x", &a), 1);
	assert_false(there_is(s, "odd"));
	reserve_release(s, &a);
}

static void
what_cannot_be_read_conflicts_with_all_while_it_is_held(void **state)
{
	unreadable(*state, "");
	unreadable(*state, "garbage");
	unreadable(*state, "{}");
	unreadable(*state, "[]");
	unreadable(*state, "{\"paths\":");
	unreadable(*state, "{\"paths\":7}");
	unreadable(*state, "{\"paths\":[7]}");
	unreadable(*state, "{\"paths\":[{\"path\":\"/a");
	unreadable(*state, "{\"paths\":[{\"path\":\"/a\"},{\"mode\":\"x\"}]}");
	unreadable(*state, "{\"paths\":[{\"path\":7}]}");
	unreadable(*state, "{\"paths\":[{\"path\":\"{/x\"}]}");
	unreadable(*state, "{\"paths\":[{\"path\":\"\\ud800\"}]}");
}

static void
strange_files_do_no_harm(void **state)
{
	struct spool *s = *state;
	struct hold a;
	int fd;

	assert_int_equal(mkdirat(s->dir, "reserve/folder", 0700), 0);
	assert_int_equal(mkfifoat(s->dir, "reserve/fifo", 0600), 0);
	assert_int_equal(symlinkat("nowhere", s->dir, "reserve/link"), 0);
	temporary_write(s, "reserve/README", "what is here");
	temporary_write(s, "reserve/.new", "left behind");
	fd = openat(s->dir, "reserve/.new", O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(take(s, "x", &a), 1);
	assert_int_equal(reserve_sweep(s), 0);
	reserve_release(s, &a);
	assert_true(there_is(s, "README"));
	(void)close(fd);
}

static void
wait_ends_with_its_time(void **state)
{
	struct spool *s = *state;
	struct hold a, b;
	int64_t start = clock_steady();
	struct sigaction act;

	assert_int_equal(take(s, "x", &a), 1);
	assert_int_equal(take(s, "x", &b), 0);
	assert_int_equal(reserve_wait(s, &conflict, 0), 0);
	assert_int_equal(reserve_wait(s, &conflict, 20000), 0);
	assert_true(clock_steady() - start >= 20000);
	reserve_release(s, &a);
	assert_int_equal(reserve_wait(s, &conflict, 0), 1);
	assert_int_equal(sigaction(SIGALRM, NULL, &act), 0);
	assert_true(act.sa_handler == SIG_DFL);
}

static void
note(int signo)
{
	(void)signo;
}

static void
wait_ends_with_a_signal(void **state)
{
	struct spool *s = *state;
	struct sigaction act = { .sa_handler = note }, old;
	struct hold a, b;
	pid_t parent = getpid(), pid;

	assert_int_equal(take(s, "x", &a), 1);
	assert_int_equal(take(s, "x", &b), 0);
	(void)sigaction(SIGUSR1, &act, &old);
	if ((pid = fork()) == 0) {
		while (kill(parent, SIGUSR1) == 0)
			(void)usleep(1000);
		_exit(0);
	}
	errno = 0;
	assert_int_equal(reserve_wait(s, &conflict, -1), -1);
	assert_int_equal(errno, EINTR);
	errno = 0;
	assert_int_equal(reserve_wait(s, &conflict, 60 * CLOCK_SECOND), -1);
	assert_int_equal(errno, EINTR);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == -1)
		assert_int_equal(errno, EINTR);
	(void)sigaction(SIGUSR1, &old, NULL);
	reserve_release(s, &a);
}

static int
count(const char *name, const char *json, void *arg)
{
	assert_non_null(name);
	assert_non_null(json);
	assert_null(strchr(json, '\n'));
	(*(int *)arg)++;
	return 0;
}

static void
list_shows_who_lives(void **state)
{
	struct spool *s = *state;
	struct hold a, b, c;
	int n = 0;

	assert_int_equal(take(s, "x", &a), 1);
	assert_int_equal(take(s, "y", &b), 1);
	assert_int_equal(take(s, "z", &c), 1);
	(void)close(b.fd);
	assert_int_equal(reserve_list(s, count, &n), 0);
	assert_int_equal(n, 2);
	reserve_release(s, &a);
	reserve_release(s, &c);
}

#define IN_SPOOL(test)                                                         \
	cmocka_unit_test_setup_teardown(test, temporary_spool, temporary_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SPOOL(exclusive_conflicts_with_all_that_meets_it),
		IN_SPOOL(shared_conflicts_with_exclusive_only),
		IN_SPOOL(paths_are_normalised_as_text),
		IN_SPOOL(bytes_that_are_no_utf8_match_themselves),
		IN_SPOOL(bad_patterns_are_refused_with_a_reason),
		IN_SPOOL(folder_is_a_path_and_no_pattern),
		IN_SPOOL(nothing_is_held_of_a_set_that_conflicts),
		IN_SPOOL(empty_set_holds_nothing),
		IN_SPOOL(what_own_attempt_and_parent_hold_is_no_conflict),
		IN_SPOOL(name_that_is_still_held_is_a_conflict),
		IN_SPOOL(records_of_the_dead_are_dropped),
		IN_SPOOL(a_child_holds_on),
		IN_SPOOL(
		    what_cannot_be_read_conflicts_with_all_while_it_is_held),
		IN_SPOOL(strange_files_do_no_harm),
		IN_SPOOL(wait_ends_with_its_time),
		IN_SPOOL(wait_ends_with_a_signal),
		IN_SPOOL(list_shows_who_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
