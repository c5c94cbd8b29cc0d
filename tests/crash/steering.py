"""Death of those who give orders: the order is given again, by whoever got no
answer, and is then carried out once."""

import json
import time

from box import Wrong
from scenarios import HOUR, Scenario, scenario


class Order(Scenario):
    again = (0,)  # what the second one may say

    def mend(self, box, got, kept):
        box.run('td-tick')
        box.run('td-tick')
        box.run(*self.argv_of(kept), status=self.again)
        self.look(box, kept)
        super().mend(box, got, kept)

    def look(self, box, kept):
        """Once it was told, and before anything goes on."""

    def events(self, box, task):
        with open(box.tasks()[task][0][1]) as text:
            return [e['event'] for e in json.load(text)['history']]


# td-hold


class Hold(Order):
    argv = ('td-hold', '-m', 'why', 'TASK')


@scenario
class Hold_Ready(Hold):
    def prepare(self, box):
        task, other = box.task('well'), box.task('well')
        return {'TASK': task, 'expected': {task: ('held',), other: ('done',)}}


@scenario
class Hold_Waiting(Hold):
    """Its blocker ends meanwhile, and others wait for it."""

    def prepare(self, box):
        first = box.task('well')
        task = box.task('well', '-a', first)
        after = box.task('well', '-a', task)
        return {'TASK': task, 'expected': {
            first: ('done',), task: ('held',), after: ('waiting',)}}


@scenario
class Hold_Delayed(Hold):
    """Its time comes meanwhile."""
    later = HOUR + 60

    def prepare(self, box):
        task = box.task('well', '--at', '+1h')
        return {'TASK': task, 'expected': {task: ('held',)}}


@scenario
class Hold_Running(Hold):
    """While its worker lives; that one is told, or ends the task well."""

    def prepare(self, box):
        task = box.task('nap')
        return {'TASK': task, 'expected': {task: ('held', 'done')}}

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


# td-release


class Release(Order):
    argv = ('td-release', 'TASK')


@scenario
class Release_Ready(Release):
    def prepare(self, box):
        task = box.task('well', '-H')
        after = box.task('well', '-a', task)
        return {'TASK': task, 'expected': {task: ('done',), after: ('done',)}}


@scenario
class Release_Waiting(Release):
    def prepare(self, box):
        first = box.task('well')
        task = box.task('well', '-H', '-a', first)
        return {'TASK': task, 'expected': {first: ('done',), task: ('done',)}}


@scenario
class Release_Delayed(Release):
    later = HOUR + 60

    def prepare(self, box):
        task = box.task('well', '-H', '--at', '+1h')
        return {'TASK': task, 'expected': {task: ('done',)}}


@scenario
class Release_Never(Release):
    """Its blocker failed: it is cancelled, and who waits for that."""
    again = (0, 1)

    def prepare(self, box):
        first = box.task('never')
        task = box.task('well', '-H', '-a', first)
        after = box.task('well', '-a', task)
        box.run('td-work', '--drain')
        return {'TASK': task, 'expected': {
            first: ('failed',), task: ('cancelled',), after: ('cancelled',)}}


# td-retry


class Retry(Order):
    argv = ('td-retry', 'TASK')
    again = (0, 1)

    def mend(self, box, got, kept):
        box.retried = (kept['TASK'],)
        super().mend(box, got, kept)


@scenario
class Retry_Failed(Retry):
    def prepare(self, box):
        task = box.task('again', '-R', '1')
        box.run('td-work', '--drain')
        if box.state(task) != ['failed']:
            raise Wrong('it did not fail')
        return {'TASK': task, 'expected': {task: ('done',)}}


@scenario
class Retry_Cancelled(Retry):
    """Another that it waits for is there again."""

    def prepare(self, box):
        first = box.task('well', '-H')
        task = box.task('well', '-a', first)
        box.run('td-cancel', task)
        box.run('td-release', first)
        return {'TASK': task, 'expected': {first: ('done',), task: ('done',)}}


@scenario
class Retry_Dependents(Retry):
    argv = ('td-retry', '--dependents', 'TASK')

    def prepare(self, box):
        task = box.task('again', '-R', '1')
        second = box.task('well', '-a', task)
        third = box.task('well', '-a', second, '-a', task)
        byhand = box.task('well', '-a', task)
        box.run('td-cancel', byhand)
        box.run('td-work', '--drain')
        return {'TASK': task, 'expected': {
            task: ('done',), second: ('done',), third: ('done',),
            byhand: ('cancelled',)}}


# td-set


class Set(Order):
    def shown(self, box, kept):
        got = box.run('td-show', '-j', kept['TASK'])
        return json.loads(got.out)

    def look(self, box, kept):
        """All of it is set, and it lies where that says."""
        shown = self.shown(box, kept)
        for word in self.argv[1:-1]:
            key, value = word.split('=')
            if key != 'not_before' and str(shown[key]) != value:
                raise Wrong('%s is %s' % (word, shown[key]))
        path = box.tasks()[kept['TASK']][0][1]
        if shown['state'] == 'ready' and '/ready/%s/%d/' % (
                shown.get('queue', 'default'),
                shown.get('priority', 2)) not in path:
            raise Wrong('it is in %s' % path)


@scenario
class Set_Lane(Set):
    argv = ('td-set', 'queue=other', 'priority=0', 'title=new', 'TASK')

    def prepare(self, box):
        task = box.task('well')
        return {'TASK': task, 'expected': {task: ('done',)}}


@scenario
class Set_Later(Set):
    argv = ('td-set', 'not_before=+1h', 'priority=1', 'TASK')

    def prepare(self, box):
        task = box.task('well')
        return {'TASK': task, 'expected': {task: ('delayed',)}}


@scenario
class Set_Sooner(Set):
    argv = ('td-set', 'not_before=now', 'priority=1', 'TASK')

    def prepare(self, box):
        task = box.task('well', '--at', '+1h')
        return {'TASK': task, 'expected': {task: ('done',)}}


@scenario
class Set_Held(Set):
    argv = ('td-set', 'queue=other', 'timeout=5m', 'TASK')

    def prepare(self, box):
        task = box.task('well', '-H')
        return {'TASK': task, 'expected': {task: ('held',)}}


# td-pause, td-resume


@scenario
class Pause(Order):
    argv = ('td-pause', '-m', 'why', 'default')

    def prepare(self, box):
        return {'expected': {box.task('well'): ('done',)}}

    def look(self, box, kept):
        box.run('td-work', '--once', status=75)
        if not box.read('spool/ctl/paused.default').endswith(': why\n'):
            raise Wrong('ctl/paused.default is not whole')
        box.run('td-resume', 'default')


@scenario
class Resume(Order):
    argv = ('td-resume',)

    def prepare(self, box):
        task = box.task('well')
        box.run('td-pause')
        return {'expected': {task: ('done',)}}
