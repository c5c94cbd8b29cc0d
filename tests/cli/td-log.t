#!/bin/sh
. "${0%/*}/../lib.sh"
spool

# What the task itself printed: a log may begin with the command.
last() { printf '%s\n' "$out" | tail -n "${1:-1}"; }

exits 'no log, no answer' 1 td-log
# shellcheck disable=SC2016
a=$(td-submit -R 2 --backoff 0s -- sh -c 'echo "attempt $TD_ATTEMPT"; echo wrong >&2; exit 1')
exits 'nothing is printed yet' 1 td-log "$a"
is 'and that is said' "$err" "td-log: $a: there is no log"
td-work --drain >/dev/null 2>&1
try 'it prints the last attempt' td-log "$a"
is 'output and errors' "$(last 2)" 'attempt 2
wrong'
try 'another one' td-log -N 1 "$a"
is 'by its number' "$(last 2 | head -n 1)" 'attempt 1'
exits 'that is not there' 1 td-log -N 3 "$a"
is 'and that is said, too' "$err" "td-log: $a: there is no log of that attempt"
try 'all of them' td-log -a "$a"
is 'from the first on' "$(printf '%s\n' "$out" | grep '^attempt' | tr '\n' ' ')" 'attempt 1 attempt 2 '
exits 'one or all' 64 td-log -a -N 1 "$a"
exits 'a number' 64 td-log -N 0 "$a"

b=$(td-submit -- sh -c 'echo mine')
td-work --drain >/dev/null 2>&1
try 'no id' td-log
is 'is the last' "$(last)" mine
is 'ids from standard input' "$(printf '%s\n' "$b" | td-log | tail -n 1)" mine
is 'a choice' "$(td-log -s failed | tail -n 1)" wrong
exits 'no such task' 66 td-log 0000000000000000

try 'to follow what has ended' td-log -f "$b"
is 'is to print it' "$(last)" mine
# shellcheck disable=SC2016
c=$(td-submit -R 2 --backoff 0s -- sh -c 'echo "begin $TD_ATTEMPT"; until [ -e go ]; do sleep 0.02; done; echo "end $TD_ATTEMPT"; exit 1')
td-log -f "$c" >followed &
follower=$!
td-work --drain >/dev/null 2>&1 &
until_true 10 grep -q '^begin 1' followed
is 'what runs is followed' "$?" 0
is 'while it runs' "$(state "$c")" running
touch go
wait "$follower"
is 'to its end' "$?" 0
is 'over its attempts' "$(grep '^begin\|^end' followed | tr '\n' ' ')" 'begin 1 end 1 begin 2 end 2 '
wait

d=$(td-submit -- printf 'a\033[2Jb\tc\n\342\200\256\n\377')
td-work --drain >/dev/null 2>&1
is 'bytes stay as they are' "$(td-log "$d" | tail -n 2 | od -An -c | tr -d ' \n')" "$(printf '\342\200\256\n\377' | od -An -c | tr -d ' \n')"
if command -v script >/dev/null; then
	script -qec "td-log $d" /dev/null </dev/null | tr -d '\r' | tail -n 3 >terminal
	is 'but on a terminal' "$(cat terminal)" "$(printf '%s\n' 'a\033[2Jb	c' '\u202e' '\xff')"
	script -qec "td-log -r $d" /dev/null </dev/null | tail -c 1 | od -An -tx1 >terminal
	is 'unless it is to be raw' "$(tr -d ' ' <terminal)" ff
else
	skip 'there is no script(1)'
fi
exits 'a full disk is told' 74 sh -c "td-log $b >/dev/full"

finish
