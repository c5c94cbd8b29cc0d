#!/bin/sh
. "${0%/*}/../lib.sh"
spool
journal=$TASKDIR/journal

try 'nothing has happened' td-tail
is 'and nothing is said' "$out" ''
a=$(td-submit -- true)
td-work --drain --name w1 >/dev/null 2>&1
try 'what happened' td-tail
like 'in columns' "$(printf '%s\n' "$out" | grep " ended " | tr -s ' ')" "20??-??-?? ??:??:?? ended $a w1 run 1 done -> done in default, waited *, ran *"
is 'as it is written' "$(td-tail -j -n 1000)" "$(cat "$journal/current.jsonl")"
TZ=XXX-5 td-tail -n 1 >there
is 'in the zone of who asks' "$(cut -c 1-19 there)" "$(date -d "$(tail -n 1 "$journal/current.jsonl" | jq -r .at) + 5 hours" '+%F %T')"

line() { printf '{"at":"2026-11-21T10:00:00.000000Z","event":"%s"}\n' "$1"; }
events() { jq -r .event | tr '\n' ' '; }
rm "$journal/current.jsonl"
for n in 1 2 3; do line $n; done >"$journal/20200101T000000Z.jsonl"
for n in 4 5; do line $n; done >"$journal/20200102T000000Z.jsonl"
for n in 6 7; do line $n; done >"$journal/current.jsonl"
is 'the last ones' "$(td-tail -j -n 1 | events)" '7 '
is 'as many as are wanted' "$(td-tail -j -n 2 | events)" '6 7 '
is 'over files' "$(td-tail -j -n 3 | events)" '5 6 7 '
is 'to their beginning' "$(td-tail -j -n 4 | events)" '4 5 6 7 '
is 'and beyond' "$(td-tail -j -n 6 | events)" '2 3 4 5 6 7 '
is 'ten are usual' "$(td-tail -j | events)" '1 2 3 4 5 6 7 '
is 'or none' "$(td-tail -j -n 0)" ''
seq 30000 | sed 's/.*/{"event":"&"}/' >>"$journal/current.jsonl"
is 'very many' "$(td-tail -j -n 30001 | head -n 2 | events)" '7 1 '

# Followed while it is cut off, more than once between two looks.
td-tail -f -j -n 1 >followed &
follower=$!
until_true 10 grep -q 30000 followed
is 'it can be followed' "$?" 0
line next >>"$journal/current.jsonl"
until_true 10 grep -q next followed
is 'line by line' "$?" 0
printf '{"event":"ha' >>"$journal/current.jsonl"
printf 'lf"}\n' >>"$journal/current.jsonl"
kill -STOP "$follower"
line before >>"$journal/current.jsonl"
mv "$journal/current.jsonl" "$journal/20210101T000000Z.jsonl"
line between >"$journal/20210102T000000Z.jsonl"
line behind >"$journal/current.jsonl"
kill -CONT "$follower"
until_true 10 grep -q behind followed
is 'over all files' "$(sed 1d followed | events)" 'next half before between behind '
mv "$journal/current.jsonl" "$journal/20210103T000000Z.jsonl"
rm "$journal"/2020* "$journal"/20210102*
td-submit -- true >/dev/null
until_true 10 grep -q '"submitted"' followed
is 'or what is left of them' "$(sed 1d followed | events)" 'next half before between behind submitted '
kill "$follower"

printf 'no json\033[2J\n' >>"$journal/current.jsonl"
is 'what is none of ours is made visible' "$(td-tail -n 1)" 'no json\033[2J'
if command -v script >/dev/null; then
	td-pause -m "$(printf '%0200d' 0)"
	script -qec 'stty cols 80; td-tail' /dev/null </dev/null | tr -d '\r' >terminal
	like 'a header on a terminal' "$(head -n 1 terminal)" 'TIME *EVENT *ID *WORKER *WHAT'
	is 'lines fit' "$(awk 'length > 80' terminal)" ''
else
	skip 'there is no script(1)'
fi
exits 'no operand' 64 td-tail x
exits 'no number' 64 td-tail -n x
exits 'no spool' 66 td-tail -d /nonexistent
exits 'a full disk is told' 74 sh -c 'td-tail >/dev/full'
exits 'while it follows, too' 74 sh -c 'td-tail -f >/dev/full'
finish
