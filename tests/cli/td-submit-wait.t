#!/bin/sh
# td-submit -w: as if the task were run here.
. "${0%/*}/../lib.sh"

spool
worker() { spawn td-work --drain=all; }
# waits NAME STATUS OPTION...: the worker comes when it is there.
waits() {
	name=$1 wanted=$2
	shift 2
	td-submit "$@" >"$here/.out" 2>"$here/.err" </dev/null &
	submitter=$!
	until_true 10 grep -q . "$here/.err"
	worker
	wait "$submitter"
	got=$?
	wait "$pid"
	out=$(cat "$here/.out") err=$(cat "$here/.err")
	is "$name" "$got" "$wanted"
}

waits 'a task that ends well' 0 -w -- sh -c 'echo out; echo words >&2'
is 'its output is ours' "$out" 'out
words'
is 'its id goes to standard error' "$(state "$err")" 'done'
waits 'one that fails' 3 -w -R 1 -- sh -c 'echo bad; exit 3'
is 'has output, too' "$out" bad
waits 'one that is tried again' 4 -w -R 2 --backoff 0s -- sh -c 'echo "try $TD_ATTEMPT"; exit 4'
is 'shows each attempt' "$out" 'try 1
try 2'
waits 'one that a signal ends' 137 -w -R 1 -- sh -c 'kill -9 $$'
waits 'one whose time is up' 124 -w -R 1 -T 0.3s -- sleep 60
waits 'one that cannot be run' 127 -w -- /no/such/program
waits 'words that hold a newline' 0 -w -- printf '%s\n' 'a
b'
is 'are not printed by themselves' "$out" 'a
b'

id=$(td-submit -u once -- echo once)
waits 'a key that is held' 0 -w -q -u once -- false
is 'means that task' "$out $err" "once $id"

printf 'b\na\n' >"$here/lines"
td-submit -w -i - -- sort <"$here/lines" >"$here/sorted" 2>/dev/null &
submitter=$!
until_true 10 sh -c 'ls "$TASKDIR"/ready/default/2/*/*.json'
worker
wait "$submitter"
is 'input and output' "$? $(cat "$here/sorted")" '0 a
b'
wait "$pid"

td-submit -w -- true >/dev/null 2>"$here/.err" &
submitter=$!
until_true 10 grep -q . "$here/.err"
id=$(cat "$here/.err")
td-cancel "$id" >/dev/null
wait "$submitter"
is 'one that is cancelled' $? 125

td-submit -w -- sleep 60 2>"$here/.err" &
submitter=$!
until_true 10 grep -q . "$here/.err"
id=$(head -n 1 "$here/.err")
until_true 10 sh -c "grep -q SigCgt:.*2 /proc/$submitter/status"
sleep 0.1
kill -INT "$submitter"
wait "$submitter"
is 'an interrupt' $? 130
like 'says that the task goes on' "$(cat "$here/.err")" \
	"*td-submit: $id goes on"
is 'which it does' "$(state "$id")" ready
td-cancel "$id" >/dev/null

exits 'what is refused is not waited for' 65 td-submit -w -p 9 -- true
finish
