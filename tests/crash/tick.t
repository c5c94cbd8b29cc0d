#!/bin/sh
# Death at system calls of td-tick and td-init: a sample.
exec python3 "${0%/*}/sweep.py" --changes --points 40 tick import index 'init*'
