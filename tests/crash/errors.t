#!/bin/sh
# A system call that fails, in td-submit and td-work: a sample.
exec python3 "${0%/*}/errors.py" --points 60
