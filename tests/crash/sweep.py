#!/usr/bin/env python3
"""Death at every system call: runs a program on a copy of a prepared spool,
kills it (or a process that it forked) as it enters its n-th system call, lets
upkeep and workers mend what is left, and checks what must hold.

    sweep.py [--all | [--changes] --points N] [--seed N] [--twice] [--first]
             [--jobs N] [--keep DIR] [--seconds N] [--at PROCESS,CALL[,CALL]]
             [SCENARIO...]

SCENARIO may be a pattern; without any, all are swept.

Points are pairs: a process in the order of birth, 0 being the program, and
its own count of calls.  They are counted in a run in which nothing dies.
What a program does before its main() is left out of a sample.  --twice: the
td-tick that mends dies, too, at a point chosen by lot.  --changes: only at
calls that change something, since between two of them nothing is different
but what is held open.  --first: ends with the first that is wrong.  Prints
TAP.  Needs what the programs need, a compiler and ptrace(2).
"""

import argparse
import collections
import fnmatch
import multiprocessing
import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback

import scenarios
import steering  # adds to them
from box import BUILD, DIE_AT, Box, Wrong, make_later, place
from scenarios import ALL, NUMBERS

NAMES = {number: name for name, number in NUMBERS.items()}
Job = collections.namedtuple('Job', 'name point second keep')
CHANGES = {NUMBERS[name] for name in (
    'renameat2', 'renameat', 'unlinkat', 'linkat', 'symlinkat', 'mkdirat',
    'mknodat', 'write', 'pwrite64', 'ftruncate', 'fallocate', 'fsync', 'syncfs',
    'fchmodat', 'utimensat', 'flock', 'clone', 'clone3', 'execve', 'wait4',
    'exit_group', 'pidfd_send_signal') if name in NUMBERS}
top = None  # the folder of this sweep


def template(name):
    return os.path.join(top, 'template', name)


def prepare(name):
    """The spool that each point has a copy of, and the calls of a whole run."""
    one = ALL[name]
    box = Box(template(name), os.path.join(top, 'later.so'))
    box.make()
    if not one.is_there(box):
        return None
    kept = one.prepare(box)
    with open(template(name) + '.kept', 'wb') as out:
        pickle.dump(kept, out)
    calls = collections.Counter()
    orders = {}
    for turn in range(2):
        copy = box.copy(template(name) + '.count')
        got = one.crash(copy, (0, 0), kept)
        for process in {p for p, _ in got.calls}:
            order = [number for p, number in got.calls if p == process]
            calls[process] = max(calls[process], len(order))
            orders.setdefault(process, order)
        try:
            mend_and_check(one, copy, got, kept, 0)
        finally:
            copy.remove()
    copy = box.copy(template(name) + '.count')
    bare = copy.die((0, 0), one.argv[0], '-V').calls
    copy.remove()
    start = 0
    while start < min(len(bare), len(orders[0])) and \
            bare[start][1] == orders[0][start]:
        start += 1
    return calls, orders, start


def try_prepare(name):
    try:
        return prepare(name), None
    except Wrong as fault:
        return None, fault


def mend_and_check(one, box, got, kept, crashes):
    box.check_at_once(got.ids)
    one.mend(box, got, kept)
    one.check(box, got, kept, crashes)


def open_copy(name):
    """A fresh copy of its spool, and what its preparation told."""
    box = Box(template(name), os.path.join(top, 'later.so')) \
        .copy(os.path.join(top, 'box.%d' % os.getpid()))
    with open(template(name) + '.kept', 'rb') as text:
        return box, pickle.load(text)


def sweep_point(job):
    """None, or what is wrong; and whether the point was reached."""
    one = ALL[job.name]
    box, kept = open_copy(job.name)
    wrong, reached, call, crashes = None, False, None, 1
    try:
        got = one.crash(box, job.point, kept)
        reached = got.reached
        own = [number for p, number in got.calls if p == job.point[0]]
        call = own[job.point[1] - 1] if reached else None
        if job.second is not None:
            crashes += box.die((0, job.second), 'td-tick', '-q').reached
        mend_and_check(one, box, got, kept, crashes)
    except Wrong as fault:
        wrong = str(fault)
    except Exception:
        wrong = traceback.format_exc()
    box.kill_left()
    if wrong and job.keep:
        shutil.copytree(box.path, os.path.join(job.keep, '%s.%d.%d.%s' % (
            job.name, *job.point, job.second or 0)), dirs_exist_ok=True)
    box.remove()
    return job, reached, call, wrong, crashes == 2


def say(job, call, wrong):
    print('#   %s: process %d, call %d (%s)%s: %s' % (
        job.name, *job.point, NAMES.get(call, 'not reached'),
        ', and td-tick at %d' % job.second if job.second else '',
        wrong.replace('\n', '\n#     ')))


def choose(options, names, counted):
    """The points of this sweep; a sample has as many of each scenario."""
    lot = random.Random(options.seed)
    jobs = []
    for name in names:
        calls, orders, start = counted[name]
        points = [(process, call) for process, most in sorted(calls.items())
                  for call in range(1 if options.all or process > 0 else start,
                                    most + 1)]
        if not options.all:
            points = [(p, c) for p, c in points if not options.changes or
                      orders[p][c - 1:c] and orders[p][c - 1] in CHANGES]
            share = -(-options.points // len(names))
            points = lot.sample(points, min(share, len(points)))
        jobs += [Job(name, point, lot.randrange(40, 700) if options.twice
                     else None, options.keep) for point in points]
    lot.shuffle(jobs)
    return jobs


def arguments():
    parse = argparse.ArgumentParser(usage=__doc__)
    parse.add_argument('--all', action='store_true')
    parse.add_argument('--changes', action='store_true')
    parse.add_argument('--first', action='store_true')
    parse.add_argument('--points', type=int, default=200)
    parse.add_argument('--seed', type=int, default=1)
    parse.add_argument('--twice', action='store_true')
    parse.add_argument('--jobs', type=int, default=3 * (os.cpu_count() or 1))
    parse.add_argument('--keep')
    parse.add_argument('--seconds', type=float, default=0)
    parse.add_argument('--at', help='PROCESS,CALL[,CALL of td-tick]: only this')
    parse.add_argument('names', nargs='*', metavar='SCENARIO')
    options = parse.parse_args()
    for name in options.names:
        if not fnmatch.filter(ALL, name):
            parse.error('%s: not one of %s' % (name, ' '.join(ALL)))
    options.names = [name for name in ALL for pattern in options.names or '*'
                     if fnmatch.fnmatch(name, pattern)]
    return options


def is_instrumented():
    """Sanitizers make a sample slow, and find nothing that is not theirs."""
    try:
        with open(os.path.join(BUILD, 'flags')) as flags:
            return '-fsanitize' in flags.read()
    except FileNotFoundError:
        return False


def can_trace():
    folder = tempfile.mkdtemp()
    try:
        return os.spawnl(os.P_WAIT, DIE_AT, DIE_AT, '-o',
                         os.path.join(folder, 'report'), '0', '0',
                         '/bin/true') == 0
    finally:
        shutil.rmtree(folder)


def main():
    global top
    options = arguments()
    if not os.path.exists(DIE_AT):
        print('Bail out! %s is not there: make tests' % DIE_AT)
        return 1
    if not can_trace():
        print('1..0 # SKIP %s cannot trace here' % DIE_AT)
        return 0
    if is_instrumented() and not options.all:
        print('1..0 # SKIP swept in the plain build')
        return 0
    print('1..%d' % len(options.names), flush=True)
    top = tempfile.mkdtemp(prefix='td-crash.', dir=place())
    os.mkdir(os.path.join(top, 'template'))
    make_later(top)
    try:
        return run(options) > 0
    finally:
        shutil.rmtree(top, ignore_errors=True)


def run(options):
    counted, numbers = {}, {}
    failed = 0
    begun = time.monotonic()
    pool = multiprocessing.get_context('fork').Pool(options.jobs)
    prepared = pool.map(try_prepare, options.names, 1)
    for number, name in enumerate(options.names, 1):
        numbers[name] = number
        counts, fault = prepared[number - 1]
        if counts:
            counted[name] = counts
        elif fault:
            failed += 1
            print('not ok %d - %s: where nothing dies: %s' %
                  (number, name, fault))
        else:
            print('ok %d - %s # SKIP not there yet' % (number, name))
    jobs = choose(options, list(counted), counted)
    if options.at:
        at = [int(n) for n in options.at.split(',')]
        jobs = [Job(name, tuple(at[:2]), at[2] if at[2:] else None,
                    options.keep) for name in counted]
    done = collections.defaultdict(list)
    for answer in pool.imap_unordered(sweep_point, jobs):
        done[answer[0].name].append(answer)
        if options.first and answer[3]:
            break
        if options.seconds and time.monotonic() - begun > options.seconds:
            break
    pool.terminate()
    pool.join()
    for name in counted:
        answers = done[name]
        reached = sum(answer[1] for answer in answers)
        wrong = [answer for answer in answers if answer[3]]
        failed += bool(wrong)
        again = sum(answer[4] for answer in answers)
        print('%s %d - %s: %d points, %d reached, %s%d wrong' % (
            'not ok' if wrong else 'ok', numbers[name], name, len(answers),
            reached, '%d died again, ' % again if options.twice else '',
            len(wrong)))
        for job, _, call, what, _ in sorted(wrong, key=str)[:10]:
            say(job, call, what)
    print('# %d points in %.1f s' % (sum(map(len, done.values())),
                                     time.monotonic() - begun), flush=True)
    return failed


if __name__ == '__main__':
    ours = os.getpid()
    sys.stdout.reconfigure(line_buffering=True)
    signal.signal(signal.SIGTERM, lambda *_: os.getpid() == ours and sys.exit(1)
                  or os._exit(1))
    sys.exit(main())
