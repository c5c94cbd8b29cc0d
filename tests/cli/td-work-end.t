#!/bin/sh
# How attempts are ended: by the clock, by signals to the worker, and what
# they leave behind.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool
conf '[run]' 'grace = 0.3s'
find_level

# without_cgroup COMMAND...: where none can be seen.
without_cgroup() {
	mounts=$(sed -n 's/^[^ ]* \([^ ]*\) cgroup2 .*/\1/p' /proc/self/mounts)
	# shellcheck disable=SC2016
	unshare -m sh -c 'for m in '"$mounts"'; do umount "$m" || exit; done
		exec "$@"' sh "$@"
}

# Timeouts.

id=$(td-submit -T 0.3s -R 2 --backoff 0s -- sh -c 'echo begin; exec sleep 1000')
exits 'the time is up' 1 td-work --once
is 'and the task ready again' "$(state "$id") $(ends "$id")" 'ready 15 timeout ready'
is 'what it printed is kept' "$(printed "$id")" begin
is 'it was ended, nobody else' "$(shown "$id" '.runs[0].killed')" 1
td-work --once
is 'until its attempts are used up' "$(state "$id") $(ends "$id")" \
	'failed 15 timeout ready, 15 timeout failed'
id=$(td-submit -T 0.3s -R 1 -- sh -c "exec 2>/dev/null; trap 'echo saved; exit 0' TERM
	while :; do sleep 0.01; done")
td-work --once
is 'a task may put its things in order, and is late all the same' \
	"$(printed "$id") $(ends "$id")" 'saved 0 timeout failed'
printf '[task]\ntimeout = 1s\n[run]\ngrace = 0.3s\n' >"$TASKDIR/etc/taskdir.conf"
id=$(td-submit -R 1 -- sleep 1000)
td-work --once
is 'what says no timeout has that of the settings' "$(ends "$id")" '15 timeout failed'
conf '[run]' 'grace = 0.3s'

ends_family() {
	starts_family -R 1 -T 3s -- "$@"
	wait "$pid"
	try 'all that it started is ended, whatever that does' family_ended
	is 'it was late' "$(ends "$id")" '9 timeout failed'
	like 'and is said to have been several' "$(shown "$id" '.runs[0].killed')" '[6-9]'
}
ends_family td-work --once
is "that is with a $level" "$(shown "$id" '.runs[0].contained_by')" "$level"
if [ "$level" = cgroup ]; then
	ends_family without_cgroup td-work --once
	is 'that is without a cgroup' "$(shown "$id" '.runs[0].contained_by')" subreaper
else
	skip 'no cgroup can be made here'
fi

# What comes after it in the same worker is none the worse.
id=$(td-submit -R 1 -T 0.3s -- sh -c 'trap "" TERM; while :; do sleep 0.01; done')
next=$(td-submit -R 1 -- true)
td-work --drain
is 'nobody suffers for the one before' "$(ends "$id") $(ends "$next")" \
	'9 timeout failed 0 done done'

# Silence.

id=$(td-submit -R 1 --silence 0.4s -- sh -c 'echo begin; exec sleep 1000')
td-work --once
is 'silence for too long' "$(ends "$id")" '15 silence failed'
id=$(td-submit -R 1 --silence 2s -- sh -c \
	'for i in 1 2 3 4 5 6 7 8 9 10; do echo; sleep 0.3; done')
td-work --once
is 'what speaks is not silent' "$(ends "$id")" '0 done done'

# Leftovers.

mkfifo "$here/left"
exec 6<>"$here/left"
id=$(td-submit -- sh -c "exec 9>'$here/left'
	setsid sh -c 'trap \"\" TERM; echo >&9; exec sleep 1000' &
	sleep 1000 & read -r _ <'$here/left'")
try 'a task that leaves something behind' td-work --once
exec 7<"$here/left" 6<&-
try 'of which nothing is left' timeout 10 cat <&7
exec 7<&-
is 'has ended as it did' "$(ends "$id")" '0 done done'
is 'and it is said how much it was' "$(shown "$id" '.runs[0].killed')" 2
id=$(td-submit -- sh -c 'sleep 0.02 & exit 0')
td-work --once
is 'what ends by itself in a moment is not counted' \
	"$(shown "$id" '.runs[0].killed')" null

# Signals to the worker.

# A task that says that it runs, and ends when it is told by the fifo end.
mkfifo "$here/runs" "$here/end"
exec 3<>"$here/runs" 4<>"$here/end"
cat >"$here/task" <<TASK
#!/bin/sh
echo >"$here/runs"
read -r _ <>"$here/end"
TASK
chmod +x "$here/task"
busy() {
	id=$(td-submit -- "$here/task")
	worker "$@"
	read -r _ <&3
}
# took PID: its signals are no longer pending.
took() { ! grep -Eq '^(Sig|Shd)Pnd:.*[^0	]' "/proc/$1/status"; }

for signal in TERM INT HUP; do
	busy
	next=$(td-submit -- true)
	kill -"$signal" "$pid"
	until_true 10 took "$pid"
	echo >&4
	wait "$pid"
	is "after $signal the worker ends well" "$?" 0
	is 'what it was at is done, and no more taken' \
		"$(state "$id") $(state "$next")" 'done ready'
	td-cancel "$next"

	busy
	kill -"$signal" "$pid"
	until_true 10 took "$pid"
	kill -"$signal" "$pid"
	wait "$pid"
	is 'at the second it ends at once' "$? $(state "$id")" '0 ready'
	is 'and the attempt does not count' "$(shown "$id" \
		'.runs[0]|"\(.outcome) \(.then)"')" 'interrupted ready'
	td-cancel "$id"
done
id=$(td-submit -- true)
worker --name idler
reaches "$id" 'done'
kill "$pid"
wait "$pid"
is 'an idle one ends at once' "$?" 0

id=$(td-submit -R 1 -- "$here/task")
worker
read -r _ <&3
kill "$pid"
until_true 10 took "$pid"
kill "$pid"
wait "$pid"
worker --once
read -r _ <&3
echo >&4
wait "$pid"
is 'interrupted it was not its only attempt' "$(state "$id") $(ends "$id")" \
	'done 15 interrupted ready, 0 done done'

# A signal of one's own to the process, by two senders at a time: the crew's
# head tells its workers, too.
a=$(td-submit -- "$here/task")
b=$(td-submit -- "$here/task")
spawn setsid td-work -n 3
read -r _ <&3
read -r _ <&3
until_true 10 test "$(ps -o sid= -p "$pid" | tr -d ' ')" = "$pid"
/bin/kill -INT -- "-$pid"
for worker in $(pgrep -P "$pid"); do until_true 10 took "$worker"; done
is 'a signal to the whole crew lets them finish' "$(state "$a") $(state "$b")" \
	'running running'
echo >&4
until_true 10 sh -c "td-ls -s done | grep -q -e $a -e $b"
echo >&4
wait "$pid"
is 'what they were at' "$? $(state "$a") $(state "$b")" '0 done done'
a=$(td-submit -- "$here/task")
b=$(td-submit -- "$here/task")
worker -n 2
read -r _ <&3
read -r _ <&3
kill "$pid"
for worker in $(pgrep -P "$pid"); do
	until_true 10 took "$worker"
done
until_true 10 took "$pid"
kill "$pid"
wait "$pid"
is 'told twice they stop' "$? $(state "$a") $(state "$b")" '0 ready ready'
td-cancel "$a" "$b"

# A head that is killed takes its workers along.
a=$(td-submit -- "$here/task")
b=$(td-submit -- "$here/task")
worker -n 2 --name crew
read -r _ <&3
read -r _ <&3
workers=$(pgrep -P "$pid")
kill -9 "$pid"
# shellcheck disable=SC2086
until_true 10 ended $workers
# shellcheck disable=SC2086
try 'none outlives its head' ended $workers
td-tick -q
is 'their tasks come back' "$(state "$a") $(state "$b")" 'ready ready'
is 'as lost' "$(ends "$a") $(ends "$b")" '- lost ready - lost ready'
td-cancel "$a" "$b"

# An end that could not be flushed: what the attempt held is free all the same.
if strace -o /dev/null true 2>/dev/null; then
	a=$(td-submit -r 'src/**' -- true)
	b=$(td-submit -r 'src/**' -- true)
	spawn env ASAN_OPTIONS=detect_leaks=0 timeout 30 \
		strace -o /dev/null -e trace=fsync \
		-e inject=fsync:error=EIO:when=1 td-work --drain
	wait "$pid"
	is 'after trouble with an end its paths are free' \
		"$? $(state "$a") $(state "$b")" '0 done done'
else
	skip 'strace cannot be had here: an end that is not flushed'
fi

# Who is to outlive its terminal does.
spawn nohup td-work --name tough >/dev/null 2>&1
until_true 10 test -s "$TASKDIR/running/tough/lock"
sleep 0.3
kill -HUP "$pid"
id=$(td-submit -- true)
reaches "$id" 'done'
try 'under nohup a hangup is none' kill "$pid"
wait "$pid"

finish
