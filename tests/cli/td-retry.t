#!/bin/sh
. "${0%/*}/../lib.sh"
. "$root/tests/worker.sh"
spool
conf '[task]' 'backoff = 0s'

# Of every state.
id=$(td-submit -R 2 -- sh -c "echo run; [ -e $here/well ]")
td-work --drain
is 'a task has failed' "$(state "$id")" failed
try 'it is tried again' td-retry -m 'the disk is back' "$id"
is 'and nothing is said' "$out$err" ''
is 'it is ready' "$(state "$id")" ready
is 'beside the fresh ones' "$(cd "$TASKDIR" && ls -d ready/default/2r/*/*)" \
	"ready/default/2r/$(echo "$id" | cut -c 1-7)/$id.json"
is 'its history tells' "$(shown "$id" '.events[-1]|"\(.event) \(.then) \(.by) \(.why)"')" \
	"retried ready $(id -un) the disk is back"
exits 'what has not ended is not' 1 td-retry "$id"
is 'it is said' "$err" "td-retry: $id: it is ready"
exits 'unless quiet' 1 td-retry -q "$id"
is 'then nothing is' "$err" ''
td-work --drain
is 'its attempts are counted anew, and keep their numbers' "$(ends "$id")" \
	'1 failed ready, 1 failed failed, 1 failed ready, 1 failed failed'
is 'as in' "$(shown "$id" '[.runs[].n]|join(" ")')" '1 2 3 4'
is 'each has its log' "$(cd "$TASKDIR"/log/*/ && ls "$id"*)" "$id.1.log
$id.2.log
$id.3.log
$id.4.log"
: >"$here/well"
td-retry "$id"
td-work --drain
is 'it may end well at last' "$(state "$id")" 'done'
is 'it is one task all the time' "$(td-ls -a | wc -l)" 1

try 'a done task' td-retry "$id"
is 'is ready' "$(state "$id")" ready
td-work --drain
is 'and runs once more' "$(state "$id") $(shown "$id" '.runs|length')" 'done 6'
cancelled=$(td-submit -- true)
td-cancel "$cancelled"
try 'a cancelled one' td-retry "$cancelled"
is 'is ready, with the fresh ones' "$(cd "$TASKDIR" && echo ready/default/2/*/*)" \
	"ready/default/2/$(echo "$cancelled" | cut -c 1-7)/$cancelled.json"
td-work --drain
held=$(td-submit -H -- true) delayed=$(td-submit --at +1h -- true)
waiting=$(td-submit -a "$held" -- true)
for one in "$held" "$delayed" "$waiting"; do
	was=$(state "$one")
	exits "one that is $was" 1 td-retry "$one"
	is "stays $was" "$(state "$one")" "$was"
done
busy=$(td-submit -- sh -c ": >$here/busy; sleep 300")
worker
until_true 10 test -e "$here/busy"
exits 'one that is running' 1 td-retry "$busy"
td-cancel "$busy"
kill "$pid"
wait "$pid"
exits 'no such task' 66 td-retry 0000000000000000

# A time that it was given is kept.
td-cancel "$delayed"
try 'a task of later' td-retry "$delayed"
is 'waits for its time' "$(state "$delayed")" delayed
off=$(td-submit --backoff 1h -- false)
td-work --once
td-cancel "$off"
try 'one that backed off' td-retry "$off"
is 'does not' "$(state "$off")" ready
td-set priority=1 "$off"
is 'nor later on' "$(state "$off")" ready
td-cancel "$off"

# Which tasks.
td-cancel "$held" "$delayed"
three=$(td-submit -R 1 -l one -- sh -c 'exit 3')
four=$(td-submit -R 1 -l one -Q other -- sh -c 'exit 4')
fine=$(td-submit -l one -- true)
td-work --drain
is 'those that failed so' "$(td-ls -s failed --json |
	jq -r 'select(.runs[-1].exit==3).id' | td-retry; echo $?)" 0
is 'alone' "$(state "$three") $(state "$four")" 'ready failed'
td-work --drain
try 'by label' td-retry -l one
is 'those that failed, none that did not' "$(state "$three") $(state "$four") $(state "$fine")" \
	'ready ready done'
td-work --drain
try 'by queue' td-retry -Q other
is 'the same' "$(state "$three") $(state "$four")" 'failed ready'
td-work --drain
try 'by state' td-retry -l one -s 'done'
is 'any that is named' "$(state "$three") $(state "$fine")" 'failed ready'
td-work --drain
is 'ended by NUL' "$(td-ls -0 -s failed | td-retry -0; echo $?; state "$four")" "0
ready"
td-work --drain
exits 'several, whatever is wrong with one' 66 td-retry 0000000000000000 "$three"
is 'the others are' "$(state "$three")" ready
td-work --drain

# Blockers and those that waited for them.
spool second
conf '[task]' 'backoff = 0s' 'attempts = 1'
rm -f "$here/well"
first=$(td-submit -- test -e "$here/well")
second=$(td-submit -a "$first" -- true)
third=$(td-submit -a "$second" -- true)
both=$(td-submit -a "$first" -a "$third" -- true)
byhand=$(td-submit -a "$first" -- true)
behind=$(td-submit -a "$byhand" -- true)
other=$(td-submit -a "$first:failed" -- true)
alone=$(td-submit -H -- true)
td-cancel "$byhand" "$alone"
td-work --drain
states() { for one; do state "$one"; done | tr '\n' ' '; }
is 'for want of it they are cancelled' \
	"$(states "$first" "$second" "$third" "$both" "$other")" \
	'failed cancelled cancelled cancelled done '
: >"$here/well"
td-retry "$first"
is 'alone it comes back alone' "$(states "$first" "$second")" 'ready cancelled '
exits 'with it they do, though it was before' 1 td-retry --dependents "$first"
is 'along the chain' "$(states "$second" "$third" "$both")" 'waiting waiting waiting '
is 'those that were cancelled by hand stay' "$(states "$byhand" "$behind" "$alone")" \
	'cancelled cancelled cancelled '
is 'and those that were done' "$(state "$other")" 'done'
is 'they tell why they wait' "$(shown "$second" '.events[-1]|"\(.event) \(.then)"')" 'retried waiting'
td-work --drain
is 'all end well' "$(states "$first" "$second" "$third" "$both")" 'done done done done '
is 'once' "$(for one in "$second" "$third" "$both"; do shown "$one" '.runs|length'; done | tr '\n' ' ')" '1 1 1 '

rm "$here/well"
td-retry "$first"
td-work --drain
try 'what fails again' td-retry --dependents "$first"
is 'has none that was cancelled since' "$(states "$second" "$third")" 'done done '
td-work --drain

# One that fails again takes them along again.
first=$(td-submit -- false)
second=$(td-submit -a "$first" -- true)
third=$(td-submit -a "$second:ended" -- true)
fourth=$(td-submit -a "$second" -- true)
td-work --drain
is 'for want of it' "$(states "$second" "$third" "$fourth")" 'cancelled done cancelled '
try 'all come back' td-retry --dependents "$first"
is 'and wait' "$(states "$first" "$second" "$fourth")" 'ready waiting waiting '
td-work --drain
is 'until it fails once more' "$(states "$first" "$second" "$fourth")" 'failed cancelled cancelled '

# It runs to its end while they are brought back: none of them may run.
spawn td-work -n 2
crew=$pid
for _ in 1 2 3 4 5 6 7 8; do
	td-retry --dependents "$first"
	td-wait "$first" "$second" "$fourth"
done
kill "$crew"
wait "$crew"
is 'beside a fast worker as well' \
	"$(states "$second" "$fourth") $(shown "$second" '.runs|length')" 'cancelled cancelled  0'
ran=$(td-submit -a "$first:ended" -- sh -c 'td-cancel --no-wait "$TD_ID"; sleep 60')
td-work --once
is 'one was cancelled while it ran' "$(state "$ran")" cancelled
td-retry --dependents "$first"
is 'that was by hand, too' "$(states "$ran" "$second")" 'cancelled waiting '
td-cancel "$second" "$fourth"
td-work --drain
try 'who is tried again without its blocker' td-retry "$fourth"
is 'runs' "$(state "$fourth")" ready
clean
finish
