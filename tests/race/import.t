#!/bin/sh
# One drop box, several importers, some of them killed: each drop once.
. "${0%/*}/../lib.sh"

spool
drops() {
	n=0
	while [ "$n" -lt "$2" ]; do
		n=$((n + 1))
		echo "{\"command\":[\"$1.$n\"]}" >"$TASKDIR/new/.$1.$n"
		mv "$TASKDIR/new/.$1.$n" "$TASKDIR/new/$1.$n.json"
	done
}
box() { find "$TASKDIR/new" -name '*.json' | wc -l; }
tasks() { find "$TASKDIR/ready" -name '*.json' -exec cat {} + | grep -o '"command":\["[^"]*"' | sort; }
import_all() {
	while [ -e "$here/going" ] || [ "$(box)" -gt 0 ]; do
		"$BUILD/tests/import_drops" >/dev/null || echo "exit $?" >>"$here/exits"
	done
}

: >"$here/going"
pids=
for n in 1 2; do import_all & pids="$pids $!"; done
drops a 150 &
drops b 150
wait "$!"
rm "$here/going"
# shellcheck disable=SC2086
wait $pids
is 'nobody failed' "$(cat "$here/exits" 2>/dev/null)" ''
is 'every drop became one task' "$(tasks | uniq | wc -l) $(tasks | wc -l)" \
	'300 300'
is 'nothing is left' "$(find "$TASKDIR/tmp" "$TASKDIR/new" -name '*.json')" ''

# What a killed importer leaves is a task, or in tmp/in.*, or in the box.
round=0
while [ "$round" -lt 20 ]; do
	round=$((round + 1))
	drops "k$round" 20
	"$BUILD/tests/import_drops" >/dev/null &
	child=$!
	sleep "0.0$((round % 4))$((round % 7))"
	kill -9 "$child" 2>/dev/null
	wait "$child" 2>/dev/null
	"$BUILD/tests/import_drops" rest >/dev/null
done
"$BUILD/tests/import_drops" >/dev/null
"$BUILD/tests/import_drops" rest >/dev/null
have=$( (tasks; find "$TASKDIR/tmp" -name 'in.*' -exec cat {} + |
	grep -o '"command":\["[^"]*"') | sort)
is 'none is lost and none doubled by kill -9' \
	"$(echo "$have" | uniq | wc -l) $(echo "$have" | wc -l)" '700 700'
is 'no task is half made' "$(tasks | wc -l)" \
	"$(find "$TASKDIR/ready" -name '*.json' | wc -l)"
finish
