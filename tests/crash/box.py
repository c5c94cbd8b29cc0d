"""A spool in a folder of its own, the programs run on it, and what of it
must hold whatever died."""

import fcntl
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(os.environ.get('BUILD', os.path.join(ROOT, 'build')))
DIE_AT = os.environ.get('DIE_AT', os.path.join(BUILD, 'tests', 'die_at'))
TASK = os.path.join(HERE, 'task.sh')
LIMIT = 20  # seconds: what takes longer waits for what never comes
STATES = ('ready', 'waiting', 'delayed', 'held', 'running', 'done', 'failed',
          'cancelled')
ENDED = ('done', 'failed', 'cancelled')
NAME = re.compile(r'[0-9a-hjkmnp-tv-z]{16}\.json$')

# What may lie in tmp/: a writer that died left it, the sweep takes it.
TMP = re.compile(r'([0-9a-hjkmnp-tv-z]{16}\.json|(order|boot|probe|moved|format'
                 r'|ballast|batch|index|spill)\..*|README)$')

LATER_C = r'''
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *ts)
{
	int (*real)(clockid_t, struct timespec *) =
	    (int (*)(clockid_t, struct timespec *))
		dlsym(RTLD_NEXT, "clock_gettime");
	int answer = real(clock, ts);
	const char *by = getenv("LATER");
	if (by != NULL && clock == CLOCK_REALTIME)
		ts->tv_sec += atol(by);
	return answer;
}
'''


class Wrong(Exception):
    """What must hold does not."""


class Ended:
    """How a program ended: status, out, err, and whether it met its point."""

    def __init__(self, status, out, err, reached=False, calls=()):
        self.status, self.out, self.err = status, out, err
        self.reached, self.calls = reached, list(calls)
        self.ids = list(dict.fromkeys(
            w for w in out.split('\n')[:-1] if len(w) == 16))


def place():
    """Where spools are quickest: memory, if there is room."""
    shm = '/dev/shm'
    if os.path.isdir(shm) and os.access(shm, os.W_OK) and \
            os.statvfs(shm).f_bavail * os.statvfs(shm).f_bsize > 1 << 26:
        return shm
    return tempfile.gettempdir()


def make_later(folder):
    """A library that sets the clock of a program forward."""
    path = os.path.join(folder, 'later.so')
    subprocess.run(['cc', '-D_GNU_SOURCE', '-shared', '-fPIC', '-x', 'c', '-',
                    '-o', path, '-ldl'], input=LATER_C.encode(), check=True)
    return path


class Box:
    def __init__(self, path, later=None, build=None):
        self.path, self.later = path, later
        self.build = build or BUILD
        self.spool = os.path.join(path, 'spool')
        self.retried = ()  # tasks that were ordered to run again

    def env(self, **more):
        env = {'PATH': self.build + ':' + os.environ['PATH'], 'TZ': 'UTC',
               'LC_ALL': 'C.UTF-8', 'HOME': self.path, 'DIE_AT': DIE_AT,
               'TASKDIR': self.spool}
        env.update(more)
        return env

    def make(self):
        """An empty spool, small and quick to copy."""
        os.makedirs(self.path)
        self.run('td-init', '-q', '--volatile', self.spool)
        for folder, _, names in os.walk(self.spool):
            for name in names:
                if name == 'README':
                    os.unlink(os.path.join(folder, name))
        os.makedirs(os.path.join(self.spool, 'etc'), exist_ok=True)
        with open(os.path.join(self.spool, 'etc/taskdir.conf'), 'w') as out:
            out.write('[task]\nbackoff = 0s\n[disk]\nballast = 4K\n')
        self.run('td-tick', '-q')

    def copy(self, path):
        subprocess.run(['cp', '-a', self.path, path], check=True)
        return Box(path, self.later, self.build)

    def remove(self):
        self.kill_left()
        if os.path.exists(self.spool):
            for path in self.cgroups():
                os.rmdir(path)
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text):
        with open(self.file(name), 'w') as out:
            out.write(text)

    def read(self, name):
        try:
            with open(self.file(name)) as text:
                return text.read()
        except FileNotFoundError:
            return ''

    def start(self, *argv, stdin=None, later=0, **env):
        env = self.env(**env)
        if later:
            env.update(LD_PRELOAD=self.later, LATER=str(later))
        return subprocess.Popen(
            argv, stdin=subprocess.PIPE if stdin is not None else
            subprocess.DEVNULL, stdout=subprocess.PIPE, cwd='/',
            stderr=subprocess.PIPE, env=env, text=True,
            start_new_session=True)

    def end(self, p, argv, stdin=None):
        try:
            out, err = p.communicate(stdin, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            self.kill_left()
            p.communicate()
            raise Wrong('%s does not end' % ' '.join(argv)) from None
        return Ended(p.returncode, out, err)

    def try_run(self, *argv, stdin=None, later=0, **env):
        p = self.start(*argv, stdin=stdin, later=later, **env)
        return self.end(p, argv, stdin)

    def run(self, *argv, status=0, **how):
        """It must end with that status, or one of those."""
        got = self.try_run(*argv, **how)
        good = status if isinstance(status, tuple) else (status,)
        if got.status not in good:
            raise Wrong('%s: exit %d: %s' % (' '.join(argv), got.status,
                                             got.err.strip()))
        return got

    def die(self, point, *argv, stdin=None, how=(), **env):
        """Runs it; process point[0] dies at its call point[1]."""
        report = self.file('report')
        argv = (DIE_AT, '-l', *how, '-o', report, str(point[0]),
                str(point[1])) + argv
        got = self.try_run(*argv, stdin=stdin, **env)
        return self.reported(got)

    def reported(self, got):
        lines = self.read('report').split('\n')[:-1]
        if not lines or lines[-1] not in ('reached', 'missed'):
            raise Wrong('die_at: %s' % got.err)
        got.reached = lines.pop() == 'reached'
        got.calls = [tuple(map(int, line.split())) for line in lines]
        return got

    def submit(self, *argv):
        return self.run('td-submit', *argv).ids[0]

    def task(self, kind, *options, arg=()):
        """Submits a task of task.sh."""
        return self.submit(*options, '--', TASK, kind, *arg)

    # What is there.

    def tasks(self):
        """{id: [(state, path)]}"""
        found = {}
        for state in STATES:
            top = os.path.join(self.spool, state)
            for folder, _, names in os.walk(top):
                for name in names:
                    if NAME.match(name):
                        found.setdefault(name[:16], []).append(
                            (state, os.path.join(folder, name)))
        return found

    def state(self, task):
        return [state for state, _ in self.tasks().get(task, [])]

    def lines(self, name):
        return self.read(name).split('\n')[:-1]

    def processes(self):
        """Those that belong to a task of this spool."""
        mine = ('TASKDIR=' + self.spool).encode()
        found = []
        for folder in glob.glob('/proc/[0-9]*'):
            try:
                with open(folder + '/environ', 'rb') as text:
                    if mine not in text.read().split(b'\0'):
                        continue
                with open(folder + '/stat') as text:
                    if text.read().rpartition(')')[2].split()[0] != 'Z':
                        found.append(int(folder[6:]))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def kill_left(self):
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    # What must hold.

    def check_at_once(self, printed=()):
        """Whatever died a moment ago, and before anything was mended."""
        tasks = self.tasks()
        for task, where in tasks.items():
            if len(where) != 1:
                raise Wrong('%s is in %s' % (task, where))
            read_task(task, where[0][1])
        for task in printed:
            if task not in tasks:
                raise Wrong('%s was printed and is not there' % task)

    def check(self, expected, crashes, bad=0):
        """After the recovery: expected is {id: (states,)}."""
        tasks = self.tasks()
        histories = {}
        for task, where in tasks.items():
            if len(where) != 1:
                raise Wrong('%s is in %s' % (task, where))
            state, path = where[0]
            histories[task] = check_history(task, read_task(task, path))
            if task not in expected:
                raise Wrong('%s is new, in %s' % (task, state))
            if state not in expected[task]:
                raise Wrong('%s is %s, not %s' % (task, state, expected[task]))
        for task in expected:
            if task not in tasks and None not in expected[task]:
                raise Wrong('%s is gone' % task)
        self.check_runs(histories, crashes)
        self.check_rest(bad)
        self.check_by_program()

    def check_runs(self, histories, crashes):
        if self.read('complaints'):
            raise Wrong(self.read('complaints').strip())
        seen = {}
        for line in self.lines('runs'):
            task, n = line.split()
            if int(n) in seen.setdefault(task, []):
                raise Wrong('attempt %s of %s ran twice' % (n, task))
            seen[task].append(int(n))
        for task, ns in seen.items():
            runs = histories.get(task, {})
            for n in ns:
                if n not in runs:
                    raise Wrong('attempt %d of %s ran and left no end' %
                                (n, task))
            last = [n for n, run in runs.items() if run.get('then') in ENDED]
            if task not in self.retried and last and max(ns) > min(last):
                raise Wrong('%s ran again after its end' % task)
        lost = sum(run['outcome'] == 'lost' for runs in histories.values()
                   for run in runs.values())
        if lost > crashes:
            raise Wrong('%d attempts were lost to %d deaths' % (lost, crashes))

    def names(self, folder):
        return sorted(n for n in os.listdir(os.path.join(self.spool, folder))
                      if n != 'README')

    def check_rest(self, bad):
        for worker in self.names('running'):
            rest = self.names('running/' + worker)
            if rest not in (['lock'], []):
                raise Wrong('running/%s holds %s' % (worker, rest))
        odd = [n for n in self.names('tmp') if not TMP.match(n)]
        if odd or len(self.names('tmp')) > 6:
            raise Wrong('tmp/ holds %s' % self.names('tmp'))
        if self.names('new'):
            raise Wrong('new/ holds %s' % self.names('new'))
        put_away = self.names('bad')
        files = [name for name in put_away if not name.endswith('.why')]
        if len(files) != bad or \
                any(name + '.why' not in put_away for name in files):
            raise Wrong('bad/ holds %s' % put_away)
        held = [n for n in self.names('reserve') if n != '.mutex']
        if held:
            raise Wrong('reserve/ holds %s' % held)
        self.check_work()
        self.check_locks()
        left = self.processes()
        if left:
            raise Wrong('processes are left: %s' % left)
        self.check_journal()
        self.check_cgroups()

    def check_work(self):
        tasks = self.tasks()
        for name in self.names('work'):
            if name not in tasks:
                raise Wrong('work/%s belongs to no task' % name)

    def check_locks(self):
        for name in glob.glob(self.spool + '/running/*/lock') + \
                glob.glob(self.spool + '/ctl/*.lock') + \
                glob.glob(self.spool + '/ctl/keys/*'):
            if not os.path.isfile(name):
                continue
            with open(name) as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise Wrong('%s is held' % name) from None

    def check_journal(self):
        for line in self.lines('spool/journal/current.jsonl'):
            json.loads(line)

    def cgroups(self):
        st = os.stat(self.spool)
        name = 'taskdir-%x-%x-*' % (st.st_dev, st.st_ino)
        with open('/proc/self/mountinfo') as mounts:
            roots = [line.split()[4] for line in mounts if ' - cgroup2 ' in line]
        with open('/proc/self/cgroup') as own:
            below = [line[3:].strip() for line in own if line[:3] == '0::']
        return [path for root in roots for own in below
                for path in glob.glob(root + own.rstrip('/') + '/' + name)]

    def check_cgroups(self):
        # An empty one waits for the next worker of its slot.
        for path in self.cgroups():
            with open(path + '/cgroup.procs') as procs:
                if procs.read():
                    raise Wrong('%s is not empty' % path)

    def check_by_program(self):
        """What the project's own checker says, once the test's own is done."""
        if os.path.exists(os.path.join(self.build, 'td-fsck')):
            self.run('td-fsck', '-n')


def read_task(task, path):
    with open(path) as text:
        value = json.load(text)
    if value['id'] != task:
        raise Wrong('%s calls itself %s' % (path, value['id']))
    return value


def check_history(task, value):
    """{n: run} of a task whose attempts are told in order and once."""
    runs = {}
    for entry in value['history']:
        if entry['event'] != 'run':
            continue
        if entry['n'] in runs:
            raise Wrong('%s has two ends of attempt %d' % (task, entry['n']))
        if entry['n'] != len(runs) + 1:
            raise Wrong('%s has no end of attempt %d' % (task, len(runs) + 1))
        runs[entry['n']] = entry
    return runs
