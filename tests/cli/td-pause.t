#!/bin/sh
. "${0%/*}/../lib.sh"
. "$root/tests/worker.sh"
spool

a=$(td-submit -- true)
try 'all claims are paused' td-pause -m 'the room is too hot'
is 'and nothing is said' "$out$err" ''
like 'a file says when, who and why' "$(cat "$TASKDIR/ctl/paused")" \
	"20??-*Z by $(id -un): the room is too hot"
like 'the journal tells' "$(tail -n 1 "$TASKDIR/journal/current.jsonl")" \
	'*"paused"*the room is too hot*'
exits 'nothing is claimed' 75 td-work --once
is 'it stays ready' "$(state "$a")" ready
try 'paused is paused' td-pause -m again
like 'since the first time' "$(cat "$TASKDIR/ctl/paused")" '*the room is too hot'
b=$(td-submit -- true)
is 'what is submitted waits, too' "$(state "$b")" ready
exits 'a program of its own claims nothing' 75 td-claim true
td-resume
try 'then it goes on' td-work --drain

# One queue.
a=$(td-submit -Q night -- true) b=$(td-submit -- true)
try 'one queue' td-pause night
like 'has a file of its own' "$(cat "$TASKDIR/ctl/paused.night")" "20*Z by $(id -un)"
td-work --once
is 'the others go on' "$(state "$a") $(state "$b")" 'ready done'
exits 'it does not' 75 td-work --once
exits 'nor alone' 75 td-work --once -Q night
try 'several' td-pause one two
is 'have one each' "$(cd "$TASKDIR/ctl" && echo paused*)" 'paused.night paused.one paused.two'
td-set queue=default "$a"
td-work --once
is 'a task may leave it' "$(state "$a")" 'done'
a=$(td-submit -Q night -- true)
mv "$(td-path "$a")" "$TASKDIR/held/$a.json"
td-release "$a"
exits 'what comes back does not pass' 75 td-work --once

# A worker that drains waits until it is resumed.
worker --drain
sleep 0.5
is 'what is paused is not drained' "$(kill -0 "$pid" && state "$a")" ready
td-resume night
wait "$pid"
is 'but worked off when it goes on' "$? $(state "$a")" '0 done'
td-resume one two

# What runs goes on.
busy=$(td-submit -- sh -c ": >$here/busy; until [ -e $here/go ]; do sleep 0.05; done")
worker -n 2
until_true 10 test -e "$here/busy"
td-pause
late=$(td-submit -- true)
: >"$here/go"
try 'a running task goes on to its end' td-wait -T 20s "$busy"
is 'as ever' "$(state "$busy")" 'done'
exits 'and its worker takes no other' 124 td-wait -T 1s "$late"
other=$(td-submit -H -- true)
try 'orders go on' td-release "$other"
try 'as does upkeep' td-tick
td-resume
try 'until then' td-wait -T 20s "$late" "$other"
kill "$pid"
wait "$pid"

# Tasks that workers lost come back, and wait.
lost=$(td-submit -- sh -c ": >$here/lost; sleep 300")
worker
until_true 10 test -e "$here/lost"
td-pause
kill -9 "$pid"
wait "$pid" 2>/dev/null
td-tick
is 'a lost task is ready' "$(state "$lost")" ready
exits 'and not claimed' 75 td-work --once
td-cancel "$lost"
td-resume

: >"$TASKDIR/ctl/paused"
exits 'a file by hand is an order as well' 75 td-work --once
try 'paused by hand is paused' td-pause
rm "$TASKDIR/ctl/paused"

exits 'no name of a queue' 64 td-pause Night
exits 'nor this' 64 td-pause good ../bad
exits 'nor nothing' 64 td-pause ''
is 'no file is made' "$(find "$TASKDIR/ctl" -name 'paused*')" ''
is 'nor left' "$(find "$TASKDIR/tmp" -name 'order*')" ''
exits 'no spool' 66 td-pause -d "$here/none"
clean
finish
