#!/bin/sh
# Death at system calls of td-work: a sample.
exec python3 "${0%/*}/sweep.py" --changes --points 110 'once-*' drain crew finish
