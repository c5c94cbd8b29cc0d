#!/bin/sh
# Death at system calls of td-submit, and what is mended: a sample.
exec python3 "${0%/*}/sweep.py" --points 80 'submit-*'
