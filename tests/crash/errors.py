#!/usr/bin/env python3
"""A system call that fails, once, at each place: a program must say what came
of it, and nothing may be left behind that it does not tell of.

    errors.py [--all | --points N] [--seed N] [--jobs N] [--at NAME,N,ERROR]
              [SCENARIO...]

Scenarios are those of sweep.py that begin with submit- or once-.  Exit 0: the
id that was printed is there.  65 to 73, 75: refused, nothing is left.  74:
the outcome is unknown.  Needs strace(1).  Prints TAP.
"""

import argparse
import collections
import fnmatch
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile

import sweep
from box import Box, Wrong, make_later, place
from scenarios import ALL

# Calls that take what may run out, and the errors that they give.
FILES = ('openat', 'newfstatat', 'mkdirat', 'mknodat', 'renameat2', 'unlinkat',
         'getdents64', 'flock', 'faccessat', 'faccessat2', 'readlinkat')
CALLS = {'EIO': FILES + ('read', 'write', 'pread64', 'pwrite64', 'fsync',
                         'ftruncate', 'fallocate', 'fstat', 'lseek'),
         'ENOSPC': ('openat', 'mkdirat', 'mknodat', 'renameat2', 'write',
                    'pwrite64', 'fsync', 'fallocate'),
         'EMFILE': ('openat', 'pipe2', 'socket', 'inotify_init1', 'fcntl',
                    'dup', 'signalfd4', 'clone3'),
         'ENOMEM': ('openat', 'mmap', 'clone3', 'getdents64',
                    'inotify_add_watch')}
# 1 is arc4random's, which has no other way to tell that it got no memory.
REFUSED = (1, 65, 66, 69, 71, 73, 75)
Job = collections.namedtuple('Job', 'name call nth error')


def inject(job, box, kept):
    one = ALL[job.name]
    argv = ('strace', '-qq', '-o', '/dev/null', '-e', 'trace=' + job.call,
            '-e', 'inject=%s:error=%s:when=%d' % (job.call, job.error, job.nth)
            ) + one.argv_of(kept)
    return box.try_run(*argv, stdin=one.stdin)


def judge_submit(job, box, got, kept):
    """What is new in the spool, and what was said of it."""
    new = [task for task in box.tasks() if task not in kept.get('expected', {})]
    if got.status == 0:
        if len(got.ids) != getattr(ALL[job.name], 'count', 1) or \
                not set(got.ids) <= set(box.tasks()):
            raise Wrong('exit 0, printed %s, %s is there' % (got.ids, new))
    elif got.status in REFUSED:
        # What an index was built in is taken away by who builds the next,
        # what could not be removed by the sweep.
        left = new or [name for name in box.names('tmp')
                       if not name.startswith('index.') and
                       job.call != 'unlinkat'] or \
            [name for name in box.names('work') if name not in box.tasks()]
        if left or got.ids:
            raise Wrong('exit %d, and %s is left, %s printed' %
                        (got.status, left, got.ids))
        if not got.err and got.status != 1:
            raise Wrong('exit %d without a word' % got.status)
    elif got.status != 74:
        raise Wrong('exit %d: %s' % (got.status, got.err.strip()))


def judge_work(box, got, kept):
    if got.status not in (0, 1, 69, 71, 73, 75):
        raise Wrong('exit %d: %s' % (got.status, got.err.strip()))
    states = {state for task in kept['expected'] for state in box.state(task)}
    if got.status == 0 and 'done' not in states:
        raise Wrong('exit 0, and it is %s' % states)


def try_point(job):
    one = ALL[job.name]
    box, kept = sweep.open_copy(job.name)
    wrong = status = None
    try:
        got = inject(job, box, kept)
        status = got.status
        box.check_at_once(got.ids)
        if job.name.startswith('submit-'):
            judge_submit(job, box, got, kept)
            got.reached = True  # there may be no task
        else:
            judge_work(box, got, kept)
        one.mend(box, got, kept)
        expected = {task: states + ('failed',) for task, states in
                    one.expected(box, got, kept).items()}
        box.check(expected, one.before + 1, one.bad)
    except Wrong as fault:
        wrong = str(fault)
    box.remove()
    return job, wrong, status


def points_of(name, counted):
    _, orders, start = counted
    names = [sweep.NAMES[number] for number in orders[0]]
    before = collections.Counter(names[:start])
    whole = collections.Counter(names)
    return [Job(name, call, nth, error) for error, calls in CALLS.items()
            for call in calls for nth in range(before[call] + 1,
                                               whole[call] + 1)]


def arguments():
    parse = argparse.ArgumentParser(usage=__doc__)
    parse.add_argument('--all', action='store_true')
    parse.add_argument('--points', type=int, default=100)
    parse.add_argument('--seed', type=int, default=1)
    parse.add_argument('--jobs', type=int, default=3 * (os.cpu_count() or 1))
    parse.add_argument('--at')
    parse.add_argument('names', nargs='*', metavar='SCENARIO')
    options = parse.parse_args()
    options.names = [name for name in ALL for pattern in
                     options.names or ('submit-*', 'once-well')
                     if fnmatch.fnmatch(name, pattern)]
    return options


def can_inject():
    return shutil.which('strace') and subprocess.run(
        ['strace', '-qq', '-o', '/dev/null', '-e', 'inject=getpid:error=EIO',
         'true'], capture_output=True, check=False).returncode == 0


def main():
    options = arguments()
    if not can_inject() or sweep.is_instrumented():
        print('1..0 # SKIP no strace(1) that works here, or not this build')
        return 0
    sweep.top = tempfile.mkdtemp(prefix='td-errors.', dir=place())
    os.mkdir(os.path.join(sweep.top, 'template'))
    make_later(sweep.top)
    try:
        return run(options) > 0
    finally:
        shutil.rmtree(sweep.top, ignore_errors=True)


def run(options):
    failed = 0
    pool = multiprocessing.get_context('fork').Pool(options.jobs)
    prepared = zip(options.names, pool.map(sweep.try_prepare, options.names, 1))
    jobs, names = [], []
    for name, (counted, fault) in prepared:
        if fault:
            raise fault
        if counted:
            names.append(name)
            jobs += points_of(name, counted)
    if options.at:
        call, nth, error = options.at.split(',')
        jobs = [Job(name, call, int(nth), error) for name in names]
    elif not options.all:
        jobs = random.Random(options.seed).sample(
            jobs, min(options.points, len(jobs)))
    print('1..%d' % len(names))
    done = collections.defaultdict(list)
    for answer in pool.imap_unordered(try_point, jobs):
        done[answer[0].name].append(answer)
    pool.terminate()
    for number, name in enumerate(names, 1):
        wrong = sorted((w for w in done[name] if w[1]), key=str)
        failed += bool(wrong)
        statuses = collections.Counter(answer[2] for answer in done[name])
        print('%s %d - %s: %d calls failed, %d wrong; exits %s' % (
            'not ok' if wrong else 'ok', number, name, len(done[name]),
            len(wrong), ', '.join('%s: %d' % pair
                                  for pair in sorted(statuses.items()))))
        for job, what, _ in wrong[:20]:
            print('#   --at %s,%d,%s: %s' % (job.call, job.nth, job.error,
                                             what.replace('\n', '\n#     ')))
    return failed


if __name__ == '__main__':
    ours = os.getpid()
    sys.stdout.reconfigure(line_buffering=True)
    signal.signal(signal.SIGTERM, lambda *_: os.getpid() == ours and sys.exit(1)
                  or os._exit(1))
    sys.exit(main())
