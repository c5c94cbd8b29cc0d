#!/bin/sh
# An attempt's own word on how it is to be judged.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool

# said SCRIPT: a task that runs it, once.
said() { runs -R 1 -- sh -c "$1"; }
result() { shown "$id" '.runs[-1].result|tojson'; }
why() { shown "$id" '.runs[-1].why'; }

said 'td-finish; exit 3'
is 'done by its word, whatever its status' "$status $(ends "$id")" '0 0 done done'
said 'td-finish --exit 3; exit 0'
is 'failed by its word' "$status $(ends "$id")" '1 3 failed failed'
# shellcheck disable=SC2016
said 'td-finish; kill -KILL $$'
is 'nor does a signal count' "$status $(ends "$id")" '0 0 done done'
runs --backoff 1h -- sh -c 'td-finish --exit 75'
is 'later by its word' "$(ends "$id")" '75 tempfail delayed'
# shellcheck disable=SC2016
said 'td-finish; cat "$TD_TASK" >/dev/null && echo still here'
is 'it goes on until its processes are gone' "$(printed "$id")" 'still here'
said 'td-finish --exit 4; td-finish; echo $?'
is 'the first word counts' "$(ends "$id")" '4 failed failed'
like 'the second is told so' "$(printed "$id")" "td-finish: attempt 1 of $id has finished before
1"

# Its result.

cat >"$here/result" <<'JSON'
{
  "text": "a\nb",
  "list": [
    1, 2.5,
    null
  ]
}
JSON
said "td-finish --result '$here/result'"
is 'a result' "$(result)" '{"text":"a\nb","list":[1,2.5,null]}'
said "td-finish --exit 5 --result - <'$here/result'"
is 'comes from standard input, too, and from what has failed' \
	"$(ends "$id") $(shown "$id" '.runs[0].result.list[1]')" '5 failed failed 2.5'
said "echo '{\"a\":' | td-finish --result -; echo \$?"
like 'what is no JSON is refused' "$(printed "$id")" 'td-finish: -: *
65'
is 'and nothing said' "$(ends "$id") $(result)" '0 done done null'
said "printf '\"%70000s\"' x | td-finish --result - || echo \$?"
like 'what is too long as well' "$(printed "$id")" 'td-finish: -: it is over 64 KiB
65'
said 'td-finish --result nowhere || echo $?'
like 'and what is not there' "$(printed "$id")" 'td-finish: nowhere: *
66'

# By the file alone.

# shellcheck disable=SC2016
said 'cat "$0" >"$TD_RESULT"; exit 9' 2>/dev/null
# shellcheck disable=SC2016
runs -R 1 -- sh -c 'cat "$1" >"$TD_RESULT"; exit 9' sh "$here/result"
is 'the file named by TD_RESULT is the result' "$(ends "$id") $(result)" \
	'9 failed failed {"text":"a\nb","list":[1,2.5,null]}'
is 'the task is one line an entry all the same' \
	"$(sed -n '/"history":\[/,$p' "$(td-path "$id")" | jq -c -R 'length > 1' | tail -n 2 | head -n 1)" true
# shellcheck disable=SC2016
said 'echo oops >"$TD_RESULT"'
is 'what is no JSON does no harm' "$(ends "$id") $(result)" '0 done done null'
is 'but it is said' "$(why)" 'its result is not JSON'
# shellcheck disable=SC2016
said 'printf "\"%65534s\"" x >"$TD_RESULT"'
is '64 KiB are kept' "$(shown "$id" '.runs[0].result|length') $(why)" '65534 null'
# shellcheck disable=SC2016
said 'printf "\"%65535s\"" x >"$TD_RESULT"'
is 'more is not' "$(ends "$id") $(result) $(why)" \
	'0 done done null its result is over 64 KiB'
# shellcheck disable=SC2016
said ': >"$TD_RESULT"'
is 'an empty file is none' "$(ends "$id") $(result)" '0 done done null'
# shellcheck disable=SC2016
said 'echo 1 >"$TD_RESULT"; echo 2 | td-finish --result -'
is 'the word wins over the file' "$(result)" 2
# shellcheck disable=SC2016
said 'mkdir "$TD_RESULT"'
is 'a folder in its place does no harm' "$(ends "$id")" '0 done done'
rm -rf "$TASKDIR"/running/w1/*.result
# shellcheck disable=SC2016
said 'mkfifo "$TD_RESULT"'
is 'nor does a fifo' "$(ends "$id")" '0 done done'
# shellcheck disable=SC2016
said 'ln -s /etc/passwd "$TD_RESULT"'
is 'nor a link' "$(ends "$id") $(result)" '0 done done null'
is 'nothing of it all stays in the slot' "$(ls "$TASKDIR/running/w1")" lock
# shellcheck disable=SC2016
id=$(td-submit -T 1s -R 1 -- sh -c 'echo "[1]" >"$TD_RESULT"; exec sleep 1000')
td-work --once
is 'the result of what was late is kept' "$(ends "$id") $(result)" \
	'15 timeout failed [1]'

# Who may say it.

exits 'outside of a task' 64 td-finish
like 'it is refused' "$err" 'td-finish: TD_ID is not set*'
exits 'no operand is taken' 64 td-finish well
exits 'nor another exit status' 64 td-finish --exit 256
is 'of a program' "$(td-finish --exit -1 2>&1 | head -n 1)" \
	'td-finish: --exit: -1 is not 0 to 255'
# shellcheck disable=SC2016
said 'env | grep ^TD_ >"$0"' 2>/dev/null
runs -- sh -c "env | grep '^TD_' >'$here/variables'"
# shellcheck disable=SC2046
exits 'after its end' 77 env $(cat "$here/variables") td-finish
like 'it is too late' "$err" "td-finish: attempt 1 of $id does not run any more"
mkfifo "$here/go" "$here/there"
exec 3<>"$here/go" 4<>"$here/there"
id=$(td-submit -- sh -c "env | grep '^TD_' >'$here/variables'; echo >'$here/there'
	read -r _ <>'$here/go'; exit 2")
worker --once
read -r _ <&4
# shellcheck disable=SC2046
exits 'another key' 77 env $(cat "$here/variables") TD_KEY=aaaaaaaaaaaaaaaaaaaaaaaaaa td-finish
# shellcheck disable=SC2046
exits 'is not that of the attempt' 77 env $(cat "$here/variables") TD_ATTEMPT=2 td-finish
# shellcheck disable=SC2046
exits 'nor is an unknown task one' 66 env $(cat "$here/variables") TD_ID=0123456789abcdef td-finish
# shellcheck disable=SC2046
try 'whoever has its variables may speak' env $(cat "$here/variables") td-finish
echo >&3
wait "$pid"
is 'for it' "$(ends "$id")" '0 done done'

finish
