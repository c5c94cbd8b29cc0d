#!/bin/sh
# Cancelling in every state, and to the last process of what runs.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool
day=$(date -u +%F)

# event ID: the newest entry of the history that is no run.
event() { shown "$1" '.events[-1]|"\(.event) \(.by) \(.why) \(.then)"'; }

# What does not run.

id=$(td-submit -- touch "$here/ran")
try 'a ready task' td-cancel -m 'not needed' "$id"
is 'nothing is printed' "$out$err" ''
is 'it is cancelled' "$(state "$id")" cancelled
is 'by whom and why' "$(event "$id")" "cancelled $(id -un) not needed cancelled"
like 'and when' "$(shown "$id" '.events[-1].at')" "${day}T??:??:??.??????Z"
like 'the journal says it' "$(tail -n 1 "$TASKDIR/journal/current.jsonl")" \
	"*\"event\":\"cancelled\",\"id\":\"$id\"*\"not needed\"*"
td-work --once
is 'it is never run' "$(ls "$here/ran" 2>/dev/null)" ''
try 'once more is no fault' td-cancel "$id"
is 'and no news' "$(event "$id")" "cancelled $(id -un) not needed cancelled"

id=$(td-submit -H -- true)
try 'a held task' td-cancel "$id"
is 'it is cancelled, too' "$(state "$id") $(event "$id")" \
	"cancelled cancelled $(id -un) null cancelled"
id=$(td-submit --at +1h -- true)
try 'a delayed one' td-cancel "$id"
is 'so it is' "$(state "$id")" cancelled
id=$(td-submit --backoff 0s -- false)
td-work --once
try 'one that waits for another attempt' td-cancel "$id"
is 'likewise' "$(state "$id") $(ends "$id")" 'cancelled 1 failed ready'

a=$(td-submit -- true)
b=$(td-submit -a "$a" -- true)
c=$(td-submit -a "$b" -- true)
d=$(td-submit -a "$b:ended" -- true)
try 'a waiting task' td-cancel "$b"
is 'and what can never run after it' "$(state "$b") $(state "$c")" \
	'cancelled cancelled'
is 'which is told why' "$(shown "$c" '.events[-1].why')" "$b is cancelled"
is 'what waits for any end is free' "$(state "$d")" ready
is 'what it waited for is none the worse' "$(state "$a")" ready
td-work --drain
is 'and is run' "$(state "$a") $(state "$d")" 'done done'

# What has ended, what is not there.

exits 'an end stands' 1 td-cancel "$a"
is 'and it is said' "$err" "td-cancel: $a: it is done"
exits 'silently, too' 1 td-cancel -q "$a"
is 'if so wanted' "$err" ''
id=$(td-submit -R 1 -- false)
td-work --once
exits 'of a failed one as well' 1 td-cancel "$id"
is 'by its name' "$err" "td-cancel: $id: it is failed"
exits 'no such task' 66 td-cancel 0123456789abcdef
like 'is named' "$err" '*0123456789abcdef*'
exits 'nor one by an ending' 66 td-cancel zzzz
id=$(td-submit -- true)
exits 'one that is unknown keeps no other' 66 td-cancel 0123456789abcdef "$id"
is 'from being cancelled' "$(state "$id")" cancelled
exits 'no option of that name' 64 td-cancel --force "$id"

# Choosing.

x=$(td-submit -l red -- true)
y=$(td-submit -l blue -Q other -- true)
z=$(td-submit -l red -Q other -H -- true)
try 'by label and queue' td-cancel -l red -Q other
is 'those and no others' "$(state "$x") $(state "$y") $(state "$z")" \
	'ready ready cancelled'
printf '%s some words\n' "$x" "$y" >"$here/list"
td-cancel <"$here/list"
is 'ids from standard input' "$? $(state "$x") $(state "$y")" \
	'0 cancelled cancelled'

# What runs.

conf '[run]' 'grace = 0.3s'
find_level

starts_family -- td-work --once
is 'a task runs' "$(state "$id")" running
try 'it is cancelled' td-cancel -m 'enough of it' "$id"
try 'all that it started is dead when that returns' family_ended
is 'it is cancelled' "$(state "$id") $(shown "$id" '.runs[0]|"\(.outcome) \(.then)"')" \
	'cancelled cancelled cancelled'
is 'by whom and why' "$(shown "$id" '.runs[0]|"\(.by) \(.why)"')" \
	"$(id -un) enough of it"
is 'what it printed is kept' "$(printed "$id")" begin
like 'it is said how many were ended' "$(shown "$id" '.runs[0].killed')" '[6-9]'
wait "$pid"
is 'the worker goes on' "$?" 1
is 'and nothing is left in its slot' "$(ls "$TASKDIR/running/w1")" lock

starts_family -- td-work --once
try 'nobody need wait' td-cancel --no-wait "$id"
reaches "$id" cancelled
is 'it is cancelled all the same' "$(state "$id")" cancelled
family_ended
wait "$pid"

starts_family -- td-work --once
b=$(td-submit -a "$id" -- true)
spawn td-cancel -m first "$id"
one=$pid
spawn td-cancel -m second "$id"
wait "$one"
first=$?
wait "$pid"
is 'two at once are of one mind' "$first $?" '0 0'
like 'one of them is named' "$(shown "$id" '.runs[0].why')" '[fs]*'
is 'what waited for it is cancelled, too' "$(state "$b")" cancelled
family_ended
wait

mkfifo "$here/ready"
id=$(td-submit -- sh -c "trap 'exit 0' TERM; echo >'$here/ready'; sleep 1000 & wait")
worker --once
read -r _ <"$here/ready"
try 'one that minds TERM' td-cancel "$id"
is 'is cancelled, whatever it says' "$(state "$id")" cancelled
wait "$pid"

# Its worker is dead: whoever cancels sees to it.
starts_family -- td-work --once
kill -9 "$pid"
wait "$pid" 2>/dev/null
try 'the worker is dead' timeout 20 td-cancel "$id"
is 'it is cancelled' "$(state "$id")" cancelled
try 'and its processes are dead' bereft_family_ended

# Others' tasks.

if [ "$(id -u)" = 0 ]; then
	other() { setpriv --reuid=65534 --clear-groups "$@"; }
	id=$(td-submit -- true)
	chmod 755 "$here"
	chmod -R a+rwX "$TASKDIR"
	exits "another's task" 77 other td-cancel "$id"
	like 'is not ours to cancel' "$err" "*$id*"
	is 'and stays' "$(state "$id")" ready
	chmod -R go-rwx "$TASKDIR/ready"
	exits 'nor what we may not even read' 77 other td-cancel "$id"
	id=$(td-submit -H -- true)
	chmod go-rwx "$TASKDIR"
	exits 'nor in a spool that is closed' 77 other td-cancel "$id"
else
	skip 'only root can be somebody else'
fi

finish
