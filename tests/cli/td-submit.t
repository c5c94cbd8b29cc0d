#!/bin/sh
. "${0%/*}/../lib.sh"

task() { cat "$(td-path "$1")"; }
json() { find "$TASKDIR" -name '*.json'; }
# has NAME ID PATTERN: the task's file has it.
has() { like "$1" "$(task "$2")" "*$3*"; }
# refused NAME COMPLAINT OPTION...: 65, one line, and nothing is left.
refused() {
	name=$1 complaint=$2
	shift 2
	td-submit "$@" >"$here/.out" 2>"$here/.err"
	is "$name" "$? $(cat "$here/.out" "$here/.err")" \
		"65 td-submit: $complaint"
}

# Which spool.
HOME=$here/home
XDG_STATE_HOME=$here/state
export HOME XDG_STATE_HOME
mkdir "$HOME" "$XDG_STATE_HOME" "$here/else"
exits 'no spool where -d says' 66 td-submit -d "$here/none" -- true
like 'names td-init' "$err" "*$here/none*td-init*"
TASKDIR=$here/none exits 'nor where TASKDIR says' 66 td-submit -- true
if td-init -q "$here/lasting" 2>/dev/null; then
	try 'the personal one is made' td-submit -- true
	like 'with the task in it' \
		"$(find "$XDG_STATE_HOME/taskdir/ready" -name "$out.json")" \
		"$XDG_STATE_HOME/taskdir/ready/default/2/*"
else
	skip 'the personal spool: this file system forgets'
fi
mkdir "$here/.taskdir" && td-init -qw "$here/.taskdir"
# shellcheck disable=SC2016
try 'the nearest one above' sh -c 'mkdir a && cd a && td-submit -- true'
is 'has it' "$(find "$here/.taskdir/ready" -name "$out.json" | wc -l)" 1
rm -r "$here/.taskdir"

spool
# One task, and what it keeps.
try 'a task' td-submit -- echo 'a  b' '$HOME' '{}'
like 'has an id' "$out" '????????????????'
has 'its words are kept as they are' "$out" \
	'"command":\["echo","a  b","$HOME","{}"\]'
has 'with the folder' "$out" "\"cwd\":\"$here\""
has 'the PATH' "$out" "\"PATH\":\"$PATH\""
has 'the language' "$out" '"LC_ALL":"C.UTF-8"'
has 'the zone' "$out" '"TZ":"UTC"'
case $(task "$out") in
*XDG_STATE_HOME*) fail 'and nothing else of the environment' ;;
*) pass 'and nothing else of the environment' ;;
esac
is 'it is ready' "$(state "$out")" ready
like 'by its queue, priority and second' "$(td-path "$out")" \
	"*/ready/default/2/$(echo "$out" | cut -c 1-7)/$out.json"
(umask 027 && td-submit -- true) >"$here/id"
has 'the umask' "$(cat "$here/id")" '"umask":"0027"'
is 'a file for its owner only' \
	"$(stat -c %a "$(td-path "$(cat "$here/id")")")" 600
first=$out

A=from-here
export A
try 'all the options' td-submit -p 0 -Q lane -t 'A "title"' -r 'src/**' -s lib \
	-a "$first:ended" -T 5m -R 7 -C sub -e A -e 'B=x=y' -e C=1 -e C=2 \
	-l one -l two --silence 30s --backoff '0s, 5m 15m' \
	--parent "$first" --project work -i /etc/passwd -- true
id=$out
has 'priority' "$id" '"priority":0,'
has 'queue' "$id" '"queue":"lane"'
has 'title' "$id" '"title":"A \\"title\\""'
has 'reserve' "$id" \
	'"reserve":\[{"path":"src/\*\*","mode":"exclusive"},{"path":"lib","mode":"shared"}\]'
has 'after' "$id" "\"after\":\[{\"id\":\"$first\",\"when\":\"ended\"}\]"
has 'timeout' "$id" '"timeout":"5m"'
has 'attempts' "$id" '"attempts":7'
has 'a relative folder made whole' "$id" "\"cwd\":\"$here/sub\""
has 'variables, the last of one name' "$id" \
	'"A":"from-here","B":"x=y","C":"2"}'
has 'labels' "$id" '"labels":\["one","two"\]'
has 'silence' "$id" '"silence":"30s"'
has 'backoff' "$id" '"backoff":\["0s","5m","15m"\]'
has 'parent' "$id" "\"parent\":\"$first\""
has 'project' "$id" '"project":"work"'
has 'input' "$id" '"stdin":"/etc/passwd"'
is 'it waits' "$(state "$id")" waiting
try 'the same by long options' td-submit --priority=0 --queue=lane --title=t \
	--reserve=a --share=b --after="$first" --timeout=5m --attempts=7 \
	--cwd=/tmp --env=A=1 --label=one --input=in --unique=k --held -- true
has 'a relative input is made whole' "$out" "\"stdin\":\"$here/in\""
is 'held' "$(state "$out")" held

try 'an option behind the command is its own' td-submit -- ls -p 9 --held
has 'as it is' "$out" '\["ls","-p","9","--held"\]'
try 'also without --' td-submit ls -p 9
has 'as it is, too' "$out" '\["ls","-p","9"\]'
try 'a title with control characters' td-submit -t "$(printf 'a\033[2Jb')" true
has 'is escaped' "$out" '"title":"a\\u001b\[2Jb"'

# The end of an id, and when.
tail=$(echo "$first" | cut -c 10-)
try 'a blocker by the end of its id' td-submit -a "$tail" -- true
has 'is that one' "$out" "{\"id\":\"$first\",\"when\":\"done\"}"
refused 'a blocker that is not there' \
	'after: no task 0000000000000000 is known' -a 0000000000000000 true
refused 'nor by an end' 'after: no task ends in zzzzzzzz' -a zzzzzzzz true
refused 'a path for an id' 'after: ../../x is not an id' -a ../../x true
refused 'an empty one' 'after:  is not an id' -a '' true
refused 'a word that is no when' \
	'after: when is not done, failed or ended' -a "$first:never" true
n=0
while [ "$n" -lt 40 ]; do
	n=$((n + 1))
	td-submit -- true >>"$here/ids"
done
common=$(cut -c 16- "$here/ids" | sort | uniq -d | head -n 1)
exits 'an end of several' 64 td-submit -a "$common" -- true
like 'names them' "$err" \
	"*tasks end in $common: *$(grep "$common\$" "$here/ids" | head -n 1 | cut -c 1-5)*"

# When.
for when in +1h 2099-01-01T00:00:00Z 2099-01-01T01:00:00.5+01:00 'next year'; do
	try "--at $when" td-submit --at "$when" -- true
	is 'is delayed' "$(state "$out")" delayed
done
try '--at with an offset' td-submit --at 2099-01-01T01:00:00.5+01:00 -- true
has 'is kept in UTC' "$out" '"not_before":"2099-01-01T00:00:00.500000Z"'
TZ=Asia/Tokyo try 'without one it is local' \
	td-submit --at '2099-01-01T09:00:00' -- true
has 'in the zone of the submitter' "$out" \
	'"not_before":"2099-01-01T00:00:00.000000Z"'
try 'a time that is past' td-submit --at 2020-01-01T00:00:00Z -- true
is 'is no reason to wait' "$(state "$out")" ready
refused 'no time' 'not_before: soonish is not a time' --at soonish true

# What is refused, and nothing comes of it.
before=$(json | sort)
refused 'priority' 'priority: 9 is not 0 to 4' -p 9 true
refused 'a priority that is no number' \
	'priority: it is not a whole number' -p high true
refused 'queue' 'queue: it is not a name of [a-z0-9][a-z0-9_-]{0,63}' \
	-Q ../../x true
refused 'label' 'labels: one is not a name of [a-z0-9][a-z0-9_-]{0,63}' \
	-l 'a b' true
refused 'project' 'project: it is not a name of [a-z0-9][a-z0-9_-]{0,63}' \
	--project a/b true
refused 'timeout' \
	'timeout: it is not a duration such as 90s, 5m, 2h or 1d' -T 90 true
refused 'attempts' 'attempts: 0 is not 1 to 1000' -R 0 true
refused 'a variable that is not set' 'env: NOWHERE is not set here' \
	-e NOWHERE true
refused 'a variable of ours' \
	'env: TASKDIR and TD_ names are given by the worker' -e TD_ID=1 true
refused 'a title that is not UTF-8' 'title: it is not UTF-8' \
	-t "$(printf '\377')" true
refused 'a word that is not UTF-8' 'command: it is not UTF-8' \
	echo "$(printf 'a\300\257')"
refused 'an empty command' 'command: its first word is empty' ''
refused 'an empty backoff' 'backoff: it is not an array' --backoff '' true
refused 'a pattern' 'reserve: a[b: unclosed [' -r 'a[b' true
refused 'an empty key' 'unique: it is empty' -u '' true
exits 'no command' 64 td-submit -p 1
exits 'no such option' 64 td-submit --agent x -- true
exits 'not now: -A' 64 td-submit -A x -- true
exits '-b with an option of a task' 64 td-submit -b -p 1
exits '-w for many' 64 td-submit -xw true
exits '-0 for one' 64 td-submit -0 true
exits '-i - with -x' 64 td-submit -x -i - true
is 'nothing came of these' "$(json | sort)" "$before"
is 'nothing is left in tmp' "$(find "$TASKDIR/tmp" -type f ! -name README)" ''

# Keys.
try 'a key' td-submit -u 'a/../b c' -- true
key=$out
has 'is kept' "$key" '"unique":"a/../b c"'
try 'the same key' td-submit -u 'a/../b c' -- false
is 'answers the id that is there' "$out" "$key"
like 'and says since when' "$err" \
	"td-submit: a/../b c: held by $key since 20*, ready"
try 'quietly' td-submit -q -u 'a/../b c' -- false
is 'says nothing' "$err" ''
try 'another key' td-submit -u 'a/b c' -- true
case $out in
"$key") fail 'is another task' ;;
*) pass 'is another task' ;;
esac

# Standard input.
try 'the input is kept' sh -c 'printf "one\ntwo" | td-submit -i - -- cat'
is 'beside the task' "$(cat "$TASKDIR/work/$out/stdin")" 'one
two'
before=$(find "$TASKDIR/work")
try 'not for a key that is held' \
	sh -c 'echo x | td-submit -q -i - -u "a/../b c" -- cat'
is 'which leaves none behind' "$(find "$TASKDIR/work")" "$before"
exits 'nor for what is refused' 65 \
	sh -c 'echo x | td-submit -i - -p 9 -- cat'
is 'which leaves none either' "$(find "$TASKDIR/work")" "$before"

# An id that cannot be printed.
for how in '>/dev/full' '>&-'; do
	exits "output $how" 74 sh -c "td-submit -t 'told $how' -- true $how"
	like 'says the id' "$err" \
		"td-submit: ???????????????? is queued, but standard output: *"
	id=${err#td-submit: } id=${id%% *}
	is 'which is there' "$(state "$id")" ready
done

finish
