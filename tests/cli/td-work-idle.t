#!/bin/sh
# What a worker takes, when it takes it, and what it costs to wait.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool

# order: the ids in the order in which they were run.
order() { jq -r 'select(.event=="started").id' "$TASKDIR/journal/current.jsonl"; }
anew() { rm -f "$TASKDIR/journal/current.jsonl"; }

# Priority first, strictly, then place; over all queues.

conf '[claim]' 'retry_share = 1000'
a=$(td-submit -p 4 -- true)
b=$(td-submit -p 2 -Q zebra -- true)
c=$(td-submit -p 2 -- true)
d=$(td-submit -p 0 -Q ape -- true)
e=$(td-submit -p 2 -Q middle -- true)
f=$(td-submit -p 3 -- true)
g=$(td-submit -- true)
anew
try 'drained' td-work --drain
is 'the best of all queues first, then the oldest' "$(order)" "$d
$b
$c
$e
$g
$f
$a"

a=$(td-submit -Q one -- true)
b=$(td-submit -Q two -- true)
c=$(td-submit -Q three -- true)
d=$(td-submit -Q two -p 0 -- true)
anew
try 'some queues alone' td-work --drain -Q two -Q three
is 'have their tasks run' "$(order)" "$d
$b
$c"
is 'and no others' "$(state "$a")" ready
exits 'a queue with nothing in it' 75 td-work --once -Q nowhere
try 'the rest' td-work --drain
exits 'a queue is a name' 64 td-work -Q 'Not One'

id=$(td-submit -p 3 -- true)
mv "$(td-path "$id")" "$TASKDIR/ready/default/"
mkdir -p "$TASKDIR/ready/default/1" && mv "$TASKDIR/ready/default/$id.json" "$TASKDIR/ready/default/1/"
try 'a file put straight into a priority' td-work --once
is 'is run' "$(state "$id")" 'done'
id=$(td-submit -- true)
path=$(td-path "$id")
echo '{"id":' >"$path"
exits 'what cannot be read' 75 td-work --once
is 'goes to bad/' "$(cd "$TASKDIR/bad" && echo *"$id"*)" "$id.json $id.json.why"
id=$(jq -nc --arg d "$(printf '%0200d' 0)" '{command: ["true"], cwd: "/\($d)",
	reserve: [range(9000) | {path: "f\(.)"}]}' | td-submit -b)
exits 'paths that no record can hold' 75 td-work --once
like 'are no reason to die' "$(cat "$TASKDIR/bad/$id.json.why")" '*: its paths cannot be told'

# Tasks that come back have their share.
conf '[claim]' 'retry_share = 2' '[task]' 'backoff = 0s'
id=$(td-submit -R 100 -- sh -c 'exit 75')
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do td-submit -- true; done >/dev/null
anew
n=0
while [ -n "$(find "$TASKDIR/ready/default/2" -name '*.json')" ] && [ "$n" -lt 200 ]; do
	td-work --once
	n=$((n + 1))
done
is 'old ones are tried while there are fresh ones' "$(($(order | grep -c "$id") > 1))" 1
td-cancel -q "$id"
conf '[task]'

# What is no record in reserve/ keeps nobody.
touch "$TASKDIR/reserve/.hidden"
id=$(td-submit -r 'src/**' -- true)
try 'a task with paths' td-work --once
is 'is run where only a README is' "$(state "$id") $(ls "$TASKDIR/reserve")" 'done README'

# --once where all conflict; --drain where not.
mkfifo "$here/there" "$here/go"
exec 3<>"$here/there" 4<>"$here/go"
cat >"$here/task" <<TASK
#!/bin/sh
echo >"$here/there"
read -r _ <>"$here/go"
TASK
chmod +x "$here/task"
a=$(td-submit -r 'src/**' -- "$here/task")
worker --once
first=$pid
read -r _ <&3
b=$(td-submit -r src/a.c -- true)
from=$(date +%s)
exits 'what conflicts is not run' 1 td-work --once
is 'for ten seconds' "$(($(date +%s) - from >= 9 && $(date +%s) - from < 20))" 1
c=$(td-submit -r doc -- true)
try 'what does not is' td-work --once
is 'although it came later' "$(state "$b") $(state "$c")" 'ready done'
worker --drain
echo >&4
wait "$pid"
is 'a drain waits for the paths' "$? $(state "$a") $(state "$b")" '0 done done'
wait "$first"

# --drain.

try 'a drain of nothing' td-work --drain
a=$(td-submit -H -- true)
b=$(td-submit -a "$a" -- true)
d=$(td-submit --at +1h -- true)
c=$(td-submit -a "$d" -- true)
try 'tasks that nobody can free' timeout 20 td-work --drain
is 'do not keep it' "$(state "$a") $(state "$b") $(state "$c") $(state "$d")" \
	'held waiting waiting delayed'
td-cancel "$d"
d=$(td-submit --at +1s -- true)
b=$(td-submit -a "$d" -- true)
try 'all of them' timeout 30 td-work --drain=all
is 'waits for those that are delayed' "$(state "$d") $(state "$b")" 'done done'
a=$(td-submit -- "$here/task")
b=$(td-submit -a "$a" -- true)
worker --once
first=$pid
read -r _ <&3
worker --drain
echo >&4
wait "$pid"
is 'what another runs is waited for' "$? $(state "$a") $(state "$b")" '0 done done'
wait "$first"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	td-submit -- sh -c "echo $i >>'$here/list'"
done >/dev/null
try 'several at once' td-work --drain -n 3
is 'run every task once' "$(sort -n "$here/list" | tr '\n' ' ')" \
	'1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 '
try 'also where the end of children is ignored' \
	timeout 20 env --ignore-signal=CHLD td-work --drain -n 2

# Names.

worker --name me
first=$pid
until_true 10 test -s "$TASKDIR/running/me/lock"
is 'a slot says whose it is' "$(cat "$TASKDIR/running/me/lock")" "$first"
exits 'a name is for one' 75 td-work --name me --once
is 'and it is said' "$err" 'td-work: me: another worker has it'
exits 'in a crew, too' 75 td-work --name me-1 --once -d "$TASKDIR" -n 1 --name me
kill "$first"
wait "$first"
exits 'afterwards it is free' 75 td-work --name me --once

# Settings.

conf '[run]' 'grace = soon'
exits 'a setting that is none' 78 td-work --once
like 'is shown by file and line' "$err" "td-work: $TASKDIR/etc/taskdir.conf:2: *"
conf '[run]' '' 'grcae = 1s'
exits 'an unknown one' 78 td-work --once
like 'as well' "$err" "td-work: $TASKDIR/etc/taskdir.conf:3: *grcae*"
rm "$TASKDIR/etc/taskdir.conf"

# The journal of a life.

anew
id=$(td-submit --backoff 0s -- sh -c 'exit $((2 - TD_ATTEMPT))' 2>/dev/null)
td-work --drain
is 'a life in the journal' "$(jq -r 'select(.id=="'"$id"'")|
	"\(.event) \(.attempt//"-") \(.outcome//"-") \(.state)"' \
	"$TASKDIR/journal/current.jsonl")" 'submitted - - ready
started 1 - running
ended 1 failed ready
started 2 - running
ended 2 done done'
is 'every line is JSON' "$(jq -e .at "$TASKDIR/journal/current.jsonl" >/dev/null; echo "$?")" 0

# An idle worker, beside one that holds the paths of the only ready task.

a=$(td-submit -r 'src/**' -- "$here/task")
worker --once
holder=$pid
read -r _ <&3
b=$(td-submit -r src/a.c -- true)
worker --name idler
until_true 10 test -s "$TASKDIR/running/idler/lock"
id=$(td-submit -- true)
reaches "$id" 'done'
# Until it has nothing left to do after that.
sleep 0.5
cpu() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
before=$(cpu)
switches=$(grep ctxt "/proc/$pid/status")
sleep 2
is 'idle it uses no time' "$(cpu)" "$before"
is 'it is not even woken' "$(grep ctxt "/proc/$pid/status")" "$switches"
rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
echo "# $rss KiB resident"
case $(file -L "$BUILD/td-work" 2>/dev/null; nm "$BUILD/td-work" 2>/dev/null) in
*__asan_init*) skip 'the sanitizer takes memory' ;;
*) is 'and less than 4 MB' "$((rss < 4096))" 1 ;;
esac

echo >&4
reaches "$b" 'done'
is 'it takes up what was held up' "$(state "$a") $(state "$b")" 'done done'
wait "$holder"

# It starts a task at once, and a delayed one when it is due.

# The id says when it was submitted: 11 digits of 5 bits, microseconds since
# 2020.
latency() {
	sed 1d "$TASKDIR"/log/*/"$1.1.log" | awk -v id="$1" '
	{
		digits = "0123456789abcdefghjkmnpqrstvwxyz"
		for (i = 1; i <= 11; i++)
			at = at * 32 + index(digits, substr(id, i, 1)) - 1
		printf "%d\n", $1 / 1000 - 1577836800000000 - at
	}'
}
ids=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
	id=$(td-submit -- date +%s%N)
	td-wait "$id"
	ids="$ids $id"
done
for id in $ids; do latency "$id"; done | sort -n >"$here/spans"
median=$(sed -n 13p "$here/spans")
echo "# median $median us, $(tail -n 1 "$here/spans") us at most"
is 'a task is started at once' "$((median < 500000))" 1

at=$(date -u -d '+1 second' +%FT%T.%6NZ)
id=$(td-submit --at "$at" -- date -u +%FT%T.%6NZ)
is 'a delayed one' "$(state "$id")" delayed
reaches "$id" 'done'
ran=$(printed "$id")
is 'is run not before it is due' "$(printf '%s\n' "$at" "$ran" | sort | head -n 1)" "$at"
echo "# due $at, ran $ran"
is 'and soon after, without any tick' "$(($(date -d "$ran" +%s%N) - \
	$(date -d "$at" +%s%N) < 1000000000))" 1
id=$(td-submit --backoff 0.3s -R 2 -- false)
reaches "$id" failed
is 'so is another attempt' "$(ends "$id")" '1 failed delayed, 1 failed failed'
a=$(td-submit -a "$id:failed" -Q fresh -- true)
reaches "$a" 'done'
is 'and what is new in every way' "$(state "$a")" 'done'
printf '{"command":["true"]}' >"$here/drop"
mv "$here/drop" "$TASKDIR/new/a.json"
until_true 10 test ! -e "$TASKDIR/new/a.json"
is 'a drop is taken in' "$(ls "$TASKDIR/new")" README
kill "$pid"
wait "$pid"

# Where no folder can be watched it looks for itself.
if unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_inotify_watches' 2>/dev/null; then
	spawn unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_inotify_watches
		exec td-work --name blind'
	until_true 10 test -s "$TASKDIR/running/blind/lock"
	sleep 0.5
	from=$(date +%s)
	id=$(td-submit -- true)
	reaches "$id" 'done'
	is 'without watches it finds a task' "$(($(date +%s) - from < 20))" 1
	kill "$pid"
	wait "$pid"
else
	skip 'no user namespace: an idle worker without watches'
fi

finish
