#!/bin/sh
# Cancel against claim, end and recovery: one outcome each, and it stands.
. "${0%/*}/../lib.sh"

spool
: >"$here/runs"
seq 120 | td-submit -x -- sh -c 'echo "$0" >>"$1"' '{}' "$here/runs" >"$here/ids"
spawn td-work -n 3
head=$pid
cancel() { while read -r id; do td-cancel -q "$id"; echo "$id $?"; done <"$1" >"$1.out"; }
shuf "$here/ids" >"$here/one"
shuf "$here/ids" >"$here/two"
cancel "$here/one" & one=$!
cancel "$here/two" & two=$!
# The workers die in the midst of it, all at once.
until_true 20 test -s "$here/runs"
kill -9 "$head"
wait "$head" 2>/dev/null
spawn td-work -n 2
wait "$one" "$two"
try 'what is left is worked off' td-work --drain
td-tick

is 'every task has ended' "$(find "$TASKDIR/done" "$TASKDIR/cancelled" "$TASKDIR/failed" -name '*.json' | wc -l)" 120
# A cancel that said 0 stands; one that said 1 came after an end.
bad=
while read -r id status; do
	case $status.$(state "$id") in
	0.cancelled | 1.done) ;;
	*) bad="$bad $id:$status:$(state "$id")" ;;
	esac
done <"$here/one.out"
is 'what td-cancel said is so' "$bad" ''
is 'no task that was done ran twice' "$(sort -n "$here/runs" | uniq -c | awk '$1 > 2')" ''
clean
finish
