#!/bin/sh
# One task, claimed by hand.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool

exits 'no program' 64 td-claim
exits 'nothing to do' 75 td-claim true
is 'is no news' "$out$err" ''

id=$(td-submit -- echo 'by itself')
MINE=yes
export MINE
cat >"$here/prog" <<'PROG'
#!/bin/sh
echo "$TD_ID $TD_ATTEMPT $MINE $PWD <$*>"
cat
echo 'words' >&2
PROG
chmod +x "$here/prog"
echo 'some input' | td-claim "$here/prog" -x 'a b' >"$here/out" 2>"$here/err"
is 'the program is run with all that is ours' "$? $(cat "$here/out") $(cat "$here/err")" \
	"0 $id 1 yes $here <-x a b>
some input words"
is 'the task is done' "$(state "$id") $(ends "$id")" 'done 0 done done'
like 'its log has but the line that runs it' \
	"$(cat "$TASKDIR"/log/*/"$id.1.log")" "*echo 'by itself'"

# shellcheck disable=SC2016
id=$(td-submit --backoff 0s -- true)
exits 'a program that fails' 1 td-claim sh -c 'exit 3'
is 'is an attempt that failed' "$(state "$id") $(ends "$id")" 'ready 3 failed ready'
try 'its word counts more' td-claim sh -c 'td-finish; exit 3'
is 'here, too' "$(state "$id") $(ends "$id")" 'done 3 failed ready, 0 done done'
id=$(td-submit -- true)
exits 'a program that is not there' 1 env PATH="$BUILD:/usr/bin:/bin" \
	td-claim no-such-program
is 'is none of any use' "$(ends "$id")" '127 failed failed'
like 'and named' "$err" 'no-such-program: not found in PATH'

# It is held while the program runs.
mkfifo "$here/there" "$here/go"
exec 3<>"$here/there" 4<>"$here/go"
id=$(td-submit -r 'x/**' -- true)
other=$(td-submit -r 'x/y' -- true)
spawn td-claim --name me sh -c "echo >'$here/there'; read -r _ <>'$here/go'"
read -r _ <&3
is 'it runs in the slot of that name' "$(td-path "$id")" "$TASKDIR/running/me/$id.json"
exits 'which nobody else can have' 75 td-claim --name me true
exits 'nor its paths' 1 timeout 30 td-claim true
is 'the other waits' "$(state "$other")" ready
echo >&4
wait "$pid"
is 'until it ends' "$? $(state "$id")" '0 done'
try 'then they are free' td-claim true
is 'for the other' "$(state "$other")" 'done'

a=$(td-submit -Q one -- true)
b=$(td-submit -Q two -- true)
try 'from a queue' td-claim -Q two true
is 'and no other' "$(state "$a") $(state "$b")" 'ready done'
exits 'a queue is a name' 64 td-claim -Q 'Not One' true
try 'any queue' td-claim true

id=$(td-submit -- true)
spawn td-claim sh -c "echo >'$here/there'; exec sleep 1000"
read -r _ <&3
try 'it can be cancelled' td-cancel "$id"
wait "$pid"
is 'and is told so' "$? $(state "$id")" '1 cancelled'

# A worker in the shell: the program that claims runs what was asked for.
# shellcheck disable=SC2016
cat >"$here/runner" <<'RUNNER'
#!/bin/sh
jq -r '.command|@sh' "$TD_TASK" >"$TD_RESULT.sh" && sh "$TD_RESULT.sh"
status=$?
rm "$TD_RESULT.sh"
exit "$status"
RUNNER
chmod +x "$here/runner"
td-submit -- echo 'one & only' >/dev/null
try 'a runner of one'\''s own' td-claim "$here/runner"
is 'runs the task' "$out" 'one & only'

finish
