#!/bin/sh
. "${0%/*}/../lib.sh"
spool

row() { td-stat | grep "^$1 " | tr -s ' '; }
get() { td-stat -j | jq -c "$1"; }

try 'an empty spool' td-stat
is 'has no tasks' "$(printf '%s\n' "$out" | awk 'NR > 1 && NR < 10 { n += $2 } END { print n, NR }')" '0 12'
try 'as JSON' td-stat -j
is 'it is one object' "$(printf '%s' "$out" | jq -c '[.queues, .oldest_s, .paused, .degraded]')" '[{},null,false,false]'

a=$(td-submit -- true)
td-submit -p 0 -Q fast -- true >/dev/null
td-submit -Q fast -- true >/dev/null
td-submit -H -- true >/dev/null
td-submit -a "$a" -- true >/dev/null
td-submit --at +1h -- true >/dev/null
is 'by state' "$(get '.states | [.ready, .waiting, .delayed, .held, .running, .done]')" '[3,1,1,1,0,0]'
like 'as people see it' "$(row waiting)" 'waiting 1'
is 'by queue and priority' "$(get '.queues.fast | [.ready, .again, .priorities]')" '[2,0,[1,0,1,0,0]]'
like 'in columns' "$(row fast)" 'fast 2 1 0 1 0 0 0 [0-9]*s'

# Names say it all: an id of 90 minutes ago, in a file that holds nothing.
digits=0123456789abcdefghjkmnpqrstvwxyz
place() {
	n=$((($(date +%s) - 1577836800 - $1) * 1000000)) id=
	for _ in 1 2 3 4 5 6 7 8 9 10 11; do
		id=$(printf %s $digits | cut -c $((n % 32 + 1)))$id n=$((n / 32))
	done
	echo "${id}00000"
}
old=$(place 5400)
mkdir -p "$TASKDIR/ready/old/2/$(printf %s "$old" | cut -c 1-7)" "$TASKDIR/ready/old/2r"
: >"$TASKDIR/ready/old/2/$(printf %s "$old" | cut -c 1-7)/$old.json"
: >"$TASKDIR/ready/old/2r/$(place 100).json"
is 'what is tried again' "$(get '.queues.old | [.ready, .again]')" '[2,1]'
like 'an age' "$(row old)" 'old 2 0 0 2 0 0 1 90m'
is 'ages in powers of two' "$(get '.queues.old.ages | to_entries | map(select(.value > 0).key)')" '["2m","128m"]'
try 'as a table' td-stat --ages
is 'with its columns' "$(printf '%s\n' "$out" | head -n 1 | tr -s ' ')" 'QUEUE 1m 2m 4m 8m 16m 32m 64m 128m 256m 512m 512m+'
is 'by queue' "$(printf '%s\n' "$out" | grep ^old | tr -s ' ')" 'old 0 1 0 0 0 0 0 1 0 0 0'
is 'and all of them' "$(printf '%s\n' "$out" | grep '^(all)' | tr -s ' ')" '(all) 3 1 0 0 0 0 0 1 0 0 0'
is 'in 80 columns' "$(printf '%s\n' "$out" | awk 'length > 80')" ''
rm -r "$TASKDIR/ready/old"

td-pause -m 'too hot' fast
like 'a pause' "$(td-stat | grep ^paused)" 'paused: fast since ??:??:?? by *: too hot'
is 'as JSON' "$(get '[.queues.fast.paused, .queues.default.paused, .paused]')" '[true,false,false]'
td-pause
like 'of all' "$(td-stat | grep ^paused)" '*paused: all queues since ??:??:?? by *'
is 'as JSON, too' "$(get .paused)" true
td-resume && td-resume fast

echo '2020-11-21T10:00:00.000000Z a flush failed' >"$TASKDIR/ctl/degraded"
like 'a spool that is degraded' "$(td-stat | grep ^degraded)" 'degraded: since 2020-11-21 10:00 a flush failed'
is 'is marked so' "$(get .degraded)" true
rm "$TASKDIR/ctl/degraded"
: >"$TASKDIR/bad/x.json" && : >"$TASKDIR/bad/x.json.why"
is 'what is bad' "$(get .bad)" 1

td-submit -p 0 -- sh -c 'until [ -e go ]; do sleep 0.02; done' >/dev/null
td-work --once -Q default >/dev/null 2>&1 &
until_true 10 sh -c 'td-stat -j | jq -e ".workers.busy == 1"'
is 'a worker at work' "$(get '[.workers.alive, .workers.dead, .states.running]')" '[1,0,1]'
touch go && wait
is 'is gone' "$(get '[.workers.alive, .workers.dead, .states.done]')" '[0,0,1]'
mkdir -p "$TASKDIR/running/w8" && mv "$(td-path "$a")" "$TASKDIR/running/w8/"
is 'one that is dead' "$(get '[.workers.alive, .workers.dead]')" '[0,1]'
like 'is told' "$(td-stat | grep ^workers)" 'workers: 0 alive*1 dead*'

exits 'no operand' 64 td-stat x
exits 'no spool' 66 td-stat -d /nonexistent
exits 'a full disk is told' 74 sh -c 'td-stat >/dev/full'
finish
