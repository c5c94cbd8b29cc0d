#!/bin/sh
# A bad day: tasks fail in every way, workers die, and nothing is lost.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool
conf '[run]' 'grace = 0.2s' '[task]' 'backoff = 0s'

# sort of end, how many of each.
n=4
for _ in 1 2 3 4; do
	td-submit -l good -- true
	td-submit -l bad -R 2 -- false
	td-submit -l never -- sh -c 'exit 65'
	td-submit -l missing -- no-such-program
	# shellcheck disable=SC2016
	td-submit -l killed -R 2 -- sh -c 'kill -9 $$'
	td-submit -l slow -R 1 -T 0.3s -- sh -c 'trap "" TERM; sleep 1000'
	td-submit -l left -- sh -c 'setsid sleep 1000 & true'
	# shellcheck disable=SC2016
	td-submit -l flaky -- sh -c '[ "$TD_ATTEMPT" -ge 3 ]'
done >"$here/ids"

# A worker is killed every now and then; another one takes its place.
kill_some() {
	while :; do
		sleep 0.3
		victim=$(pgrep -P "$crew" | head -n 1)
		[ -z "$victim" ] || kill -9 "$victim" 2>/dev/null
		sleep 0.7
	done
}
rounds=0
worker --drain -n 3
crew=$pid
spawn kill_some
killer=$pid
while [ -n "$(td-ls -s ready,delayed,running)" ] && [ "$rounds" -lt 40 ]; do
	rounds=$((rounds + 1))
	wait "$crew"
	worker --drain -n 3
	crew=$pid
	kill "$killer" 2>/dev/null
	[ "$rounds" -gt 4 ] || { spawn kill_some; killer=$pid; }
done
kill "$killer" 2>/dev/null
wait "$crew"
td-tick -q
# Three deaths set a task aside: an accident that people look at.
td-ls -s held | cut -d' ' -f1 | td-release 2>/dev/null
timeout 100 td-work --drain -n 3

# count LABEL: in which states they are.
count() { td-ls -a -l "$1" -j | jq -r .state | sort | uniq -c | xargs; }
is 'what is good is done' "$(count good)" "$n done"
is 'what is bad has failed' "$(count bad)" "$n failed"
is 'at once, where that was said' "$(count never)" "$n failed"
is 'or it is not there' "$(count missing)" "$n failed"
is 'what dies has failed' "$(count killed)" "$n failed"
is 'so has what is slow' "$(count slow)" "$n failed"
is 'what leaves something is done' "$(count left)" "$n done"
is 'what works at the third time is done' "$(count flaky)" "$n done"
is 'none is lost' "$(td-ls -a | wc -l)" "$((n * 8))"
strays=$(grep -lz "^TD_LOG=$TASKDIR/" /proc/[0-9]*/environ 2>/dev/null)
is 'no process of theirs is left' "$strays" ''
is 'nothing is left in any slot' \
	"$(cd "$TASKDIR/running" && find . -type f ! -name lock ! -name README)" ''

# At no time more attempts than were granted, each with one end.
bad=
while read -r id; do
	shown "$id" '[.runs[]|select(.outcome!="lost")]|length' >"$here/.n"
	case $(shown "$id" '.labels[0]') in
	good | never | missing | slow | left) most=1 ;;
	bad | killed) most=2 ;;
	*) most=3 ;;
	esac
	# A lost attempt has a number, too, by which the flaky ones go.
	[ "$(cat "$here/.n")" = "$most" ] ||
		[ "$most$(cat "$here/.n")" = 32 ] || [ "$most$(cat "$here/.n")" = 31 ] || bad="$bad $id:$(cat "$here/.n")"
	[ "$(shown "$id" '[.runs[].n]|unique|length')" = "$(shown "$id" '.runs|length')" ] ||
		bad="$bad $id"
done <"$here/ids"
is 'each was tried as often as it was to be' "$bad" ''
finish
