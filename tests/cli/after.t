#!/bin/sh
# A dependent finds what its blockers left.
. "${0%/*}/../lib.sh"
spool

# shellcheck disable=SC2016
a=$(td-submit -R 2 --backoff 0s -t first -- sh -c 'echo "{\"n\": $TD_ATTEMPT, \"s\": [1.5]}" >"$TD_RESULT"; test "$TD_ATTEMPT" = 2')
b=$(td-submit -R 1 -- sh -c 'echo out; exit 3')
c=$(td-submit -H -- true)
# shellcheck disable=SC2016
d=$(td-submit -a "$b:failed" -a "$a" -a "$c:ended" -R 2 --backoff 0s -- \
	sh -c 'echo "$TD_AFTER" >name; cat "$TD_AFTER" >after; test $TD_ATTEMPT = 2')
td-cancel "$c"
td-work --drain --name w1 >/dev/null 2>&1
is 'it ran' "$(state "$d")" 'done'
is 'a line for each blocker, in its order' "$(jq -r .id after)" "$b
$a
$c"
is 'with state and title' "$(jq -c '[.state, .title]' after)" '["failed","sh -c echo out; exit 3"]
["done","first"]
["cancelled","true"]'
is 'the result of the last run' "$(jq -c .result after)" 'null
{"n":2,"s":[1.5]}
null'
is 'and its log' "$(jq -r 'select(.id == "'"$b"'").log' after | xargs tail -n 1)" out
is 'of the last attempt' "$(jq -r 'select(.id == "'"$a"'").log' after)" "$(ls "$TASKDIR"/log/*/"$a.2.log")"
is 'if it had any' "$(jq -r 'select(.id == "'"$c"'").log' after)" null
is 'the file is in the slot' "$(cat name)" "$TASKDIR/running/w1/$d.2.after"
is 'and gone with the attempt' "$(ls "$TASKDIR/running/w1")" lock

# shellcheck disable=SC2016
td-submit -R 1 -- sh -c 'echo "${TD_AFTER-none}" >name' >/dev/null
td-work --drain >/dev/null 2>&1
is 'who waited for nobody has none' "$(cat name)" none

e=$(td-submit -- true)
# shellcheck disable=SC2016
td-submit -a "$e" -- true >/dev/null
td-work --once >/dev/null 2>&1
# shellcheck disable=SC2016
td-claim sh -c 'jq -r .id "$TD_AFTER"' >claimed
is 'td-claim tells, too' "$(cat claimed)" "$e"
finish
