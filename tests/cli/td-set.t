#!/bin/sh
. "${0%/*}/../lib.sh"
. "$root/tests/worker.sh"
spool
conf '[task]' 'backoff = 0s'

# The folder below ready/ that it lies in, without the bucket.
lane() { (cd "$TASKDIR/ready" && find . -name "$1.json") | cut -d / -f 2,3; }
bytes() { wc -c <"$TASKDIR/$(cd "$TASKDIR" && find . -name "$1.json")"; }

# Ready: each key.
id=$(td-submit -- true)
inode=$(stat -c %i "$(td-path "$id")")
try 'a priority' td-set -m 'it is urgent' priority=0 "$id"
is 'and nothing is said' "$out$err" ''
is 'its place is another' "$(lane "$id")" default/0
is 'its file is the same' "$(stat -c %i "$(td-path "$id")")" "$inode"
is 'td-ls shows it' "$(td-ls "$id" | awk '{print $3}')" 0
is 'and td-show, folded' "$(shown "$id" .priority)" 0
is 'its history tells' "$(shown "$id" '.events[-1]|"\(.event) \(.set|tojson) \(.by) \(.why) \(.then)"')" \
	"set {\"priority\":0} $(id -un) it is urgent null"
try 'a queue' td-set queue=night "$id"
is 'in the priority that was set' "$(lane "$id")" night/0
is 'td-ls shows it, too' "$(td-ls -Q night | awk '{print $1, $3, $4}')" "$id 0 night"
is 'and td-show' "$(shown "$id" .queue)" night
try 'both, and more' td-set queue=default priority=3 title='a = b' "$id"
is 'in one place' "$(lane "$id")" default/3
is 'in one entry' "$(shown "$id" '.events|length')" 4
is 'a title with any sign' "$(shown "$id" .title)" 'a = b'
try 'times' td-set timeout=90s silence=5m "$id"
is 'as they were given' "$(shown "$id" '"\(.timeout) \(.silence)"')" '90s 5m'
try 'attempts, backoff, labels' td-set attempts=9 backoff=1s,5m labels=one,two "$id"
is 'as numbers and lists' "$(shown "$id" '[.attempts, .backoff, .labels]|tojson')" \
	'[9,["1s","5m"],["one","two"]]'
is 'a label is chosen by' "$(td-ls -q -l two)" "$id"
try 'no labels' td-set labels= "$id"
is 'none' "$(td-ls -q -l two)$(shown "$id" '.labels|tojson')" '[]'
is 'its place is still the same' "$(lane "$id")" default/3
try 'the same again' td-set priority=3 "$id"
is 'is no harm' "$(lane "$id")" default/3

try 'a time' td-set not_before=+5m "$id"
is 'delays it' "$(state "$id")" delayed
is 'until then' "$(shown "$id" '((.not_before|sub("\\..*";"Z")|fromdate) - now)|. > 290 and . < 301')" true
try 'a later one' td-set not_before='2040-01-02 03:04:05' "$id"
is 'in words' "$(shown "$id" .not_before)" 2040-01-02T03:04:05.000000Z
try 'now' td-set not_before=now "$id"
is 'lets it go' "$(lane "$id")" default/3
td-work --drain
is 'and it runs' "$(state "$id")" 'done'

# What is set counts for the run.
slow=$(td-submit -- sleep 60)
td-set timeout=1s attempts=1 "$slow"
td-work --once
is 'a timeout' "$(shown "$slow" '.runs[0].outcome') $(state "$slow")" 'timeout failed'
quiet=$(td-submit -- sleep 60)
td-set silence=1s attempts=1 "$quiet"
td-work --once
is 'a silence' "$(shown "$quiet" '.runs[0].outcome')" silence
often=$(td-submit -R 1 -- false)
td-set attempts=3 "$often"
td-work --drain
is 'attempts' "$(shown "$often" '.runs|length')" 3
back=$(td-submit -- false)
td-set backoff=1h "$back"
td-work --once
is 'a backoff' "$(state "$back")" delayed

# Delayed.
try 'one that backs off' td-set priority=1 title=new "$back"
is 'does so still' "$(state "$back")" delayed
try 'until now' td-set not_before=now "$back"
is 'is ready, among those of its kind' "$(lane "$back")" default/1r
td-cancel "$back"
later=$(td-submit --at +1h -- true)
try 'a delayed one' td-set not_before=+1s "$later"
is 'is' "$(state "$later")" delayed
try 'until its new time' td-work --drain=all
is 'at which it runs' "$(state "$later")" 'done'
worker
sleep 0.3
later=$(td-submit --at +1h -- true)
td-set not_before=+1s "$later"
try 'a worker that waits is told' timeout 20 td-wait "$later"
kill "$pid"
wait "$pid"

# Waiting, held, ended: what is set counts once they go on.
held=$(td-submit -H -- true)
waiting=$(td-submit -a "$held" -- true)
try 'one that is held, one that waits' td-set priority=4 queue=slow not_before=+1h "$held" "$waiting"
is 'they stay' "$(state "$held") $(state "$waiting")" 'held waiting'
is 'and are shown as set' "$(td-ls "$held" "$waiting" | awk '{print $3, $4}')" '4 slow
4 slow'
td-set not_before=now "$held"
td-release "$held"
is 'released' "$(lane "$held")" slow/4
td-work --drain
is 'freed, later' "$(state "$waiting")" delayed
td-cancel "$waiting"
ended=$(td-submit -R 1 -- false)
td-work --drain
for one in "$id" "$ended" "$waiting"; do
	was=$(state "$one")
	try "one that is $was" td-set priority=0 attempts=2 not_before=now "$one"
	is "stays $was" "$(state "$one")" "$was"
done
td-retry "$ended"
is 'tried again' "$(lane "$ended")" default/0r
td-work --drain
is 'it has as many attempts' "$(shown "$ended" '.runs|length')" 3
td-set not_before=+1h "$ended"
td-retry "$ended"
is 'or waits until then' "$(state "$ended")" delayed
td-cancel "$ended"

# A place that was chosen by hand is kept.
hand=$(td-submit -- true)
mkdir -p "$TASKDIR/ready/hand/1"
mv "$(td-path "$hand")" "$TASKDIR/ready/hand/1"
td-set title=moved "$hand"
is 'by other settings' "$(td-ls "$hand" | awk '{print $3, $4, $6}')" '1 hand moved'
td-set priority=0 "$hand"
is 'its queue by a priority' "$(lane "$hand")" hand/0
td-cancel "$hand"

# Running.
busy=$(td-submit -- sh -c ": >$here/busy; sleep 300")
worker
until_true 10 test -e "$here/busy"
before=$(bytes "$busy")
exits 'a running task is not changed' 1 td-set priority=0 "$busy"
is 'it is said' "$err" "td-set: $busy: it is running"
is 'nothing is written' "$(bytes "$busy")" "$before"
is 'by choice it is left out' "$(td-set -Q default title=x; echo $?; shown "$busy" .title)" '0
null'
td-cancel "$busy"
kill "$pid"
wait "$pid"

# What is wrong: nothing is changed, of any task.
a=$(td-submit -l one -- true) b=$(td-submit -l one -- true)
before=$(cat "$(td-path "$a")" "$(td-path "$b")")
refused() {
	exits "refused: $*" 65 td-set "$@" "$a" "$b"
	like 'the key is named' "$err" "td-set: $key: *"
}
for key in command cwd env umask stdin reserve after ref unique project \
	parent meta id history state nonsense x-mine; do
	refused title=new "$key=1"
done
for wrong in priority=5 priority=-1 priority=high priority= priority=1.5 \
	queue=A queue= queue=../x timeout=soon timeout= silence=-1s \
	attempts=0 attempts=1001 attempts=x backoff= backoff=soon \
	backoff=1s,x labels=A,b not_before=never not_before=; do
	key=${wrong%%=*}
	refused title=new "$wrong"
done
key=title
refused title=a title=b
key=title
refused title="$(printf '\377')"
is 'nothing was changed' "$(cat "$(td-path "$a")" "$(td-path "$b")")" "$before"
is 'bad without any task, too' "$(td-set priority=9 </dev/null 2>&1; echo $?)" \
	'td-set: priority: 9 is not 0 to 4
65'
exits 'no setting' 64 td-set "$a"
exits 'one behind an id' 64 td-set title=x "$a" priority=1
exits 'no key' 64 td-set =1 "$a"
is 'nothing was' "$(cat "$(td-path "$a")" "$(td-path "$b")")" "$before"
exits 'no such task' 66 td-set title=x 0000000000000000

# Which tasks.
try 'by label' td-set -l one priority=4
is 'all that have it' "$(lane "$a") $(lane "$b")" 'default/4 default/4'
try 'by queue' td-set -Q default queue=next
is 'all of it' "$(lane "$a") $(lane "$b")" 'next/4 next/4'
try 'by state' td-set -s ready priority=1
is 'all that are' "$(lane "$a") $(lane "$b")" 'next/1 next/1'
is 'from standard input' "$(td-ls -q | td-set priority=2; echo $?; lane "$a")" '0
next/2'
is 'ended by NUL' "$(td-ls -0 | td-set -0 priority=3; echo $?; lane "$b")" '0
next/3'
exits 'whatever is wrong with one' 66 td-set priority=0 0000000000000000 "$b"
is 'the others are' "$(lane "$b")" next/0
exits 'a choice and ids' 64 td-set -l one priority=1 "$a"
td-set queue=default priority=2 -l one
is 'options may come last' "$(lane "$a")" default/2

# Who may not.
if [ "$(id -u)" = 0 ] && command -v setpriv >"$here/.out"; then
	mkdir "$here/bin"
	cp "$BUILD"/td-hold "$BUILD"/td-release "$BUILD"/td-retry "$BUILD"/td-set \
		"$BUILD"/td-cancel "$BUILD"/td-pause "$BUILD"/td-resume "$here/bin"
	chmod 755 "$here"
	chmod -R a+rwX "$TASKDIR"
	as() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	before=$(cat "$(td-path "$a")")
	td-cancel "$b"
	for order in hold 'set priority=0' cancel; do
		# shellcheck disable=SC2086
		exits "td-${order%% *} by another" 77 as "$here"/bin/td-$order "$a"
		is 'it is said' "$err" "td-${order%% *}: $a: it is not yours"
	done
	exits 'td-retry by another' 77 as "$here/bin/td-retry" "$b"
	td-hold "$b" 2>/dev/null
	is 'nothing was changed' "$(cat "$(td-path "$a")")" "$before"
	chmod 600 "$(td-path "$a")"
	exits 'whose file cannot be opened' 77 as "$here/bin/td-hold" "$a"
	chmod 700 "$TASKDIR/ctl"
	exits 'who may not write to ctl/ pauses nothing' 77 as "$here/bin/td-pause"
	exits 'and resumes nothing' 77 as "$here/bin/td-resume"
	chmod -R go= "$TASKDIR"
	exits 'a spool that is closed' 77 as "$here/bin/td-hold" "$a"
else
	skip 'who may not: needs root and setpriv'
fi
clean
finish
