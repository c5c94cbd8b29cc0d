#!/bin/sh
# Death at system calls of td-cancel, and what is mended: a sample.
exec python3 "${0%/*}/sweep.py" --points 40 'cancel-*'
