#!/bin/sh
. "${0%/*}/../lib.sh"
spool

events() { td-show -j "$1" | jq -r '.events[] | select(.event == "note").text'; }

id=$(td-submit -R 1 -- sh -c 'td-note "first; \"quoted\"" && td-note second && echo "$?" >noted; until [ -e go ]; do sleep 0.02; done')
td-work --once >/dev/null 2>&1 &
until_true 20 [ -e noted ]
is 'a task says something' "$(cat noted)" 0
is 'it is in the history' "$(events "$id")" 'first; "quoted"
second'
is 'with the attempt' "$(td-show -j "$id" | jq -c '[.events[] | select(.event == "note").n]')" '[1,1]'
like 'while it runs' "$(td-show "$id" | grep 'note 1: s')" '*note 1: second'
like 'and in the journal' "$(grep '"note"' "$TASKDIR/journal/current.jsonl" | tail -n 1 | jq -r .why)" second
touch go && wait
is 'the end stands behind it' "$(td-show -j "$id" | jq -c '[.state, .runs[0].outcome]')" '["done","done"]'
is 'where it stays' "$(events "$id" | tail -n 1)" second

# shellcheck disable=SC2016
id=$(td-submit -R 1 -- sh -c 'long=$(printf "x%.0s" $(seq 4096)); td-note "$long"; echo $?; td-note "x$long"; echo $?; td-note ""; echo $?; td-note; echo $?; td-note a b; echo $?; td-note "$(printf "\033[2J")"; echo $?')
td-work --once >/dev/null 2>&1
is '4 KiB and no more, one text' "$(td-log "$id" | grep -x '[0-9]*' | tr '\n' ' ')" '0 64 64 64 64 0 '
is 'all of it' "$(events "$id" | head -n 1 | tr -d '\n' | wc -c)" 4096
like 'and made visible' "$(td-show "$id" | grep 'note 1: .033')" '*note 1: \\033[[]2J'

# shellcheck disable=SC2016
id=$(td-submit -R 1 -- sh -c 'long=$(printf "\001%.0s" $(seq 4096)); for n in $(seq 300); do td-note "$long" || { echo "$?"; break; }; done')
td-work --once >/dev/null 2>&1
is 'a file that is full of notes' "$(td-log "$id" | tail -n 1)" 75
is 'still takes the end' "$(td-show -j "$id" | jq -r .state)" 'done'

exits 'outside a task' 64 td-note x
like 'it says so' "$err" 'td-note: TD_ID is not set*'
exits 'after the end' 77 env TD_ID="$id" TD_ATTEMPT=1 TD_KEY=x td-note x
finish
