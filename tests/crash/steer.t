#!/bin/sh
# Death at system calls of orders: a sample.
exec python3 "${0%/*}/sweep.py" --changes --points 60 'hold-*' 'release-*' 'retry-*' 'set-*' pause resume
