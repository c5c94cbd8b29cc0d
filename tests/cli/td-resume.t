#!/bin/sh
. "${0%/*}/../lib.sh"
. "$root/tests/worker.sh"
spool

try 'what is not paused goes on' td-resume
try 'nor is this queue' td-resume night
is 'nothing is said' "$out$err" ''
td-pause
try 'claims go on' td-resume
is 'and nothing is said' "$out$err" ''
is 'the file is gone' "$(find "$TASKDIR/ctl" -name 'paused*')" ''
like 'the journal tells' "$(tail -n 1 "$TASKDIR/journal/current.jsonl")" '*"resumed"*'

td-pause; td-pause night day
try 'one queue' td-resume night
is 'alone' "$(cd "$TASKDIR/ctl" && echo paused*)" 'paused paused.day'
try 'the whole' td-resume
is 'without the queues' "$(cd "$TASKDIR/ctl" && echo paused*)" paused.day
try 'several, paused or not' td-resume night day
is 'none is left' "$(find "$TASKDIR/ctl" -name 'paused*')" ''

# A waiting worker takes what was paused at once.
wakes() {
	pause=$1 queue=$2
	# shellcheck disable=SC2086
	td-pause $pause
	id=$(td-submit -Q "$queue" -- true)
	sleep 0.5
	is "$3 it waits" "$(state "$id")" ready
	before=$(date +%s%N)
	# shellcheck disable=SC2086
	td-resume $pause
	td-wait -T 30s "$id"
	is 'and runs as soon as it is resumed' \
		"$? $(($(date +%s%N) - before < 5000000000))" '0 1'
}
conf '[run]' 'rescan = 1h'
worker
wakes '' default 'where all is paused'
wakes night night 'where its queue is paused'
rm -f "$TASKDIR/ctl/paused"
: >"$TASKDIR/ctl/paused"
id=$(td-submit -- true)
sleep 0.3
rm "$TASKDIR/ctl/paused"
try 'a file that is deleted resumes as well' td-wait -T 30s "$id"
kill "$pid"
wait "$pid"

# Both are paused: both have to be resumed.
td-pause; td-pause night
id=$(td-submit -Q night -- true)
td-resume
exits 'its queue is still paused' 75 td-work --once
td-resume night
try 'now it is not' td-work --once

exits 'no name of a queue' 64 td-resume Night
exits 'nor nothing' 64 td-resume ''
exits 'it takes no reason' 64 td-resume -m why
exits 'no spool' 66 td-resume -d "$here/none"
clean
finish
