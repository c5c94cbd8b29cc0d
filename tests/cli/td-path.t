#!/bin/sh
. "${0%/*}/../lib.sh"
spool

a=$(td-submit -- true)
b=$(td-submit -H -l red -- true)
try 'it prints where the file is' td-path "$a"
is 'which is there' "$(jq -r .id "$out")" "$a"
like 'in the folder of its state' "$out" "$TASKDIR/ready/default/2/*/$a.json"
try 'two' td-path "$b" "$a"
is 'in the order given' "$(printf '%s\n' "$out" | sed 's/.*\///')" "$b.json
$a.json"
is 'a choice' "$(td-path -l red)" "$TASKDIR/held/$(date -u +%F)/$b.json"
is 'ids that are piped' "$(td-ls -0 -s held | td-path -0 | tr '\0' '+')" "$(td-path "$b")+"
cd / && try 'from anywhere' td-path -d "$TASKDIR" "$a"
cd "$here" && TASKDIR=spool
is 'it is absolute' "$(td-path "$b")" "$here/spool/held/$(date -u +%F)/$b.json"
exits 'no such task' 66 td-path 0000000000000000

# However it moves, it is found.
TASKDIR=$here/spool
away=$TASKDIR/held/$(date -u +%F)/$b.json
back=$TASKDIR/delayed/$b.json
move() { while :; do mv "$away" "$back" && mv "$back" "$away"; done; }
spawn move
missed=
for n in $(seq 200); do td-path "$b" >/dev/null 2>&1 || missed="$missed $n"; done
is 'while it moves to and fro' "$missed" ''

finish
