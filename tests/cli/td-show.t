#!/bin/sh
. "${0%/*}/../lib.sh"
spool

line() { printf '%s\n' "$out" | grep "^ *$1" | tr -s ' '; }

a=$(td-submit -R 1 -t 'one' -l red -r 'src/**' -s doc -T 5m -- sh -c 'exit 3; echo "it'\''s"')
b=$(td-submit -a "$a:failed" -e K=V -- true)
try 'it shows a task' td-show "$a"
is 'its id' "$(line id)" "id $a"
is 'its state' "$(line state)" 'state ready'
is 'its title' "$(line title)" 'title one'
is 'its command, as a shell takes it' "$(line command)" "command sh -c 'exit 3; echo \"it'\\''s\"'"
is 'what it holds' "$(line 'reserve\|share')" 'reserve src/**
share doc'
is 'its labels' "$(line label)" 'label red'
is 'its limits' "$(line 'timeout\|attempts')" 'timeout 5m
attempts 1'
is 'its file' "$(line file)" "file $(td-path "$a")"
like 'its history' "$(line '[0-9]')" ' 20??-??-?? ??:??:?? submitted by *'
try 'another' td-show "$b"
is 'what it waits for' "$(line after)" "after $a failed"
is 'its environment' "$(line 'env *K')" 'env K=V'

at=$(td-show -j "$a" | jq -r '.events[0].at')
like 'in the zone of who asks' "$(TZ=XXX-5 td-show "$a" | grep submitted)" "  $(date -d "$at + 5 hours" '+%F %T')  *"

td-work --drain >/dev/null 2>&1
try 'what has run' td-show "$a"
like 'has an entry for it' "$(line '[0-9]' | tail -n 1)" ' * run 1: failed, exit 3, by *, then failed*'

try 'several' td-show "$a" "$b"
is 'are apart' "$(printf '%s\n' "$out" | grep -c '^$')" 1
try '-p is the file' td-show -p "$a" "$b"
is 'byte for byte' "$out" "$(cat "$(td-path "$a")" "$(td-path "$b")")"
try '-j is JSON' td-show -j "$a"
is 'folded' "$(printf '%s' "$out" | jq -r '.state, .runs[-1].exit')" 'failed
3'
exits 'one or the other' 64 td-show -jp "$a"

ids() { jq -r .id | tr '\n' ' '; }
is 'ids from standard input' "$(printf '%s\n' "$b" '' " $a and more" | td-show -j | ids)" "$b $a "
is 'or with NUL' "$(printf '%s\0' "$b" "$a" | td-show -0j | ids)" "$b $a "
is 'as td-ls prints them' "$(td-ls -a -l red | td-show -j | ids)" "$a "
is 'or a choice, by id' "$(td-show -j -s 'done,failed' </dev/null | ids)" "$a $b "
is 'which may be of none' "$(td-show -l none)" ''
exits 'not both' 64 td-show -l red "$a"
try 'none is nothing to do' td-show

exits 'no such task' 66 td-show 0000000000000000
is 'is named' "$err" 'td-show: 0000000000000000: there is no such task'
exits 'nor one that could be' 66 td-show not-an-id
exits 'the others are shown' 66 td-show 0000000000000000 "$a"
is 'all the same' "$(line id)" "id $a"
mkdir -p "$TASKDIR/held"
for n in 1 2; do echo '{' >"$TASKDIR/held/000000000000${n}zzz.json"; done
exits 'an ending of two' 64 td-show zzz
is 'names them' "$err" 'td-show: zzz: 2 tasks end so: 0000000000001zzz 0000000000002zzz'
exits 'a file that is no task' 65 td-show 1zzz
try 'can be looked at' td-show -p 1zzz
is 'as it is' "$out" '{'
printf '\033[2J\n' >input
td-show <input 2>err
is 'what is complained of is made visible' "$(cat err)" 'td-show: \033[2J: there is no such task'

finish
