#!/bin/sh
. "${0%/*}/../lib.sh"
. "$root/tests/worker.sh"
spool
conf '[task]' 'backoff = 0s'

events() { shown "$1" '[.events[].event]|join(" ")'; }

# From every state.
id=$(td-submit -- true)
try 'a ready task is held' td-hold -m 'not now' "$id"
is 'and nothing is said' "$out$err" ''
is 'it lies in held/' "$(state "$id")" held
is 'with who' "$(shown "$id" '.events[-1].by')" "$(id -un)"
is 'why' "$(shown "$id" '.events[-1].why')" 'not now'
is 'and where it went' "$(shown "$id" '.events[-1].then')" held
like 'the journal tells it' "$(tail -n 1 "$TASKDIR/journal/current.jsonl")" \
	"*\"held\"*$id*not now*"
try 'what is held is held' td-hold "$id"
is 'and is told once' "$(events "$id")" 'submitted held'
exits 'no worker takes it' 75 td-work --once

waiting=$(td-submit -a "$id" -- true)
try 'a waiting one' td-hold "$waiting"
is 'is held' "$(state "$waiting")" held
delayed=$(td-submit --at +1h -- true)
try 'a delayed one' td-hold "$delayed"
is 'is held, too' "$(state "$delayed")" held

td-release "$id"
td-work --drain
is 'one that waits for nothing any more stays held' "$(state "$waiting")" held
exits 'a done one is not held' 1 td-hold "$id"
is 'as it says' "$err" "td-hold: $id: it is done"
exits 'or not, when quiet' 1 td-hold -q "$id"
is 'that is all' "$out$err" ''
failed=$(td-submit -R 1 -- false)
td-work --once
exits 'nor a failed one' 1 td-hold "$failed"
cancelled=$(td-submit -H -- true)
td-cancel "$cancelled"
exits 'nor a cancelled one' 1 td-hold "$cancelled"
is 'they stay' "$(state "$id") $(state "$failed") $(state "$cancelled")" \
	'done failed cancelled'
exits 'no such task' 66 td-hold 0000000000000000
exits 'nothing is an id' 66 td-hold ''

# Which tasks.
a=$(td-submit -l one -- true) b=$(td-submit -l one -l two -- true)
c=$(td-submit -Q other -- true)
try 'by label' td-hold -l one -l two
is 'those that have both' "$(state "$a") $(state "$b") $(state "$c")" 'ready held ready'
try 'by queue' td-hold -Q other
is 'those of it' "$(state "$a") $(state "$c")" 'ready held'
try 'by state' td-hold -s ready,waiting
is 'whatever it was' "$(state "$a")" held
try 'a choice of none' td-hold -l none
td-release "$a" "$b" "$c"
try 'several ids' td-hold "$a" "$b"
is 'from standard input' "$(printf '%s x y\n\n' "$c" | td-hold; echo $?; state "$c")" "0
held"
td-release "$c"
is 'ended by NUL' "$(td-ls -0 -s ready | td-hold -0; echo $?; state "$c")" "0
held"
exits 'a choice and ids' 64 td-hold -l one "$a"
exits 'the end of an id' 0 td-hold "$(echo "$a" | tail -c 9)"
exits 'the rest is held, whatever is wrong with one' 1 td-hold "$id" "$a"
td-release "$a"
exits 'of several faults the first' 1 td-hold "$id" 0000000000000000 "$a"
is 'is no hindrance' "$(state "$a")" held

# While it runs.
run=$(td-submit -- sh -c 'sleep 300 & echo $! >'"$here"'/child; wait')
worker
until_true 10 test -s "$here/child"
try 'a running task' td-hold -m 'room is needed' "$run"
is 'comes back as held' "$(state "$run")" held
is 'its attempt ended by that' "$(shown "$run" '.runs[0]|"\(.outcome) \(.then) \(.by) \(.why)"')" \
	"held held $(id -un) room is needed"
try 'all of its processes are gone' ended "$(cat "$here/child")"
is 'its slot is empty' "$(cd "$TASKDIR/running" && ls ./*/)" lock
rm "$here/child"
td-release "$run"
until_true 10 test -s "$here/child"
is 'released, it runs again' "$(state "$run")" running
try 'and is held again' td-hold --no-wait "$run"
reaches "$run" held
is 'as attempt 2' "$(shown "$run" '[.runs[].n]|join(" ")')" '1 2'
kill "$pid"
wait "$pid"

# A hold costs no attempt.
once=$(td-submit -R 1 -- sh -c "[ -e $here/go ] || { : >$here/here; sleep 300; }; exit 3")
worker
until_true 10 test -e "$here/here"
td-hold "$once"
kill "$pid"
wait "$pid"
: >"$here/go"
td-release "$once"
td-work --once
is 'a hold is not counted' "$(ends "$once")" "15 held held, 3 failed failed"

# One that ends by itself at that moment.
own=$(td-submit -- sh -c "trap '' TERM; td-hold --no-wait \$TD_ID; exit 0")
conf '[run]' 'grace = 1s'
td-work --once
like 'an order to oneself' "$(state "$own")" '[dh][oe][nl][ed]'
is 'leaves nothing in the slot' "$(cd "$TASKDIR/running" && ls ./*/)" lock

# Its worker dies with it.
dead=$(td-submit -- sh -c ": >$here/dead; sleep 300")
worker --name dead
until_true 10 test -e "$here/dead"
kill -STOP "$pid"
td-hold --no-wait "$dead"
kill -9 "$pid"
wait "$pid" 2>/dev/null
try 'nobody lives to hear it' td-hold "$dead"
is 'but it is held' "$(state "$dead")" held
is 'as was ordered' "$(shown "$dead" '.runs[-1].outcome')" held

exits 'no ids at all' 0 td-hold
exits 'no spool' 66 td-hold -d "$here/none" "$a"
clean
finish
