#!/usr/bin/env python3
"""What a sweep must not miss: each fault that is planted in the source with
-DBUG_... has to be found by the scenario named beside it.

    controls.py [--some N] [--seed N] [BUG...]

--some: so many, chosen by lot.  Prints TAP.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

from box import BUILD, HERE, ROOT
from sweep import can_trace, is_instrumented

CONTROLS = {
    'BUG_UNLINK_LOCK_FIRST': 'once-never',
    'BUG_NO_END_CHECK': 'once-well',
    'BUG_APPEND_AFTER_MOVE': 'once-well',
    'BUG_CLAIM_BY_COPY': 'once-well',
    'BUG_NO_STRAYS': 'once-cancel',
    'BUG_PRINT_FIRST': 'submit-plain',
    'BUG_KEY_AFTER_MOVE': 'submit-unique',
    'BUG_IMPORT_NO_LOOK': 'import',
}


def source_of(bug):
    found = subprocess.run(['grep', '-rlw', bug, 'lib', 'bin'], cwd=ROOT,
                           capture_output=True, text=True, check=True)
    return found.stdout.split()[0]


def plant(bug, build):
    """The build with one file compiled otherwise."""
    shutil.copytree(BUILD, build, symlinks=True)
    programs = [os.path.join(build, name) for name in os.listdir(build)
                if re.fullmatch(r'td(-[a-z]+)?', name)]
    source = source_of(bug)
    subprocess.run(
        ['make', '-s', '-j2', '-o', build + '/flags', '-W', source,
         'BUILD=' + build, 'CFLAGS=-O1 -fPIE -D' + bug, 'WARN=', *programs],
        cwd=ROOT, check=True, stdout=sys.stderr)


def is_found(bug, folder):
    """Its sweep says so, and of a point, not where nothing dies."""
    build = os.path.join(folder, bug)
    plant(bug, build)
    swept = subprocess.run(
        [sys.executable, os.path.join(HERE, 'sweep.py'), '--changes', '--first',
         '--points', '999', CONTROLS[bug]], capture_output=True, text=True,
        env=dict(os.environ, BUILD=build), check=False)
    shutil.rmtree(build)
    wrong = re.search(r'^#   (.*)', swept.stdout, re.M)
    return swept.returncode == 1 and wrong, \
        wrong[1] if wrong else swept.stdout + swept.stderr


def main():
    parse = argparse.ArgumentParser(usage=__doc__)
    parse.add_argument('--some', type=int, default=len(CONTROLS))
    parse.add_argument('--seed', type=int, default=1)
    parse.add_argument('bugs', nargs='*')
    options = parse.parse_args()
    if is_instrumented() or not can_trace():
        print('1..0 # SKIP no sweeps in this build or on this machine')
        return 0
    bugs = options.bugs or list(CONTROLS)
    bugs = random.Random(options.seed).sample(bugs, min(options.some,
                                                        len(bugs)))
    print('1..%d' % len(bugs))
    failed = 0
    for number, bug in enumerate(bugs, 1):
        folder = tempfile.mkdtemp(prefix='td-control.')
        try:
            found, what = is_found(bug, folder)
        finally:
            shutil.rmtree(folder)
        failed += not found
        print('%s %d - %s is found by %s' % ('ok' if found else 'not ok',
                                             number, bug, CONTROLS[bug]))
        for line in what.split('\n'):
            print('#   ' + line)
    return failed > 0


if __name__ == '__main__':
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
