#!/bin/sh
# Death at system calls of td-tick and td-init, and what is mended: a sample.
exec python3 "${0%/*}/sweep.py" --points 60 tick import index 'init*'
