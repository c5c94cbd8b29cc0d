#!/bin/sh
# One round of upkeep.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool

try 'nothing to do' td-tick
is 'is no news' "$out$err" ''
exits 'no operand is taken' 64 td-tick now

# What has come due.

at=$(date -u -d '+1 second' +%FT%T.%6NZ)
id=$(td-submit --at "$at" -- true)
later=$(td-submit --at +1h -- true)
td-tick
is 'what is not due stays' "$(state "$id")" delayed
due() { td-tick && in_state "$id" ready; }
until_true 10 due
is 'what is due is ready' "$(state "$id") $(state "$later")" 'ready delayed'
is 'not before its time' "$(printf '%s\n' "$at" "$(shown "$id" '.events[-1].at')" |
	sort | head -n 1)" "$at"

printf '{"command":["echo","dropped"]}' >"$here/drop"
mv "$here/drop" "$TASKDIR/new/x.json"
td-tick
is 'the drop box is emptied' "$(ls "$TASKDIR/new")" README
td-work --drain
is 'what was in it is run' "$(cat "$TASKDIR"/log/*/*.log | tail -n 1)" dropped

# Dependents that nobody told.

a=$(td-submit -- true)
b=$(td-submit -a "$a" -- true)
mv "$(td-path "$a")" "$TASKDIR/done/$(date -u +%F)/"
is 'a blocker moved by hand' "$(state "$b")" waiting
td-tick
is 'is found' "$(state "$b")" ready
td-work --drain

# Failures are printed once.

id=$(td-submit -R 1 -t 'my title' -- false)
td-work --once
try 'a failure' td-tick
like 'is printed' "$out" "*$id*failed*my title*"
try 'once' td-tick
is 'and no more' "$out" ''
id=$(td-submit -R 1 -- false)
id2=$(td-submit -R 1 -- false)
td-work --drain
td-tick -j >"$here/out"
is 'as JSON' "$(jq -r '"\(.id) \(.state)"' "$here/out" | sort)" "$id failed
$id2 failed"
id=$(td-submit -R 1 -- false)
td-work --once
is 'ended with NUL' "$(td-tick -0 | od -An -c | tr -d ' \n')" "$(echo "$id" | sed 's/./&/g')\\0"
id=$(td-submit -R 1 -- false)
td-work --once
is 'or not at all' "$(td-tick -q)" ''
id=$(td-submit -R 1 -- false)
td-work --once
for i in 1 2 3 4; do td-tick >"$here/tick$i" & done
wait
is 'any number at once print it once' "$(cat "$here"/tick[1-4] | grep -c "$id")" 1

# What is left over in tmp/.

touch "$TASKDIR/tmp/fresh"
td-tick
is 'what is being written stays' "$(cd "$TASKDIR/tmp" && echo f*)" fresh

# One that cannot be read stops no other.
if [ "$(id -u)" -ne 0 ]; then
	a=$(td-submit --at +1s -- true)
	b=$(td-submit --at +1s -- true)
	c=$(td-submit -H -- true)
	d=$(td-submit -a "$c:ended" -- true)
	e=$(td-submit -a "$c:ended" -- true)
	chmod 0 "$(td-path "$a")" "$(td-path "$d")"
	td-cancel -q "$c"
	sleep 1.1
	td-tick >/dev/null 2>&1
	is 'what is due behind one that cannot be read' "$(state "$b")" ready
	is 'and what waits beside one' "$(state "$e")" ready
else
	skip 'root reads everything: one that cannot be read'
fi

finish
