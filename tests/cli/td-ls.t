#!/bin/sh
. "${0%/*}/../lib.sh"
spool

try 'no tasks, no lines' td-ls
is 'and no header' "$out$err" ''
a=$(td-submit -t 'one' -- true)
b=$(td-submit -p 0 -Q fast -l red -l blue -- echo 'hello world')
c=$(td-submit -H -l red -- false)
d=$(td-submit -a "$a" -t 'after one' -- true)

try 'it lists what has not ended' td-ls
is 'in columns' "$(printf '%s\n' "$out" | tr -s ' ' | sed 's/ [0-9]*s / AGE /' | sort)" "$(
	printf '%s\n' "$a ready 2 default AGE one" "$b ready 0 fast AGE echo hello world" \
		"$c held 2 default AGE false" "$d waiting 2 default AGE after one" | sort)"
ids() { td-ls -q "$@" | tr '\n' ' '; }
is '--sort id' "$(ids --sort id)" "$a $b $c $d "
is '--sort priority' "$(ids --sort priority)" "$b $a $c $d "
is '--sort queue' "$(ids --sort queue)" "$a $c $d $b "
is '--sort age' "$(ids --sort age)" "$a $b $c $d "
is '--sort state' "$(ids --sort state)" "$b $a $d $c "
exits 'not by anything' 64 td-ls --sort size

is '-s' "$(ids -s held)" "$c "
is '-s with several' "$(ids -s held,waiting --sort id)" "$c $d "
is '-s again' "$(ids -s held -s waiting --sort id)" "$c $d "
exits 'no such state' 64 td-ls -s sleeping
is '-Q' "$(ids -Q fast)" "$b "
is '-Q again' "$(ids -Q fast -Q default --sort id)" "$a $b $c $d "
is '-l' "$(ids -l red --sort id)" "$b $c "
is '-l again' "$(ids -l red -l blue)" "$b "
is 'all of them' "$(ids -l red -s held)" "$c "
exits 'a label that cannot be' 64 td-ls -l 'no label'

is '-0' "$(td-ls -0 -l red --sort id | tr '\0' '+')" "$b+$c+"
is '-j is JSON' "$(td-ls -j | jq -r .state | sort | tr '\n' ' ')" 'held ready ready waiting '
exits 'but not with NUL' 64 td-ls -j0

is 'tasks by id' "$(ids "$c" "$a")" "$c $a "
short=$(printf '%s' "$c" | tail -c 5)
is 'by the end of it' "$(ids "$short")" "$c "
is 'as people write it' "$(ids "$(printf '%s' "$c" | tr '01a-z' 'OLA-Z')")" "$c "
exits 'no such task' 66 td-ls 0000000000000000
exits 'ids or a choice' 64 td-ls -s held "$a"

td-submit -R 1 -Q end -- false >/dev/null
td-work --drain -Q end >/dev/null 2>&1
is 'what has ended is not there' "$(td-ls -Q end)" ''
is 'but for -a' "$(td-ls -a -Q end | tr -s ' ' | cut -d ' ' -f 2)" failed
is 'or -s' "$(td-ls -s failed | tr -s ' ' | cut -d ' ' -f 2)" failed

# In ready/ queue and priority are the folder's.
mkdir -p "$TASKDIR/ready/fast/4"
mv "$(td-path "$a")" "$TASKDIR/ready/fast/4/"
is 'a task that was moved by hand' "$(td-ls -Q fast "$@" | sort | tr -s ' ' | cut -d ' ' -f 1,3,4)" "$a 4 fast
$b 0 fast"

bad=$(printf 'a\033[2Jb\nc')
e=$(td-submit -Q bad -t "$bad" -- true)
f=$(td-submit -Q bad -t "$(printf 'x\342\200\256y\302\233z')" -- true)
like 'control characters are made visible' "$(td-ls "$e")" '* a\\033\[2Jb\\nc'
like 'others that are not seen, too' "$(td-ls "$f")" '* x\\u202ey\\u009bz'

if command -v script >/dev/null; then
	long=$(td-submit -t "$(printf '%0100d' 0)" -- true)
	wide=$(td-submit -t "$(printf '\346\227\245%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25)" -- true)
	script -qec "stty cols 80; td-ls $long $wide" /dev/null </dev/null | tr -d '\r' >terminal
	like 'a header on a terminal' "$(head -n 1 terminal)" 'ID *STATE *P QUEUE *AGE TITLE'
	is 'lines fit' "$(sed -n 2p terminal | wc -m)" 81
	left=$((80 - $(sed -n 3p terminal | tr -d '\200-\377\n' | wc -c)))
	is 'whatever is in them' "$(sed -n 3p terminal | tr -cd '\200-\377' | wc -m)" $((left / 2))
else
	skip 'there is no script(1)'
fi

# --why
spool reasons
why() { td-ls --why "$@" | cut -f 2; }
a=$(td-submit -t first -- sh -c 'until [ -e go ]; do sleep 0.02; done')
like 'the task and, behind a tab, the reason' "$(td-ls --why)" "$a ready *first	no worker runs"
b=$(td-submit -a "$a" -- true)
several=$(td-submit -a "$a:ended" -a "$b:failed" -a "$a" -- true)
is 'a blocker and its state' "$(why "$b")" "waits for $a (ready)"
is 'several, and what they are to do' "$(why "$several")" "waits for $a (ready) to end, $b (waiting) to fail and 1 more"
is 'a time, in the zone of people' "$(TZ=XXX-2 why "$(td-submit --at 2999-01-02T03:04:05Z -- true)")" 'not before 2999-01-02 05:04'
d=$(td-submit -- true)
td-pause -m 'repairs' default
like 'a pause of the queue' "$(why "$d")" 'paused ??:??:?? by *: repairs'
td-resume default && td-pause
like 'or of all' "$(why "$d")" 'paused ??:??:?? by *'
like 'in UTC for programs' "$(td-ls --why -j "$d" | jq -r .why)" 'paused 20??-??-??T* by *'
td-resume
td-hold -m 'not today' "$d"
like 'who held it, and why' "$(why "$d")" 'held by *, ??:??:??: not today'
e=$(td-submit -r "$here/x/**" -- true)
td-reserve "$here/x/y" -- sh -c 'touch held; until [ -e go ]; do sleep 0.02; done' &
until_true 10 [ -e held ]
like 'paths and their holder' "$(why "$e")" "*x/\*\* is held by * since ??:??:??"
td-work --once --name w7 >/dev/null 2>&1 &
until_true 10 [ -e "$TASKDIR/running/w7/$a.1.lock" ]
like 'a worker, since when' "$(why "$a")" 'runs in w7 since ??:??:??'
f=$(td-submit -- true)
is 'a worker that is busy' "$(why "$f")" 'next for a worker (1 of 1 at work)'
echo '{"percent":42.5,"step":"build","text":"3 of 7"}' >"$TASKDIR/running/w7/$a.1.progress"
like 'how far it has come' "$(why "$a")" '*: 42.5% build, 3 of 7'
like 'without being asked, too' "$(td-ls "$a")" '* \[42.5% build\] first'
is 'and as JSON' "$(td-ls -j "$a" | jq -c '.progress | [.percent, .step, .text]')" '[42.5,"build","3 of 7"]'
touch go && wait
is "which is gone with the attempt" "$(ls "$TASKDIR/running/w7")" lock
mkdir -p "$TASKDIR/running/w9" && mv "$(td-path "$f")" "$TASKDIR/running/w9/"
is 'a worker that is dead' "$(why "$f")" 'runs in w9, whose worker is dead'
mv "$TASKDIR/running/w9/$f.json" "$TASKDIR/held/"
like 'how it ended' "$(why "$a")" 'run 1: done, *'
if command -v script >/dev/null; then
	long=$(td-submit -r "$here/$(printf '%0100d' 0)" -t "$(printf '%0100d' 0)" -- true)
	td-pause -m "$(printf '%0100d' 0)"
	script -qec 'stty cols 80; td-ls --why' /dev/null </dev/null | tr -d '\r' >terminal
	is 'all of it in 80 columns' "$(awk 'length > 80' terminal)" ''
	like 'a reason below its task' "$(grep -A 1 "^$long" terminal | tail -n 1)" '    paused *'
	td-resume
	green=$(printf '\033[33mheld')
	like 'states have colours' "$(TERM=xterm script -qec 'td-ls -s held' /dev/null </dev/null)" "*$green*"
	is 'but not for all' "$(TERM=xterm NO_COLOR=1 script -qec 'td-ls -s held' /dev/null </dev/null | grep -cF "$green")" 0
	is 'nor for programs' "$(TERM=xterm td-ls -s held | grep -cF "$green")" 0
else
	skip 'there is no script(1)'
fi
rm -f go
TASKDIR=$here/spool

mkdir -p "$TASKDIR/held/2020-01-01"
echo '{' >"$TASKDIR/held/2020-01-01/0000000000000001.json"
exits 'a file that is no task' 65 td-ls -s held
like 'is complained of' "$err" 'td-ls: 0000000000000001: *'
like 'the others are listed' "$out" "$c *"
exits 'a full disk is told' 74 sh -c 'td-ls >/dev/full'
exits 'as is a closed output' 74 sh -c 'td-ls >&-'

exits 'no spool' 66 td-ls -d /nonexistent
like 'is where td-init helps' "$err" '*td-init*'
mkdir foreign && echo 'taskdir 9' >foreign/format
exits 'a format that is not known' 78 td-ls -d foreign
is 'is named' "$err" "td-ls: $here/foreign: its format is \"taskdir 9\", not \"taskdir 1\""
mkdir -p home && exits 'nothing is made' 66 env -u TASKDIR HOME="$here/home" td-ls
is 'by looking' "$(ls -A home)" ''

finish
