#!/bin/sh
# index/ is derived: it may be deleted at any time, and another boot makes it
# worthless.
. "${0%/*}/../lib.sh"

hints() { (cd "$TASKDIR/index" && find after due unique -type f 2>/dev/null | sort); }
boot() { cat /proc/sys/kernel/random/boot_id; }

spool
a=$(td-submit -u one -- a)
b=$(td-submit -u two -a "$a" -- b)
c=$(td-submit -u 'with "quotes" and / é' --at +1h -- c)
d=$(td-submit -H -a "$a" -- d)
e=$(td-submit -- e)
before=$(hints)
like 'a hint for what waits' "$before" "*after/$a/$b*"
like 'a hint for what is delayed' "$before" "*due/*.$c*"
is 'the marker names this boot' "$(cat "$TASKDIR/index/boot")" "$(boot)"

rm -r "$TASKDIR/index"
try 'a key is held without an index' td-submit -u two -- b
is 'by the task that has it' "$out" "$b"
like 'and since when is said' "$err" "td-submit: two: held by $b since 2*"
is 'the index is as it was' "$(hints)" "$before"
is 'with its marker' "$(cat "$TASKDIR/index/boot")" "$(boot)"

rm -r "$TASKDIR/index/unique"
echo 00000000-0000-0000-0000-000000000000 >"$TASKDIR/index/boot"
try 'after another boot' td-submit -u 'with "quotes" and / é' -- c
is 'the key is held, too' "$out" "$c"
is 'all hints are there again' "$(hints)" "$before"

rm -r "$TASKDIR/index" && mkdir "$TASKDIR/index"
: >"$TASKDIR/index/boot"
try 'an empty marker is none' td-submit -u one -- a
is 'its key is held' "$out" "$a"

# An ended task holds its key until it is archived.
mkdir -p "$TASKDIR/done/2026-01-01"
mv "$TASKDIR"/ready/default/2/*/"$a.json" "$TASKDIR/done/2026-01-01/" || exit 1
day=$(date -u +%F)
mv "$TASKDIR/done/2026-01-01" "$TASKDIR/done/$day"
rm -r "$TASKDIR/index"
try 'the key of a task that is done' td-submit -u one -- a
is 'is held by it' "$out" "$a"

# Files that are no tasks do no harm.
echo '{' >"$TASKDIR/waiting/$day/0000000000000000.json"
mkfifo "$TASKDIR/waiting/$day/0000000000000001.json"
rm -r "$TASKDIR/index"
try 'rubbish between the tasks' timeout 20 td-submit -u one -- a
is 'is passed over' "$out" "$a"

# Deleted all the time while keys are asked for: an answer may have to wait.
while [ ! -e "$here/stop" ]; do
	mv "$TASKDIR/index" "$here/old" 2>/dev/null && rm -rf "$here/old" 2>/dev/null
done &
n=0
while [ "$n" -lt 40 ]; do
	n=$((n + 1))
	td-submit -q -u "key $((n % 4))" -- true 2>>"$here/words"
	case $? in 0 | 75) ;; *) echo "exit $?" ;; esac
done >"$here/ids"
: >"$here/stop"
wait
is 'every key has one id' "$(sort -u "$here/ids" | grep -c .)" 4
is 'and one task' "$(grep -rlF '"unique":"key ' "$TASKDIR/ready" | grep -c .)" 4
is 'no part of an index is left elsewhere' \
	"$(td-submit -qu one -- a; find "$TASKDIR/tmp" -name 'index*')" "$a"
[ -n "$d$e" ]
finish
