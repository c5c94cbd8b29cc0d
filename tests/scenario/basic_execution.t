#!/bin/sh
# An afternoon: a few people submit, a few workers run, somebody looks.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool
mkdir "$here/project"
cd "$here/project" || exit 1

# A build, its tests after it, and what is to happen in either case.
build=$(td-submit -t build -- sh -c 'echo object >a.o')
check=$(td-submit -t check -a "$build" -- grep object a.o)
lint=$(td-submit -t lint -a "$build" -R 1 -- false)
mail=$(td-submit -t mail -a "$lint:failed" -- touch mailed)
never=$(td-submit -t never -a "$lint" -- touch never)
clean=$(td-submit -t clean -a "$check:ended" -a "$lint:ended" -- rm a.o)
is 'what waits, waits' "$(td-ls -s waiting | wc -l)" 5
worker -n 2
crew=$pid
try 'all of it comes to an end' timeout 60 td-wait "$build" "$check" "$mail" "$clean"
reaches "$never" cancelled
is 'each as it must' "$(for id in $build $check $lint $mail $never $clean; do
	state "$id"; done | tr '\n' ' ')" 'done done failed done cancelled done '
is 'in its order' "$(ls)" mailed
is 'what waited got the word' "$(shown "$never" '.events[-1].why')" "$lint is failed"
exits 'waiting for a failure fails' 1 td-wait "$lint"
exits 'for what was never run as well' 125 td-wait "$never"
try 'the log of one' td-log "$check"
like 'has what it printed' "$out" '*
object'

# A batch of many, whose results are put together by the last.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	ids="${ids:-} -a $(td-submit -l part -- sh -c "echo $((i * i)) >part.$i")"
done
# shellcheck disable=SC2086
sum=$(td-submit $ids -- sh -c 'cat part.* | paste -sd+ | bc >"$TD_RESULT" 2>/dev/null ||
	cat part.* | awk "{ s += \$1 } END { print s }" >"$TD_RESULT"')
try 'a batch' timeout 60 td-wait "$sum"
is 'and the sum of its parts' "$(shown "$sum" '.runs[0].result')" 650

# A retry that helps; a task that gives up its place; one that is too slow.
flaky=$(td-submit --backoff 0.1s -- sh -c '[ "$TD_ATTEMPT" = 3 ]')
slow=$(td-submit -R 1 -T 0.2s -- sleep 1000)
late=$(td-submit --at "$(date -u -d '+1 second' +%FT%T.%6NZ)" -- true)
urgent=$(td-submit -p 0 -- true)
for id in $flaky $slow $late $urgent; do timeout 60 td-wait "$id"; echo "$?"; done >"$here/ends"
is 'each ends in its way' "$(tr '\n' ' ' <"$here/ends")" '0 124 0 0 '
is 'the third time did it' "$(ends "$flaky")" \
	'1 failed delayed, 1 failed delayed, 0 done done'

# The whole crew goes home.
kill "$crew"
wait "$crew"
is 'the crew ends well' "$?" 0
is 'and leaves nothing behind' "$(td-ls -s ready,running,waiting,delayed)" ''
is 'in its slots' "$(cd "$TASKDIR/running" && find . -type f ! -name lock ! -name README)" ''
is 'nor in tmp/' "$(ls "$TASKDIR/tmp")" README
is 'nor in bad/' "$(ls "$TASKDIR/bad")" README
is 'the journal knows of every start an end' \
	"$(jq -r .event "$TASKDIR/journal/current.jsonl" | grep -c started)" \
	"$(jq -r .event "$TASKDIR/journal/current.jsonl" | grep -c ended)"
finish
