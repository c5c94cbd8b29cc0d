#!/bin/sh
# Workers come and go while there is work; each task is run once.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool
lines() { wc -l <"$here/ran" 2>/dev/null || echo 0; }
reached() { [ "$(lines)" -ge "$1" ]; }

# Each line is one run: O_APPEND keeps them whole.
i=0
while [ "$i" -lt 200 ]; do
	i=$((i + 1))
	echo "$i"
done >"$here/numbers"
td-submit -q -x -- sh -c "echo {} >>'$here/ran'; sleep 0.01" <"$here/numbers" >"$here/ids"
is 'two hundred tasks' "$(wc -l <"$here/ids")" 200

worker
first=$pid
until_true 60 reached 10
worker -n 4
crew=$pid
until_true 60 reached 50
kill "$first"
wait "$first"
is 'one goes when it has ended what it was at' "$?" 0
worker -n 2 --name late
late=$pid
until_true 60 reached 100
kill "$crew"
wait "$crew"
is 'a crew goes' "$?" 0
try 'the others do the rest' timeout 100 td-work --drain -n 3
kill "$late"
wait "$late"
is 'each is run once' "$(sort -n "$here/ran")" "$(cat "$here/numbers")"
is 'all are done' "$(td-ls -a -s 'done' | wc -l)" 200
is 'none twice' "$(jq -r 'select(.event=="started").id' "$TASKDIR/journal/current.jsonl" |
	sort | uniq -d)" ''
is 'several workers had a part in it' \
	"$(($(jq -r 'select(.event=="started").worker' "$TASKDIR/journal/current.jsonl" |
		sort -u | wc -l) >= 6))" 1
is 'nothing is left in any slot' \
	"$(cd "$TASKDIR/running" && find . -type f ! -name lock ! -name README)" ''

# Two queues, each with workers of its own.
for i in 1 2 3 4 5 6 7 8; do
	td-submit -q -Q fast -- true
	td-submit -q -Q slow -- sleep 0.05
done >/dev/null
spawn td-work --drain -Q fast -n 2 --name fast
fast=$pid
spawn td-work --drain -Q slow -n 2 --name slow
wait "$fast"
wait "$pid"
is 'each has its own' "$(jq -r 'select(.event=="started" and .queue!="default")|
	"\(.queue) \(.worker[:4])"' "$TASKDIR/journal/current.jsonl" | sort | uniq -c | xargs)" \
	'8 fast fast 8 slow slow'
is 'each slot by its number' "$(cd "$TASKDIR/running" && echo fast* slow*)" \
	'fast-1 fast-2 slow-1 slow-2'

# A slot that was left for good is taken away some day.
touch -d '3 days ago' "$TASKDIR/running/fast-1" "$TASKDIR/running/fast-1/lock"
touch -d '3 days ago' "$TASKDIR/running/fast-1"
td-tick
is 'a slot that nobody used for days goes' "$(cd "$TASKDIR/running" && echo fast*)" fast-2
finish
