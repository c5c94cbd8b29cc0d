"""What is swept.  A scenario prepares a spool, runs one program to its death
and says what must have become of each task once all is mended."""

import fcntl
import glob
import json
import os
import time

from box import TASK, Wrong

HOUR = 3600
ALL = {}


class Scenario:
    name = None
    before = 0       # attempts that were cut when the spool was prepared
    bad = 0          # files in bad/ at the end, each with a .why
    later = 0        # the mending happens so many seconds later
    argv = ()
    stdin = None
    statuses = (0,)  # of the program where nothing dies

    def is_there(self, box):
        """Does the program do this at all?"""
        return True

    def prepare(self, box):
        """Fills the spool; what it returns is kept beside it."""
        return {}

    def crash(self, box, point, kept):
        return box.die(point, *self.argv_of(kept), stdin=self.stdin)

    def argv_of(self, kept):
        return tuple(kept.get(word, word) for word in self.argv)

    def mend(self, box, got, kept):
        """Nothing but what happens by itself: upkeep, and workers."""
        later = {'later': self.later} if self.later else {}
        box.run('td-tick', **later)
        box.run('td-tick', **later)
        box.run('td-work', '--drain', **later)

    def expected(self, box, got, kept):
        """{id: (states,)}; None among them: it may be missing."""
        return dict(kept.get('expected', {}))

    def judge(self, box, got, kept):
        if not got.reached and got.status not in self.statuses:
            raise Wrong('exit %d: %s' % (got.status, got.err.strip()))

    def check(self, box, got, kept, crashes):
        box.check(self.expected(box, got, kept), crashes + self.before,
                  self.bad)
        self.judge(box, got, kept)


def scenario(cls):
    cls.name = cls.__name__.replace('_', '-').lower()
    ALL[cls.name] = cls()
    return cls


# td-submit


class Submit(Scenario):
    state = 'done'

    def expected(self, box, got, kept):
        expected = dict(kept.get('expected', {}))
        new = [task for task in box.tasks() if task not in expected]
        if len(new) > 1:
            raise Wrong('one task was submitted, %s are there' % new)
        if not got.reached and got.ids != new and not self.known(got, kept):
            raise Wrong('%s was printed, %s is there' % (got.ids, new))
        expected.update((task, (self.state,)) for task in new)
        return expected

    def known(self, got, kept):
        return False


@scenario
class Submit_Plain(Submit):
    argv = ('td-submit', '--', TASK, 'well')


@scenario
class Submit_Reserve(Submit):
    argv = ('td-submit', '-p', '1', '-Q', 'other', '-l', 'one', '-r', '/x/**',
            '-s', '/y', '--', TASK, 'path', 'x')


@scenario
class Submit_Held(Submit):
    argv = ('td-submit', '-H', '--', TASK, 'well')
    state = 'held'


@scenario
class Submit_At(Submit):
    argv = ('td-submit', '--at', '+1h', '--', TASK, 'well')
    later = HOUR + 60


@scenario
class Submit_After(Submit):
    """After one that ran when its worker died, a done and a waiting one."""
    argv = ('td-submit', '-a', 'RUNNING', '-a', 'DONE:ended', '-a', 'WAITING',
            '--', TASK, 'well')
    before = 1

    def prepare(self, box):
        done = box.task('well')
        box.run('td-work', '--drain')
        running = box.task('well')
        die_at_call(box, 'clone3', 'td-work', '--once', '--name', 'dead')
        waiting = box.task('well', '-a', running)
        return {'RUNNING': running, 'DONE:ended': done + ':ended',
                'WAITING': waiting,
                'expected': {t: ('done',) for t in (done, running, waiting)}}


@scenario
class Submit_Input(Submit):
    argv = ('td-submit', '-i', '-', '--', TASK, 'input')
    stdin = 'line\n' * 40000

    def mend(self, box, got, kept):
        super().mend(box, got, kept)
        box.run('td-tick', later=37 * HOUR)
        box.run('td-tick', later=38 * HOUR)

    def judge(self, box, got, kept):
        super().judge(box, got, kept)
        for task in box.tasks():
            if box.read('input.' + task) != self.stdin:
                raise Wrong('%s had not all of its input' % task)


@scenario
class Submit_Unique(Submit):
    """Said again until it is answered: one task, and its id."""
    argv = ('td-submit', '-q', '-u', 'the key', '--', TASK, 'well')

    def mend(self, box, got, kept):
        again = box.run(*self.argv, status=(0, 75))
        if again.status == 75:
            again = box.run(*self.argv, status=(0, 75), later=61)
        if again.status == 75:
            again = box.run(*self.argv, later=122)
        if got.ids and got.ids != again.ids:
            raise Wrong('%s and %s have one key' % (got.ids, again.ids))
        super().mend(box, got, kept)
        if list(box.tasks()) != again.ids:
            raise Wrong('%s was answered, %s is there' %
                        (again.ids, list(box.tasks())))


@scenario
class Submit_Unique_Held(Submit):
    argv = Submit_Unique.argv

    def prepare(self, box):
        task = box.run(*self.argv).ids[0]
        return {'expected': {task: ('done',)}, 'task': task}

    def known(self, got, kept):
        return got.ids == [kept['task']]

    def mend(self, box, got, kept):
        again = box.run(*self.argv)
        if again.ids != [kept['task']]:
            raise Wrong('another id has the key')
        super().mend(box, got, kept)


@scenario
class Submit_Unindexed(Submit_Unique_Held):
    """The key's index has to be made again first."""

    def prepare(self, box):
        kept = super().prepare(box)
        waiting = box.task('well', '-a', kept['task'])
        held = box.task('well', '-H')
        kept['expected'].update({waiting: ('done',), held: ('held',)})
        box.run('rm', '-r', box.spool + '/index')
        return kept


class Many(Scenario):
    """Of a batch that was killed there is a prefix."""
    count = 5

    def is_there(self, box):
        return box.try_run('td-submit', '-b', stdin='').status == 0

    def line(self, value):
        return int(value['command'][-1])

    def expected(self, box, got, kept):
        have = {}
        for task, where in box.tasks().items():
            with open(where[0][1]) as text:
                have[self.line(json.load(text))] = task
        if sorted(have) != list(range(1, len(have) + 1)):
            raise Wrong('of the batch there are %s' % sorted(have))
        if len(have) != len(box.tasks()) or len(have) > self.count:
            raise Wrong('some of the batch are there twice')
        if not got.reached and [have[n] for n in sorted(have)] != got.ids:
            raise Wrong('printed %s, there are %s' % (got.ids, have))
        return {task: ('done',) for task in have.values()}


@scenario
class Submit_Batch(Many):
    """Each line after the one before it, by its ref."""
    argv = ('td-submit', '-b')
    stdin = ''.join(
        json.dumps({'ref': 'r%d' % n, 'command': [TASK, 'well', str(n)],
                    **({'after': [{'ref': 'r%d' % (n - 1)}]} if n > 1 else {})
                    }) + '\n' for n in range(1, Many.count + 1))


@scenario
class Submit_Each(Many):
    argv = ('td-submit', '-x', '--', TASK, 'well', '{}')
    stdin = ''.join('%d\n' % n for n in range(1, Many.count + 1))


# td-cancel


class Cancel(Scenario):
    argv = ('td-cancel', '-m', 'why', 'TASK')
    statuses = (0,)

    def mend(self, box, got, kept):
        box.run('td-tick')
        box.run('td-tick')
        box.run('td-cancel', kept['TASK'])
        super().mend(box, got, kept)


@scenario
class Cancel_Ready(Cancel):
    def prepare(self, box):
        task, other = box.task('well'), box.task('well')
        return {'TASK': task,
                'expected': {task: ('cancelled',), other: ('done',)}}


@scenario
class Cancel_Waiting(Cancel):
    """One that waits, and for which others wait."""

    def prepare(self, box):
        first = box.task('well', '-H')
        task = box.task('well', '-a', first)
        second = box.task('well', '-a', task)
        third = box.task('well', '-a', second)
        other = box.task('well', '-a', task + ':ended')
        return {'TASK': task, 'expected': {
            first: ('held',), task: ('cancelled',), second: ('cancelled',),
            third: ('cancelled',), other: ('done',)}}


@scenario
class Cancel_Delayed(Cancel):
    def prepare(self, box):
        task = box.task('well', '--at', '+1h')
        return {'TASK': task, 'expected': {task: ('cancelled',)}}


@scenario
class Cancel_Held(Cancel):
    def prepare(self, box):
        task = box.task('well', '-H')
        return {'TASK': task, 'expected': {task: ('cancelled',)}}


@scenario
class Cancel_Running(Cancel):
    """While its worker lives; that one is told, or ends the task well."""

    def prepare(self, box):
        task = box.task('nap')
        after = box.task('well', '-a', task + ':ended')
        return {'TASK': task, 'expected': {
            task: ('cancelled', 'done'), after: ('done',)}}

    def crash(self, box, point, kept):
        argv = ('td-work', '--once')
        worker = box.start(*argv)
        until = time.monotonic() + 5
        while not box.lines('runs') and time.monotonic() < until:
            time.sleep(0.002)
        got = box.die(point, *self.argv_of(kept))
        if box.end(worker, argv).status not in (0, 1):
            raise Wrong('the worker did not live')
        return got

    def mend(self, box, got, kept):
        Scenario.mend(self, box, got, kept)

    def judge(self, box, got, kept):
        if not got.reached and got.status != \
                (box.state(kept['TASK']) == ['done']):
            raise Wrong('exit %d: %s' % (got.status, got.err.strip()))


# td-work, and the processes that it forks


class Once(Scenario):
    """One task of a kind; whatever dies, it ends in this state."""
    argv = ('td-work', '--once')
    kind, options, arg = 'well', (), ()
    end = 'done'

    def prepare(self, box):
        task = box.task(self.kind, *self.options, arg=self.arg)
        return {'expected': {task: (self.end,)}}


@scenario
class Once_Well(Once):
    pass


@scenario
class Once_Nothing(Once):
    statuses = (75,)

    def prepare(self, box):
        return {'expected': {box.task('well', '-H'): ('held',)}}


@scenario
class Once_Again(Once):
    kind = 'again'
    statuses = (1,)


@scenario
class Once_Never(Once):
    kind = 'never'
    statuses = (1,)
    end = 'failed'


@scenario
class Once_Missing(Once):
    """Its program is not there."""
    statuses = (1,)

    def prepare(self, box):
        task = box.submit('--', '/nonexistent')
        return {'expected': {task: ('failed',)}}


@scenario
class Once_Path(Once):
    kind, options, arg = 'path', ('-r', '/x/**'), ('x',)


@scenario
class Once_Input(Once):
    kind, options = 'input', ('-i', '/etc/passwd')


@scenario
class Once_Stray(Once):
    """It leaves a process behind, which has to be ended."""
    kind = 'stray'


@scenario
class Once_Slow(Once):
    """It runs into its timeout."""
    kind, options = 'slow', ('-T', '1s', '-R', '1')
    statuses = (1,)
    end = 'failed'


@scenario
class Once_Cancel(Once):
    """It is cancelled while it runs, and all that waits for it."""
    kind = 'cancel'
    statuses = (1,)

    def prepare(self, box):
        task = box.task('cancel')
        after = box.task('well', '-a', task)
        return {'expected': {task: ('cancelled',), after: ('cancelled',)}}


@scenario
class Once_Finish(Once):
    kind = 'finish'
    statuses = (1,)
    end = 'failed'


@scenario
class Once_Blocker(Once):
    """Its end sets others free, and calls some off."""

    def prepare(self, box):
        task = box.task('well', '-p', '0')
        good, bad = box.task('well', '-a', task), \
            box.task('well', '-a', task + ':failed')
        last = box.task('well', '-a', good + ':ended', '-a', bad + ':ended')
        return {'expected': {task: ('done',), good: ('done',),
                             bad: ('cancelled',), last: ('done',)}}


def mixture(box):
    expected = {}

    def put(end, kind, *options, arg=()):
        task = box.task(kind, *options, arg=arg)
        expected[task] = (end,)
        return task

    again = put('done', 'again')
    put('failed', 'never')
    put('done', 'path', '-r', '/x/**', arg=('x',))
    put('done', 'path', '-r', '/x/y', '-a', again, arg=('x',))
    put('done', 'stray')
    put('done', 'well', '-p', '0', '-Q', 'other')
    put('held', 'well', '-H')
    put('delayed', 'well', '--at', '+1h')
    return expected


@scenario
class Drain(Scenario):
    argv = ('td-work', '--drain')

    def prepare(self, box):
        return {'expected': mixture(box)}


@scenario
class Crew(Scenario):
    """Two at once, and their head: any of the three dies."""
    argv = ('td-work', '--drain', '-n', '2')
    statuses = (0, 71)

    def prepare(self, box):
        return {'expected': mixture(box)}

    def check(self, box, got, kept, crashes):
        # The head's death is that of both.
        super().check(box, got, kept, 2 * crashes)


@scenario
class Finish(Scenario):
    """td-finish dies within its attempt, which then ends by itself."""
    argv = ('td-work', '--once')
    statuses = (0, 1)

    def prepare(self, box):
        return {'expected': {box.task('swept', '-e', 'DIE_AT'):
                             ('done', 'failed')}}

    def crash(self, box, point, kept):
        box.write('point', '%d %d\n' % point)
        got = box.try_run(*self.argv)
        return box.reported(got)

    def check(self, box, got, kept, crashes):
        super().check(box, got, kept, 0)
        if not got.reached and got.status != 1:
            raise Wrong('td-finish said 64, td-work %d' % got.status)


# td-tick


def call_numbers():
    """{name: number} of this machine's system calls."""
    import re
    import subprocess
    text = subprocess.run(['cc', '-dM', '-E', '-include', 'sys/syscall.h', '-'],
                          input='', capture_output=True, text=True,
                          check=True).stdout
    return {m[1]: int(m[2]) for m in
            re.finditer(r'#define __NR_(\w+) (\d+)', text)}


NUMBERS = call_numbers()


def hold_slots(box):
    """What dead workers left is not to be recovered."""
    locks = [open(path) for path in glob.glob(box.spool + '/running/*/lock')]
    for lock in locks:
        fcntl.flock(lock, fcntl.LOCK_EX)
    return locks


def die_at_call(box, name, *argv, nth=1, leaving=True):
    """The program dies at its nth call of that name."""
    locks = hold_slots(box)
    got = box.die((0, nth), *argv, how=('-n', str(NUMBERS[name])) +
                  (('-x',) if leaving else ()))
    if not got.reached:
        raise Wrong('%s did not die where it should' % argv[0])
    for lock in locks:
        lock.close()
    until = time.monotonic() + 5
    while box.processes() and time.monotonic() < until:
        time.sleep(0.01)


def drop(box, name, text):
    path = os.path.join(box.spool, 'new', name)
    with open(path + '.part', 'w') as out:
        out.write(text)
    os.rename(path + '.part', path)


@scenario
class Tick(Scenario):
    """Upkeep with work of every kind to do."""
    argv = ('td-tick', '-q')
    later = 61
    before = 2
    bad = 1

    def prepare(self, box):
        # The folders of today are there: a rename comes off at once.
        expected = {box.task('well'): ('done',)}
        box.run('td-work', '--drain')
        cancelled = box.task('well')
        expected[cancelled] = ('cancelled',)
        box.run('td-cancel', cancelled)

        def work(worker, name, nth, leaving, kind='well', options=(), arg=()):
            task = box.task(kind, *options, arg=arg)
            expected[task] = ('done',)
            after = box.task('well', '-a', task)
            expected[after] = ('done',)
            die_at_call(box, name, 'td-work', '--once', '--name', worker,
                        nth=nth, leaving=leaving)

        work('recorded', 'renameat2', 2, False)  # not moved
        work('untold', 'renameat2', 2, True)     # its dependents not freed
        work('lost', 'clone3', 1, True)
        work('claimed', 'renameat2', 1, True)
        work('holder', 'clone3', 1, True, 'path', ('-r', '/x'), ('x',))
        cancelled = box.task('well')
        after = box.task('well', '-a', cancelled)
        die_at_call(box, 'renameat2', 'td-cancel', cancelled)
        expected.update({cancelled: ('cancelled',), after: ('cancelled',)})
        expected[box.task('well', '--at', '+1s')] = ('done',)
        time.sleep(1.1)
        drop(box, 'good.json', '{"command":["true"],"labels":["drop"]}')
        drop(box, 'bad.json', '{"command":')
        return {'expected': expected}

    def expected(self, box, got, kept):
        expected = dict(kept['expected'])
        new = [task for task in box.tasks() if task not in expected]
        if len(new) != 1:
            raise Wrong('one good drop made %s' % new)
        expected[new[0]] = ('done',)
        return expected


@scenario
class Import(Scenario):
    """Drops: two good ones, one with a key, one with a blocker, bad ones."""
    argv = ('td-tick', '-q')
    later = 61
    bad = 2

    def prepare(self, box):
        task = box.task('well')
        drop(box, 'a.json', '{"command":["true"],"title":"a"}')
        drop(box, 'b.json', '{"command":["true"],"title":"b"}')
        drop(box, 'c.json', '{"command":["true"],"title":"c","unique":"c"}')
        drop(box, 'd.json', '{"command":["true"],"title":"d","after":["%s"]}'
             % task)
        drop(box, 'e.json', '{"command":[]}')
        drop(box, 'f.json', 'f')
        return {'expected': {task: ('done',)}}

    def mend(self, box, got, kept):
        super().mend(box, got, kept)
        box.run('td-tick', later=122)
        box.run('td-work', '--drain', later=122)

    def expected(self, box, got, kept):
        titles = {}
        expected = dict(kept['expected'])
        for task, where in box.tasks().items():
            if task in expected:
                continue
            with open(where[0][1]) as text:
                titles.setdefault(json.load(text)['title'], []).append(task)
        if sorted(titles) != list('abcd') or \
                any(len(ids) != 1 for ids in titles.values()):
            raise Wrong('four good drops made %s' % titles)
        expected.update({ids[0]: ('done',) for ids in titles.values()})
        return expected


@scenario
class Index(Scenario):
    """The index was deleted."""
    argv = ('td-tick', '-q')

    def prepare(self, box):
        expected = mixture(box)
        task = box.task('well', '-u', 'the key')
        expected[task] = ('done',)
        box.run('rm', '-r', box.spool + '/index')
        return {'expected': expected, 'task': task}

    def mend(self, box, got, kept):
        again = box.run('td-submit', '-q', '-u', 'the key', '--', TASK, 'well')
        if again.ids != [kept['task']]:
            raise Wrong('the key was given away')
        super().mend(box, got, kept)


# td-init


@scenario
class Init(Submit):
    """What was begun can be begun again."""
    argv = ('td-init', '-q', '--volatile', 'SPOOL')

    def prepare(self, box):
        box.run('rm', '-r', box.spool)
        return {}

    def crash(self, box, point, kept):
        return box.die(point, *self.argv[:-1], box.spool)

    def mend(self, box, got, kept):
        there = os.path.exists(box.spool + '/format')
        box.run('td-submit', '--', TASK, 'well', status=0 if there else 66)
        box.run(*self.argv[:-1], box.spool, status=73 if there else 0)
        if not there:
            box.run('td-submit', '--', TASK, 'well')
        super().mend(box, got, kept)

    def known(self, got, kept):
        return True

    def check(self, box, got, kept, crashes):
        super().check(box, got, kept, crashes)
        if len(box.tasks()) != 1:
            raise Wrong('it takes no tasks')


@scenario
class Init_Personal(Submit):
    """The personal spool, which td-submit makes."""
    argv = ('td-submit', '--', TASK, 'well')

    def prepare(self, box):
        box.run('rm', '-r', box.spool)
        return {}

    def crash(self, box, point, kept):
        home = os.path.join(box.path, 'state')
        got = box.die(point, *self.argv, TASKDIR='', XDG_STATE_HOME=home)
        again = box.run(*self.argv, TASKDIR='', XDG_STATE_HOME=home)
        got.again = again.ids
        os.rename(home + '/taskdir', box.spool)
        return got

    def expected(self, box, got, kept):
        tasks = list(box.tasks())
        if not set(got.again + got.ids) <= set(tasks) or len(tasks) > 2:
            raise Wrong('%s and %s were printed, %s is there' %
                        (got.ids, got.again, tasks))
        return {task: ('done',) for task in tasks}
