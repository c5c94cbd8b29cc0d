#!/bin/sh
. "${0%/*}/../lib.sh"
spool

# A worker that is not busy waits for the next task.
spawn td-work -n 2
until_true 10 td-wait -T 10s "$(td-submit -- true)"

good=$(td-submit -- true)
three=$(td-submit -R 1 -- sh -c 'sleep 0.2; exit 3')
four=$(td-submit -R 1 -- sh -c 'exit 4')
try 'it waits until a task has ended' td-wait "$good"
is 'and says nothing' "$out$err" ''
is 'it has' "$(state "$good")" 'done'
exits 'it exits as the task did' 3 td-wait "$three"
exits 'the first that is not 0' 4 td-wait "$good" "$four" "$three"
exits 'in the order given' 3 td-wait "$three" "$good" "$four"
killed=$(td-submit -R 1 -- sh -c 'kill -9 $$')
exits 'a signal' 137 td-wait "$killed"
slow=$(td-submit -R 1 -T 1s -- sleep 60)
exits 'a task whose time was up' 124 td-wait "$slow"
held=$(td-submit -H -l mine -- true)
td-cancel "$held" >/dev/null
exits 'one that was cancelled' 125 td-wait "$held"

held=$(td-submit -H -l mine -- true)
exits 'a time for us' 124 td-wait --timeout 0.1s "$held"
exits 'which may be none' 124 td-wait -T 0 "$held"
exits 'but is one' 64 td-wait -T soon "$held"
exits 'what did badly comes first' 3 td-wait -T 0 "$three" "$held"
exits 'in its place' 124 td-wait -T 0 "$held" "$three"
exits 'any of them' 4 td-wait --any "$held" "$four"
is 'is named' "$out" "$four"
exits 'any in time' 124 td-wait --any -T 0 "$held"

sleepy=$(td-submit -- sleep 0.3)
try 'any that ends meanwhile' td-wait --any "$held" "$sleepy"
is 'is named as well' "$out" "$sleepy"
is 'ids from standard input' "$(printf '%s\n' "$good" "$four" | { td-wait; echo $?; })" 4
is 'as td-submit prints them' "$(td-submit -R 1 -- sh -c 'exit 5' | { td-wait; echo $?; })" 5
exits 'a choice' 124 td-wait -T 0 -l mine
try 'of none' td-wait -T 0 -l none
exits 'none at all means all that live' 124 td-wait -T 0
td-cancel "$held" >/dev/null
try 'be there none' td-wait -T 0

exits 'no such task' 66 td-wait 0000000000000000
exits 'is told at once' 66 td-wait "$(td-submit -H -- true)" 0000000000000000

# Nothing is lost however fast they end.
for n in $(seq 50); do td-submit -- test "$n" -gt 0; done >many
try 'many are waited for' sh -c 'td-wait -T 30s <many'
is 'to the last' "$(td-ls -s ready,running)" ''

finish
