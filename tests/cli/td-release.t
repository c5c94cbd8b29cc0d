#!/bin/sh
. "${0%/*}/../lib.sh"
. "$root/tests/worker.sh"
spool

id=$(td-submit -H -- true)
try 'a held task is released' td-release -m 'as you like' "$id"
is 'and nothing is said' "$out$err" ''
is 'it is ready' "$(state "$id")" ready
is 'its history tells' "$(shown "$id" '.events[-1]|"\(.event) \(.then) \(.by) \(.why)"')" \
	"released ready $(id -un) as you like"
try 'what is not held goes on' td-release "$id"
is 'untouched' "$(shown "$id" '.events|length')" 2
td-work --once
is 'it runs' "$(state "$id")" 'done'
exits 'what has ended does not' 1 td-release "$id"
is 'it is said' "$err" "td-release: $id: it is done"
exits 'unless quiet' 1 td-release -q "$id"
is 'then nothing is' "$err" ''

# Where it would be had nobody set it aside.
blocker=$(td-submit -H -- true)
after=$(td-submit -a "$blocker" -- true)
td-hold "$after"
try 'one whose blocker lives' td-release "$after"
is 'waits' "$(state "$after")" waiting
td-release "$blocker"
td-work --drain
is 'and is freed as ever' "$(state "$after")" 'done'

later=$(td-submit -H --at +1h -- true)
try 'one whose time has not come' td-release "$later"
is 'is delayed' "$(state "$later")" delayed
td-hold "$later"
td-set not_before=now "$later"
try 'one whose time is over' td-release "$later"
is 'is ready' "$(state "$later")" ready
td-work --drain

off=$(td-submit -R 9 --backoff 1h -- false)
td-work --once
td-hold "$off"
try 'one that backs off' td-release "$off"
is 'goes on with it' "$(state "$off")" delayed
is 'until the same time' "$(shown "$off" '.runs[0].not_before==.events[-1].not_before')" true
td-cancel "$off"

failed=$(td-submit -R 1 -- false)
never=$(td-submit -H -a "$failed" -- true)
then=$(td-submit -H -a "$never:ended" -- true)
td-work --once
try 'one whose blocker failed meanwhile' td-release "$then" "$never"
is 'is cancelled' "$(state "$never")" cancelled
is 'with the reason' "$(shown "$never" '.events[-1].why')" "$failed is failed"
is 'and others go by that' "$(state "$then")" ready
td-work --drain

# Which tasks.
a=$(td-submit -H -l one -- true) b=$(td-submit -H -l one -Q other -- true)
c=$(td-submit -- true)
try 'by queue' td-release -Q other
is 'those that are held' "$(state "$a") $(state "$b")" 'held ready'
try 'by label' td-release -l one
is 'whatever their queue' "$(state "$a")" ready
td-hold "$a" "$b"
try 'by state' td-release -s held
is 'all' "$(state "$a") $(state "$b")" 'ready ready'
td-hold "$a" "$b"
is 'from standard input' "$(td-ls -s held | td-release; echo $?; state "$a")" "0
ready"
td-hold "$a"
is 'ended by NUL' "$(td-ls -0 -s held | td-release -0; echo $?; state "$a")" "0
ready"
td-hold "$a"
exits 'several, whatever is wrong with one' 66 td-release 0000000000000000 "$a"
is 'the others are' "$(state "$a") $(state "$c")" 'ready ready'
exits 'a choice and ids' 64 td-release -s held "$a"
exits 'no such state' 64 td-release -s asleep

# A waiting worker takes it at once.
td-work --drain
quick=$(td-submit -H -- true)
worker
until_true 10 test -s "$TASKDIR/running/w1/lock"
sleep 0.3
try 'released' td-release "$quick"
try 'it runs without delay' timeout 10 td-wait "$quick"
kill "$pid"
wait "$pid"

# Three deaths of workers park a task; a release is a new beginning.
doomed=$(td-submit -- sh -c ": >$here/up; [ -e $here/stop ] || sleep 300")
die() {
	rm -f "$here/up"
	worker
	until_true 10 test -e "$here/up"
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	td-tick
}
die; die; die
is 'three deaths: it is held' "$(state "$doomed")" held
td-release "$doomed"
die
is 'released, a fourth one is its first' "$(state "$doomed")" ready
: >"$here/stop"
td-work --drain
is 'and it ends well' "$(state "$doomed")" 'done'
is 'all are numbered' "$(shown "$doomed" '[.runs[].n]|join(" ")')" '1 2 3 4 5'
clean
finish
