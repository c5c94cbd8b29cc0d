#!/bin/sh
# Death at system calls of td-cancel: a sample.
exec python3 "${0%/*}/sweep.py" --changes --points 30 'cancel-*'
