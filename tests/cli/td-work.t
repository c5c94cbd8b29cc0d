#!/bin/sh
# The worker: how an attempt is started, and how it is judged.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool

exits 'nothing to do' 75 td-work --once
is 'is no news' "$out$err" ''
exits 'no operand is taken' 64 td-work this
exits 'nor a name that is none' 64 td-work --name 'Big One'
exits 'nor another word than all' 64 td-work --drain=some
exits 'nor no workers' 64 td-work -n 0
exits 'there must be a spool' 66 td-work -d "$here/nowhere" --once

# How it is started.

runs -- true
is 'a task is run' "$status $(state "$id")" '0 done'
is 'and its end recorded' "$(ends "$id")" '0 done done'
is 'by whom' "$(shown "$id" '.runs[0]|"\(.worker) \(.n) \(.host)"')" \
	"w1 1 $(uname -n)"
is 'nothing of it is left in the slot' "$(ls "$TASKDIR/running/w1")" lock

runs -- printf '<%s>\n' 'a  b' '' "it's" '"' "\$HOME" '*' 'a
b' \\ '~' '-n' 'ü'
is 'words come to it as they were given, through no shell' \
	"$(printed "$id")" "$(printf '<%s>\n' 'a  b' '' "it's" '"' "\$HOME" '*' 'a
b' \\ '~' '-n' 'ü')"

runs -- sh -c 'echo out; echo err >&2; echo out'
is 'what it prints goes to its log, in order' "$(printed "$id")" 'out
err
out'
is 'which is its own' "$(stat -c %a "$TASKDIR"/log/*/"$id.1.log")" 600
is 'and named in its run' "$(shown "$id" '.runs[0].log')" \
	"$(cd "$TASKDIR" && echo log/*/"$id.1.log")"

# shellcheck disable=SC2016
runs -- sh -c 'ps -o pid=,sid=,pgid=,tty= -p $$'
# shellcheck disable=SC2046
set -- $(printed "$id")
is 'it has a session of its own, without a terminal' \
	"$(($1 == $2 && $1 == $3)) $4" '1 ?'

cat >"$here/odd" <<'ODD'
#!/bin/sh
printf '<%s>\n' "$@" "$ODD" "${OTHER-none}"
pwd
umask
env | sed 's/=.*//' | grep -vE '^(TD_|TASKDIR$|PWD$|_$|SHLVL$)' | sort
ODD
chmod +x "$here/odd"
mkdir "$here/a folder's
name"
odd="it's \"odd\" \$(touch $here/canary) \`x\`
 ; & | > < \\ * ? [a] ~ # ! {} = é	tab	"
(umask 027 && td-submit -C "$here/a folder's
name" -e "ODD=$odd" -- "$here/odd" "$odd" '' -x 'a=b' '
' >"$here/id")
id=$(cat "$here/id")
td-work --once
is 'odd words' "$(state "$id")" 'done'
log=$(echo "$TASKDIR"/log/*/"$id.1.log")
head -n 1 "$log" >"$here/again"
OTHER=x sh "$here/again" >"$here/second" 2>&1
printed "$id" >"$here/first"
is 'the first line of a log runs the task again' \
	"$(cmp "$here/first" "$here/second" 2>&1)" ''
mkdir "$here/a=b" && ln -s /bin/pwd "$here/a=b/c"
runs -- "$here/a=b/c"
is 'also when its program looks like a variable' \
	"$(head -n 1 "$TASKDIR"/log/*/"$id.1.log" | sh)" "$(printed "$id")"
is 'the words did nothing' "$(ls "$here/canary" 2>&1)" \
	"ls: cannot access '$here/canary': No such file or directory"

# The environment: what the manual lists, and nothing else.
cat >"$here/wanted" <<WANTED
HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
LANG=C.UTF-8
LC_ALL=C.UTF-8
LOGNAME=$(id -un)
MINE=a b
PATH=$PATH
SHELL=$(getent passwd "$(id -u)" | cut -d: -f7)
TASKDIR=$TASKDIR
TD_ATTEMPT
TD_ID
TD_KEY
TD_LOG
TD_RESULT
TD_TASK
TZ=UTC
USER=$(id -un)
WANTED
id=$(LANG=C.UTF-8 FOO=bar TD_FOO=x LD_FOO=y td-submit -e 'MINE=a b' -- env)
FOO=baz TD_ID=no MINE=no LANG=C td-work --once
printed "$id" | grep -v '^TD_CONTEXT=' | sed 's/^\(TD_[A-Z]*\)=.*/\1/' |
	sort >"$here/got"
is 'its environment is what the manual says' \
	"$(diff "$here/wanted" "$here/got")" ''
value() { printed "$id" | sed -n "s/^$1=//p"; }
is 'TD_ID' "$(value TD_ID)" "$id"
is 'TD_ATTEMPT' "$(value TD_ATTEMPT)" 1
is 'TD_TASK' "$(value TD_TASK)" "$TASKDIR/running/w1/$id.json"
is 'TD_LOG' "$(value TD_LOG)" "$(echo "$TASKDIR"/log/*/"$id.1.log")"
like 'TD_KEY' "$(value TD_KEY)" '??????????????????????????'

# shellcheck disable=SC2016
runs -- sh -c 'cat "$TD_TASK" && test -f "$TD_LOG" && [ ! -e "$TD_RESULT" ]'
like 'these are paths that lead there' "$status $(printed "$id")" "0 *\"id\":\"$id\"*"

# Descriptors: 0, 1, 2, the attempt's lock, and its paths' when it has some.
# shellcheck disable=SC2016
show='for fd in /proc/$$/fd/*; do readlink "$fd"; done; :'
exec 7<"$here/odd" 8>"$here/open"
runs -- sh -c "$show"
log=$(echo "$TASKDIR"/log/*/"$id.1.log")
is 'it inherits its log and its lock, no more' "$(printed "$id" | sort)" \
	"$(printf '%s\n' /dev/null "$log" "$log" \
		"$TASKDIR/running/w1/$id.1.lock" | sort)"
runs -r 'a/**' -- sh -c "$show"
is 'and the hold on its paths' "$(printed "$id" | grep -v "\.log$" | sort)" \
	"$(printf '%s\n' /dev/null "$TASKDIR/reserve/$id.1" \
		"$TASKDIR/running/w1/$id.1.lock" | sort)"
exec 7<&- 8>&-

# Signals: none is blocked or ignored, whatever the worker was started with,
# but for 32 and 33, which belong to the C library.
id=$(td-submit -- grep '^Sig[BI]' /proc/self/status)
(trap '' PIPE USR1 HUP QUIT && exec td-work --once)
is 'no signal is ignored or blocked' "$(printed "$id" | sed 's/.*:.//; s/180000000$/000000000/' | sort -u)" \
	0000000000000000

# Where it is run.
mkdir "$here/place" "$here/gone"
id=$(cd "$here/place" && umask 031 && td-submit -- sh -c 'pwd -P; umask')
td-work --once
is 'cwd and umask are those of the submit' "$(printed "$id")" "$here/place
0031"
id=$(td-submit -C "$here/gone" -- touch "$here/ran")
rmdir "$here/gone"
exits 'a folder that is gone' 1 td-work --once
is 'is a failure and not tried again' "$(state "$id") $(ends "$id")" \
	'failed - not-run failed'
like 'and it is said why' "$(shown "$id" '.runs[0].why')" \
	"cwd $here/gone: No such file or directory"
like 'in the log, too' "$(printed "$id")" "cwd $here/gone*"
is 'nothing was run' "$(ls "$here/ran" 2>/dev/null)" ''

# Standard input.
id=$(echo no | td-submit -- cat)
echo no | td-work --once
is 'standard input is empty' "$(state "$id") $(printed "$id")" 'done '
echo 'some words' >"$here/words"
runs -i "$here/words" -- cat
is 'or a file' "$(printed "$id")" 'some words'
id=$(td-submit -i words -- cat)
rm "$here/words"
exits 'that is gone' 1 td-work --once
like 'is a failure' "$(state "$id") $(shown "$id" '.runs[0].why')" \
	"failed stdin $here/words: No such file*"
mkfifo "$here/fifo"
id=$(td-submit -i fifo -- cat)
exits 'a fifo without a writer keeps nobody waiting' 0 timeout 10 td-work --once
if id=$(printf 'kept\0\n\377' | td-submit -i - -- od -An -c 2>"$here/.err"); then
	td-work --once
	is 'or what was kept of it at the submit' "$(printed "$id")" \
		"$(printf 'kept\0\n\377' | od -An -c)"
	is 'which is gone when it has ended well' \
		"$(ls "$TASKDIR/work/$id" 2>/dev/null)" ''
	conf '[task]' 'workdir = keep'
	id=$(printf 'kept\0\n\377' | td-submit -i - -- od -An -c)
	td-work --once
	rm "$TASKDIR/etc/taskdir.conf"
	(head -n 1 "$TASKDIR"/log/*/"$id.1.log" | sh) >"$here/second"
	is 'unless it is to be kept' "$(cat "$here/second")" "$(printed "$id")"
else
	skip "td-submit: $(cat "$here/.err")"
fi

# What cannot be started.
runs -e PATH=/usr/bin:/bin -- no-such-program-here
is 'a program that is not there' "$status $(state "$id") $(ends "$id")" \
	'1 failed 127 failed failed'
is 'is named in the log' "$(printed "$id")" \
	'no-such-program-here: not found in PATH'
runs -- "$here/words-gone"
is 'one by its path' "$(ends "$id")" '127 failed failed'
: >"$here/plain"
runs -- "$here/plain"
is 'one that is not executable' "$(ends "$id")" '126 failed failed'
like 'says so' "$(printed "$id")" "$here/plain: Permission denied"
runs -- "$here"
is 'nor is a folder' "$(ends "$id")" '126 failed failed'

# How it is judged.

# judged STATUS ENDS: a task with that exit status.
judged() {
	runs --backoff 1h -- sh -c "exit $1"
	is "exit status $1" "$status $(ends "$id")" "$2"
}
judged 0 '0 0 done done'
judged 1 '1 1 failed delayed'
judged 63 '1 63 failed delayed'
judged 64 '1 64 failed failed'
judged 65 '1 65 failed failed'
judged 66 '1 66 failed failed'
judged 67 '1 67 failed delayed'
judged 75 '1 75 tempfail delayed'
judged 77 '1 77 failed failed'
judged 78 '1 78 failed failed'
judged 126 '1 126 failed failed'
judged 127 '1 127 failed failed'
judged 255 '1 255 failed delayed'
# shellcheck disable=SC2016
runs --backoff 1h -- sh -c 'kill -SEGV $$'
is 'a signal' "$status $(ends "$id")" '1 11 signal delayed'
is 'which is no exit status' "$(shown "$id" '.runs[0]|has("exit")')" false
rm -f "$TASKDIR"/delayed/*/*.json

id=$(td-submit -R 3 --backoff 0s -- false)
td-work --drain
is 'attempts are used up' "$(state "$id") $(ends "$id")" \
	'failed 1 failed ready, 1 failed ready, 1 failed failed'
is 'and it is said' "$(shown "$id" '.runs[2].why')" 'no attempts are left'
is 'each has its log' "$(cd "$TASKDIR"/log/* && echo "$id".*)" \
	"$id.1.log $id.2.log $id.3.log"
id=$(td-submit -R 1 -- false)
td-work --drain
is 'one attempt is never another' "$(state "$id") $(ends "$id")" \
	'failed 1 failed failed'

id=$(td-submit -R 1 --backoff 0s -- sh -c 'exit 75')
td-work --drain
is 'a task may ask 20 times for later' \
	"$(state "$id") $(shown "$id" '.runs|length')" 'failed 20'
like 'not for ever' "$(shown "$id" '.runs[19].why')" '*20 times*'
# shellcheck disable=SC2016
id=$(td-submit -R 2 --backoff 0s -- \
	sh -c 'case $TD_ATTEMPT in [1-5]) exit 75 ;; *) exit 1 ;; esac')
td-work --drain
is 'which counts as no attempt' "$(shown "$id" '[.runs[].exit]|join(" ")')" \
	'75 75 75 75 75 1 1'

# Backoff: not before the span, and at most a quarter of it later.
bad=
for _ in 1 2 3 4 5 6 7 8; do
	runs --backoff 1h -- false
	set -- "$(shown "$id" '[.runs[0]|.ended,.not_before]|
		map(.[:19]+"Z"|fromdate)|.[1]-.[0]')"
	[ "$1" -ge 3599 ] && [ "$1" -le 4501 ] || bad="$bad $1"
	echo "$1" >>"$here/spans"
done
is 'a task comes back after its backoff and up to a quarter more' "$bad" ''
is 'not all at once' "$(($(sort -u "$here/spans" | wc -l) > 1))" 1
is 'until then it is delayed' "$(state "$id")" delayed
rm -f "$TASKDIR"/delayed/*/*.json
id=$(td-submit --backoff '1h 2h' -R 4 -- false)
td-work --once
path=$(td-path "$id") && mv "$path" "$TASKDIR/ready/default/2/"
td-work --once
is 'the next span is for the next time' "$(shown "$id" '.runs[1]|[.ended,.not_before]|
	map(.[:19]+"Z"|fromdate)|(.[1]-.[0])/3600|floor')" 2
rm -f "$TASKDIR"/delayed/*/*.json

runs --backoff 0s -- false
like 'a task that is tried again waits beside the fresh ones' \
	"$(cd "$TASKDIR" && echo ready/*/*/*/*)" "ready/default/2r/*/$id.json"
td-work --drain

finish
