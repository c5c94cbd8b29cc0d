#!/bin/sh
. "${0%/*}/../lib.sh"
spool

# in_task NAME COMMAND: a task that runs it, then waits to be let go.
in_task() {
	rm -f go "$1"
	id=$(td-submit -R 1 -t title -- sh -c '{ '"$2"'; } >said 2>&1; echo $? >>said; mv said '"$1"'; until [ -e go ]; do sleep 0.02; done')
	td-work --once --name w1 >/dev/null 2>&1 &
	until_true 20 [ -e "$1" ]
}
let_go() { touch go; wait; }
told() { grep -c '"event":"progress"' "$TASKDIR/journal/current.jsonl"; }

in_task first 'td-progress 42.5 build "3 of 7"'
is 'a task says how far it is' "$(cat first)" 0
is 'in a file of its slot' "$(jq -c '[.percent, .step, .text]' "$TASKDIR/running/w1/$id.1.progress")" '[42.5,"build","3 of 7"]'
like 'td-ls shows it' "$(td-ls)" '* [[]42.5% build[]] title'
like 'td-show, too' "$(td-show "$id" | grep ^progress)" 'progress   42.5% build, 3 of 7 (*)'
is 'as JSON' "$(td-show -j "$id" | jq -c '.progress | [.percent, .step, .text]')" '[42.5,"build","3 of 7"]'
is 'the journal is told' "$(grep '"progress"' "$TASKDIR/journal/current.jsonl" | jq -r '.id, .why')" "$id
42.5% build: 3 of 7"
let_go
is 'it goes with the attempt' "$(ls "$TASKDIR/running/w1")" lock
is 'and is shown no more' "$(td-show -j "$id" | jq .progress)" null

before=$(told)
in_task second 'for n in 1 2 3 4 5; do td-progress $n one; done; td-progress 50 two; td-progress 51 two'
is 'many in a short time' "$(cat second)" 0
is 'the last one counts' "$(jq .percent "$TASKDIR/running/w1/$id.1.progress")" 51
is 'the journal is told of steps only' $(($(told) - before)) 2
sed -i 's/"told":"20/"told":"19/' "$TASKDIR/running/w1/$id.1.progress"
let_go
in_task third 'td-progress - upload; td-progress 10 upload'
is 'it may not be known' "$(cat third)" 0
is 'which is said' "$(grep '"progress"' "$TASKDIR/journal/current.jsonl" | tail -n 1 | jq -r .why)" upload
let_go
before=$(told)
in_task fourth 'td-progress 1 one; sed -i s/told...20/told\":\"19/ "${TD_TASK%.json}.1.progress"; td-progress 2 one'
is 'after a while' $(($(told) - before)) 2
let_go
# shellcheck disable=SC2016
in_task fifth 'for bad in 101 x "" 1e1 100.1 .; do td-progress "$bad"; echo $?; done 2>/dev/null; td-progress 1 2 3 4 2>/dev/null; echo $?; td-progress 2>/dev/null'
is 'what is no progress' "$(tr '\n' ' ' <fifth)" '64 64 64 64 64 64 64 64 '
let_go
in_task sixth 'td-progress 100 "$(printf "a%.0s" $(seq 100))é" "$(printf "\\033[2J")"'
is 'long ones are cut' "$(jq '.step | length' "$TASKDIR/running/w1/$id.1.progress")" 63
like 'and made visible' "$(td-show "$id" | grep ^progress)" 'progress*, \\033[[]2J (*'
let_go

exits 'outside a task' 64 td-progress 1
like 'it says so' "$err" 'td-progress: TD_ID is not set*'
exits 'after the end' 77 env TD_ID="$id" TD_ATTEMPT=1 TD_KEY=x td-progress 1
finish
