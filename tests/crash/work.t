#!/bin/sh
# Death at system calls of td-work, and what is mended: a sample.
exec python3 "${0%/*}/sweep.py" --points 120 'once-*' drain crew finish
