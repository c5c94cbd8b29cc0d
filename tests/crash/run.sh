#!/bin/sh
# run.sh: death at every system call, and then at those of what mends, as many
# as fit into half an hour.
here=${0%/*}
status=0
${MAKE:-make} -s -C "$here/../.." BUILD="${BUILD:-build}" tests || exit 71
python3 "$here/sweep.py" --all || status=1
python3 "$here/sweep.py" --twice --points 20000 --seconds 900 \
	'once-*' drain crew tick import index 'cancel-*' || status=1
exit "$status"
