#!/bin/sh
# Death at system calls of td-submit: a sample.
exec python3 "${0%/*}/sweep.py" --changes --points 60 'submit-*'
