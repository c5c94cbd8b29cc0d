#!/bin/sh
. "${0%/*}/../lib.sh"
spool

columns() { printf '%s\n' "$out" | sed 1d | cut -f "$1"; }

try 'nothing has ended' td-joblog
is 'there is a header' "$out" "$(printf 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\tId\tAttempt\tOutcome\tState\tQueue\tWorker')"

# shellcheck disable=SC2016
a=$(td-submit -R 3 --backoff 0s -- sh -c 'test $TD_ATTEMPT = 3')
b=$(td-submit -p 0 -Q fast -l red -R 1 -- sh -c 'kill -9 $$')
c=$(td-submit -p 4 -R 1 -- echo 'a	b' "it's" "$(printf 'x\ny')")
d=$(td-submit -p 4 -R 1 -C "$here" -- /nonexistent)
td-submit -H -- true >/dev/null
before=$(date +%s)
td-work --drain --name w1 >/dev/null 2>&1
try 'a line for each run' td-joblog
is 'in the order of their ends' "$(columns 10,11 | tr '\t\n' '. ')" "$b.1 $a.1 $a.2 $a.3 $c.1 $d.1 "
is 'numbered' "$(columns 1 | tr '\n' ' ')" '1 2 3 4 5 6 '
is 'with status and signal' "$(columns 7,8 | tr '\t\n' '. ')" '0.9 1.0 1.0 0.0 0.0 127.0 '
is 'host and worker' "$(columns 2,15 | sort -u)" "$(uname -n)	w1"
is 'outcome, state, queue' "$(columns 12-14 | head -n 2)" "signal	failed	fast
failed	done	default"
is 'the command as a shell takes it' "$(columns 9 | sed -n 5p)" "echo 'a\\tb' 'it'\\''s' 'x\\ny'"
is 'every line has all columns' "$(printf '%s\n' "$out" | awk -F '\t' '{ print NF }' | sort -u)" 15
is 'times are seconds' "$(columns 3 | awk -v t="$before" '$1 < t || $1 > t + 600')" ''
like 'with a fraction' "$(columns 4 | head -n 1)" '[0-9]*.[0-9][0-9][0-9]'
is 'and the size of its log' "$(columns 6 | sed -n 5p)" "$(cat "$TASKDIR"/log/*/"$c".1.log | wc -c)"

ids() { cut -f 10 | sed 1d | tr '\n' ' '; }
is 'of some tasks' "$(td-joblog "$c" "$b" | ids)" "$b $c "
is 'by standard input' "$(printf '%s\n' "$c" | td-joblog | ids)" "$c "
is 'or by choice' "$(td-joblog -l red | ids)" "$b "
is 'of those that have ended' "$(td-joblog -s 'done' </dev/null | ids)" "$a $a $a $c "
td-retry "$c" && td-pause
is 'a task that runs again' "$(td-joblog "$c" | sed 1d | cut -f 13)" ready
is 'as JSON' "$(td-joblog -j "$c" | jq -c '[.seq, .id, .n, .exit, .command[2]]')" "[1,\"$c\",1,0,\"it's\"]"
exits 'no such task' 66 td-joblog 0000000000000000
exits 'a full disk is told' 74 sh -c "td-joblog $b >/dev/full"
finish
