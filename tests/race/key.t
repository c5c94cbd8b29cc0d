#!/bin/sh
# One key, many submitters at once: one task, and all are told its id.
. "${0%/*}/../lib.sh"

spool
round=0
while [ "$round" -lt 20 ]; do
	round=$((round + 1))
	pids=
	for n in 1 2 3 4 5 6 7 8; do
		td-submit -q -u "key $round" -- true >"$here/id.$n" 2>&1 &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086
	for child in $pids; do wait "$child" || echo "exit $?" >"$here/id.exit"; done
	sort -u "$here"/id.* >>"$here/ids"
	rm -f "$here"/id.?
	# The next round begins with no index at all.
	[ $((round % 5)) != 0 ] || rm -r "$TASKDIR/index"
done
is 'each round has one id' "$(wc -l <"$here/ids")" 20
is 'nobody failed' "$(cat "$here/id.exit" 2>/dev/null)" ''
is 'there is one task for each key' \
	"$(find "$TASKDIR/ready" -name '*.json' | wc -l)" 20
is 'nothing is left behind' "$(find "$TASKDIR/tmp" -name '*.json')" ''
finish
