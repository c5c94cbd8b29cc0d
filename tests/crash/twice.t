#!/bin/sh
# Death at system calls of a program, and then of the td-tick that mends, and what is mended: a sample.
exec python3 "${0%/*}/sweep.py" --points 60 --twice 'once-*' drain crew tick import
