#!/bin/sh
# 10,000 tasks on 50 paths, one in a hundred wanting all of them: nobody
# starves.  Waits are counted in steps of a simulation with a fixed seed; the
# same arrivals under strict FIFO are what they are held against.
. "${0%/*}/../lib.sh"

# longest NAME PASS_OVER TASKS: into $ours and $fifo.
longest() {
	spool "$1"
	printf '[claim]\npass_over = %s\n[disk]\nballast = 0\n' "$2" >"$TASKDIR/etc/taskdir.conf"
	"$BUILD/tests/starve" "$TASKDIR" "$3" 1 >"$here/waits" || return 1
	# ours LONGEST MEAN fifo LONGEST MEAN
	read -r _ ours _ _ fifo _ <"$here/waits"
	echo "# $1, $3 tasks: $(cat "$here/waits")"
	rm -rf "$TASKDIR"
}

longest barriers 0.1s 10000
is 'the longest wait is below half of that under FIFO' "$([ "$((ours * 2))" -lt "$fifo" ] && echo yes)" yes
longest few 0.1s 2000
with=$ours
longest none 0 2000
is 'without barriers it is twice as long, at least' "$([ "$ours" -ge "$((with * 2))" ] && echo yes)" yes
finish
