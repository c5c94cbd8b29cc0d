#!/bin/sh
. "${0%/*}/../lib.sh"
unset TD_RESERVATION
spool

# hold ARG...: td-reserve in the background, which has its paths when this
# returns; its pid is $pid, and it ends with `let_go`.
mkfifo has go
hold() {
	# shellcheck disable=SC2016
	spawn td-reserve "$@" -- sh -c 'echo >"$1/has"; read -r _ <"$1/go"' sh "$here"
	read -r _ <"$here/has"
}
let_go() { echo >"$here/go"; wait "$pid"; }
outside() { (unset TD_RESERVATION TD_ID TD_ATTEMPT; "$@"); }

try 'it runs the program' td-reserve src -- echo ran
is 'which prints' "$out" ran
exits 'and ends as that does' 7 td-reserve src -- sh -c 'exit 7'
exits 'a program that is not there' 127 td-reserve src -- ./nowhere
like 'is named' "$err" '*./nowhere: No such file*'
: >file
exits 'one that is no program' 126 td-reserve src -- ./file
exits 'a signal ends it, too' 137 sh -c "td-reserve src -- sh -c 'kill -9 \$\$'"
is 'nothing is held after it' "$(td-reserve --list)" ''
is 'and its input is its own' "$(echo in | td-reserve src -- cat)" in
is 'the mask of its files is as it was' "$(umask 027; td-reserve src -- sh -c umask)" 0027

exits 'no program' 64 td-reserve src
exits 'no program behind the dashes' 64 td-reserve src --
exits 'no path' 64 td-reserve -- true
exits 'no dashes' 64 td-reserve -n true
exits 'no duration' 64 td-reserve -w soon src -- true
exits 'two verbs' 64 td-reserve --list --check
exits 'a list of something' 64 td-reserve --list src
exits 'a check does not wait' 64 td-reserve --check -n src
exits 'a bad pattern' 65 td-reserve 'src/[a' -- true
like 'is named with its fault' "$err" '*src/\[a: *'
exits 'an empty one' 65 td-reserve '' -- true
like 'as well' "$err" '*it is empty*'
exits 'no spool' 66 td-reserve -d nowhere src -- true

hold 'src/**' 'port:80'
exits '-n does not wait' 75 td-reserve -n src/a.c -- echo ran
is 'nor run' "$out" ''
like 'and says who holds what' "$err" "td-reserve: $here/src/a.c: held by * (sh -c *), pid $pid, since 20*Z"
exits '-q says nothing' 75 td-reserve -qn src/a.c -- true
is 'at all' "$err" ''
exits '-w waits so long' 75 td-reserve -w 0.05s src -- true
like 'and says who it was' "$err" '*held by*'
exits 'all or nothing' 75 td-reserve -n free src/x -- true
try 'other paths are free' td-reserve -n free doc port:8080 -- true
try 'a check of free ones' td-reserve --check free doc
is 'prints nothing' "$out" ''
exits 'a check of taken ones' 1 td-reserve --check free src/a port:80 ./port:80
is 'names those' "$(echo "$out" | sed 's/: held by.*//' | tr '\n' ' ')" 'src/a port:80 '
exits '-q does not' 1 td-reserve --check -q free src/a
is 'print' "$out$err" ''
exits 'as JSON' 1 td-reserve --check -j src/a
like 'it has the keys' "$out" "{\"path\":\"src/a\",\"holder\":\"*\",\"held\":\"$here/src/\\*\\*\",\"who\":\"sh -c *\",\"pid\":$pid,\"since\":\"*\"}"
is 'paths come from standard input' "$(printf 'free\nsrc/a\n' | td-reserve --check | sed 's/:.*//')" src/a
is 'ended by NUL with -0' "$(printf 'free\0src/a\nb\0' | td-reserve --check -0 | sed 's/: held.*//')" 'src/a\nb'
is 'none are free' "$(td-reserve --check </dev/null; echo $?)" 0

try 'the list' td-reserve --list
is 'has a line for each path' "$(echo "$out" | awk '{ print $1, $2, $4 }')" \
	"$here/src/** exclusive $pid
port:80 exclusive $pid"
try 'the list as JSON' td-reserve --list --json
like 'has one for each holder' "$out" "{\"holder\":\"*\",\"paths\":\[{\"path\":\"$here/src/\\*\\*\",\"mode\":\"exclusive\"},*\],*,\"pid\":$pid,*}"
let_go
is 'and is empty when they let go' "$(td-reserve --list)" ''
try 'then they are free' td-reserve -n src port:80 -- true

hold -s 'src/**'
try 'shared beside shared' td-reserve -sn src/a -- true
exits 'but not beside exclusive' 75 td-reserve -n src/a -- true
exits 'nor for a check' 1 td-reserve --check src/a
try 'that is of the same mode' td-reserve --check -s src/a
is 'the list says so' "$(td-reserve --list | awk '{ print $2 }')" shared
let_go

hold 'a*' 'x y'
exits 'a pattern matches' 1 td-reserve --check -q ab
try 'what is literal does not' td-reserve --check -F 'b*' 'port:80'
exits 'unless it does' 1 td-reserve --check -qF 'a*'
let_go
hold -F 'a*' 'gpu:0'
try 'a literal star is a star' td-reserve --check ab gpu:0
exits 'and no other' 1 td-reserve --check -q 'a\*'
exits 'a literal resource is a file' 1 td-reserve --check -q ./gpu:0
let_go

mkdir 'w*x' && cd 'w*x' || exit 1
hold b
cd ..
try 'a folder with a star is no pattern' td-reserve --check 'wx/b' 'wwx/b'
exits 'but itself' 1 td-reserve --check -q 'w\*x/b/c'
let_go

# What runs inside may take what is held already, and never waits.
# shellcheck disable=SC2016
try 'nested ones do not conflict' td-reserve src -- \
	td-reserve -n src/a -- sh -c 'td-reserve -n src/a/b -- echo "$TD_RESERVATION"'
is 'and know all they run in' "$(echo "$out" | tr ' ' '\n' | sort -u | wc -l)" 2
hold src
exits 'who holds something does not wait' 75 td-reserve doc -- td-reserve src -- true
like 'and is told why' "$err" '*held by*who holds something does not wait'
exits 'however long he would' 75 td-reserve doc -- td-reserve -w 1h src -- true
exits 'others do' 75 td-reserve doc -- env -u TD_RESERVATION td-reserve -w 0.01s src -- true
let_go

# A waiter wakes when the holder ends, by whatever death.
waiter() {
	spawn td-reserve -v "$@" -- sh -c 'echo got' >got 2>waits
	waiter=$pid
	until_true 10 grep -q waiting waits
}
hold src
holder=$pid
waiter src/a
like 'a waiter says what it waits for' "$(cat waits)" "*src/a: held by *, pid $holder, *; waiting"
is 'it sleeps' "$(sed 's/.*) //;s/ .*//' "/proc/$waiter/stat")" S
pid=$holder
let_go
wait "$waiter"
is 'and gets it when it is let go' "$?$(cat got)" 0got
hold src
holder=$pid
waiter -w 1m src/a
kill -9 "$holder"
wait "$waiter"
is 'or when the holder is killed' "$?$(cat got)" 0got
is 'the record of the dead is gone' "$(cd "$TASKDIR/reserve" && find . -type f ! -name README ! -name '.*')" \
	"$(cd "$TASKDIR/reserve" && grep -l '"who":"sh -c echo got"' ./*)"

# The children of the dead hold on.
# shellcheck disable=SC2016
spawn td-reserve src -- sh -c 'sh -c "echo \$\$ >child; echo >has; read -r _ <go" & wait'
read -r _ <"$here/has"
kill -9 "$pid"
wait "$pid" 2>/dev/null
exits 'a child of the dead still holds' 75 td-reserve -n src -- true
waiter src
echo >go
wait "$waiter"
is 'until it ends' "$?$(cat got)" 0got

# Inside a task.
id=$(td-submit -r 'src/**' -- sh -c 'td-reserve -n src/a -- true && td-reserve --list && echo >has; read -r _ <go; td-reserve -w 1h doc -- true; echo $? >inside')
spawn td-work --once
read -r _ <"$here/has"
like 'a task holds its paths by its name' "$(outside td-reserve --list)" "*src/\*\* *exclusive $id.1 *"
exits 'against others' 1 td-reserve --check -q src/a
spawn td-reserve doc -- sh -c 'echo >has; read -r _ <go2'
mkfifo go2
read -r _ <"$here/has"
echo >go
until_true 10 test -s inside
is 'and does not wait for more' "$(cat inside)" 75
echo >go2
until_true 10 test -z "$(state "$id" | grep running)"

# A worker leaves what is held alone.
hold src
id=$(td-submit -r src -- true)
other=$(td-submit -- true)
try 'a worker takes another task' td-work --once
is 'than that whose paths are held' "$(state "$id") $(state "$other")" 'ready done'
let_go
try 'until they are free' td-work --once
is 'and done' "$(state "$id")" 'done'
clean
finish
