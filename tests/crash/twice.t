#!/bin/sh
# Death at system calls of a program, and then of the upkeep that mends: a sample.
exec python3 "${0%/*}/sweep.py" --changes --points 30 --twice once-well once-blocker once-path tick
