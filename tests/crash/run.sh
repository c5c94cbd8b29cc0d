#!/bin/sh
# run.sh: death at every system call, the planted faults that this must find,
# calls that fail, and then death at the calls of what mends, too: as many as
# fit into half an hour.
here=${0%/*}
status=0
${MAKE:-make} -s -C "$here/../.." BUILD="${BUILD:-build}" tests || exit 71
begun=$(date +%s)
python3 "$here/sweep.py" --all || status=1
python3 "$here/controls.py" || status=1
python3 "$here/errors.py" --all 'submit-*' 'once-*' || status=1
left=$((1800 - $(date +%s) + begun))
[ "$left" -gt 60 ] || left=60
python3 "$here/sweep.py" --twice --points 20000 --seconds "$left" \
	'once-*' drain crew tick import index 'cancel-*' || status=1
exit "$status"
