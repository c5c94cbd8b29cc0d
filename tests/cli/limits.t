#!/bin/sh
# Limits of a task, and that one task's excess is no other's harm.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool

# level LIMIT, why: what the last run says.
level() { shown "$id" ".runs[-1].limits.$1"; }
why() { shown "$id" '.runs[-1].why'; }

# bare COMMAND...: where no cgroup can be had.
bare() { unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"' sh "$@"; }
bare true 2>/dev/null && can_hide=1 || can_hide=

# runs_bare: as runs, without cgroups.
runs_bare() {
	id=$(td-submit "$@") || return
	bare td-work --once >"$here/.worker" 2>&1
	status=$?
}

# may_make TYPE CONTROLLER: cgroups below our own, in that hierarchy.
may_make() {
	mnt=$(awk -v t="$1" -v c="$2" '$3 == t && (t == "cgroup2" ||
		"," $4 "," ~ "," c ",") { print $2; exit }' /proc/mounts)
	own=$(sed -n "s/^[0-9]*:$2://p" /proc/self/cgroup)
	[ -n "$mnt" ] && [ -w "$mnt$own" ]
}

# has_cgroup LIMIT TYPE CONTROLLER: else the test is skipped, by name.
has_cgroup() {
	case $(level "$1") in
	cgroup*) return 0 ;;
	esac
	if may_make "$2" "$3"; then
		fail "$1 is kept to by a cgroup, for one can be made"
	else
		skip "$1: no cgroup can be made here"
	fi
	return 1
}

exits 'a limit that is none is refused' 65 td-submit --limit speed=1 -- true
is 'by name' "$err" 'td-submit: limits.speed: no such limit is known'
exits 'so is nothing' 65 td-submit --limit memory=0 -- true
like 'also by name' "$err" 'td-submit: limits.memory: *'
exits 'and what has no value' 65 td-submit --limit memory -- true
exits 'a signal that is none' 65 td-submit --signal SIGTERM@5s -- true
is 'nothing was submitted' "$(td-ls -a)" ''

id=$(td-submit -- sh -c 'ulimit -c')
# shellcheck disable=SC3045
(ulimit -Sc "$(ulimit -Hc)" && exec td-work --once)
is 'no core is dumped' "$(printed "$id")" 0
is 'limits of which there are none are not told' \
	"$(shown "$id" '.runs[0].limits|keys|join(" ")')" output

# Memory.
runs -R 1 --limit memory=32M -- tail /dev/zero
if has_cgroup memory cgroup memory; then
	is 'who takes too much memory is killed' "$status $(ends "$id")" \
		'1 9 signal failed'
	is 'and it is said why' "$(why)" 'memory limit'
	runs -R 1 --limit memory=32M -- sh -c 'tail /dev/zero; exit 3'
	is 'also where only a child of it was' "$(ends "$id") $(why)" \
		'3 failed failed memory limit'
	runs --limit memory=32M -- sh -c 'tail -c 8M /dev/zero | wc -c; head -c 8M /dev/zero | tail -c 8M | wc -c'
	is 'less is well' "$(state "$id") $(printed "$id" | tail -n 1)" 'done 8388608'
	is 'its cgroup is gone' "$(find /sys/fs/cgroup/memory -name "taskdir-*-$(
		printf %x "$(stat -c %i "$TASKDIR")")-*" 2>/dev/null)" ''
	runs -R 1 -- sh -c 'exit 1'
	is 'the next one is not blamed' "$(why)" 'no attempts are left'
	bad=$(td-submit -R 1 --limit memory=32M -- sh -c \
		"until [ -e $here/good ]; do sleep 0.02; done; tail /dev/zero; touch $here/ran; exit 1")
	good=$(td-submit -- sh -c \
		"touch $here/good; until [ -e $here/ran ]; do sleep 0.02; done; echo unharmed")
	td-work -n 2 --drain
	id=$bad
	is 'of two side by side' "$(state "$good") $(printed "$good")" 'done unharmed'
	is 'only one runs into its limit' "$(why)" 'memory limit'
fi
if [ -n "$can_hide" ]; then
	runs_bare -R 1 --limit memory=64M -- tail /dev/zero
	is 'without a cgroup it is what a process may map' \
		"$(level memory) $(shown "$id" '.runs[0].outcome')" 'rlimit failed'
	like 'and the process is told' "$(printed "$id")" '*memory exhausted*'
else
	skip 'no mount namespace: memory without a cgroup'
fi

# Processes.
# shellcheck disable=SC2016
many='i=0; while [ $i -lt 50 ]; do sleep 30 & i=$((i + 1)); done; echo all'
runs -R 1 --limit processes=20 -- sh -c "$many"
if has_cgroup processes cgroup pids; then
	is 'no more processes than it may have' \
		"$(shown "$id" '.runs[0]|"\(.outcome) \(.why) \(.killed)"')" \
		'failed processes limit 19'
	id=$(td-submit --limit processes=20 -- sh -c \
		'bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 0.5; exit 1' -R 1)
	other=$(td-submit -- sh -c 'sleep 0.1 & sleep 0.1 & wait; echo unharmed')
	timeout 60 td-work -n 2 --drain
	is 'a fork bomb is put out' "$(shown "$id" '.runs[0].outcome')" failed
	is 'and another task forks on' "$(printed "$other")" unharmed
	key="TD_ID=$id"
	is 'nothing of it is left' "$(grep -lz "^$key$" /proc/[0-9]*/environ 2>/dev/null)" ''
fi
if [ -n "$can_hide" ]; then
	runs_bare -R 1 --limit processes=20 -- sh -c "$many"
	is 'without a cgroup it is not in force, and that is said' \
		"$(level processes) $(printed "$id")" 'none all'
else
	skip 'no mount namespace: processes without a cgroup'
fi

# Processor time.
loop='while :; do :; done'
runs -R 1 --limit cpu_time=1s -- sh -c "$loop"
is 'processor time is up' "$(ends "$id") $(why)" '24 signal failed cpu_time limit'
runs -R 1 --limit cpu_time=1s -- sh -c "trap '' XCPU; $loop"
# Ended by the worker, or by the kernel's KILL where there is no cgroup.
like 'also for who will not hear of it' "$(shown "$id" '.runs[0].outcome') $(why)" \
	'[ls]i[mg][in]* cpu_time limit'
runs -R 1 --limit cpu_time=2s -- sh -c "$loop & $loop & $loop & $loop"
if has_cgroup cpu_time cgroup2 ''; then
	is 'all its processes count' "$(shown "$id" '.runs[0].outcome') $(why)" \
		'limit cpu_time limit'
	used=$(shown "$id" '.runs[0].usage|.user+.system|floor')
	[ "$used" -le 2 ]
	is 'no single one had taken it' "$?" 0
fi
if [ -n "$can_hide" ]; then
	runs_bare -R 1 --limit cpu_time=1s -- sh -c "$loop"
	is 'without a cgroup each process has its own' \
		"$(level cpu_time) $(ends "$id") $(why)" \
		'rlimit 24 signal failed cpu_time limit'
else
	skip 'no mount namespace: cpu_time without a cgroup'
fi

# Files.
runs -R 1 --limit file_size=64K -- dd if=/dev/zero of="$here/big" bs=32K count=4
is 'no file is bigger than it may be' "$(ends "$id") $(why) $(stat -c %s "$here/big")" \
	'25 signal failed file_size limit 65536'
is 'by rlimit' "$(level file_size)" rlimit

# Output.  kept N: that much is left of a log, head and tail, with the mark.
kept() {
	td-log "$id" >"$here/kept"
	mark=$(grep -a '^\[\.\.\. .* bytes cut \.\.\.\]$' "$here/kept")
	gone=$(echo "$mark" | tr -cd 0-9)
	first=$(td-log "$id" | head -n 1 | wc -c)
	is 'one mark stands in the middle' "$(echo "$mark" | wc -l)" 1
	is 'it says how much is missing' \
		"$(($(wc -c <"$here/kept") - ${#mark} - 2 + gone - first))" "$1"
	[ "$(stat -c %b "$TASKDIR"/log/*/"$id.1.log")" -le 2080 ]
	is 'it takes no more room than it may' "$?" 0
	is 'the head is whole' "$(sed 1d "$here/kept" | head -n 50000 |
		cmp - "$here/head" 2>&1)" ''
	is 'and the tail' "$(tail -n 20000 "$here/kept" | cmp - "$here/tail" 2>&1)" ''
}
seq 50000 >"$here/head"
seq 12980001 13000000 >"$here/tail"
size=$(seq 13000000 | wc -c)

# flood: 100 MB, then it waits until it was seen that they were cut.
flood() {
	rm -f "$here/go"
	id=$(td-submit --limit output=1M -- sh -c \
		"sleep 1.5; seq 13000000; until [ -e $here/go ]; do sleep 0.02; done")
	td-work --once &
	pid=$!
	until_true 60 sh -c "tail -c 9 '$TASKDIR'/log/*/$id.1.log | grep -q '^13000000'"
	until_true 20 sh -c "[ \$(du -k '$TASKDIR'/log/*/$id.1.log | cut -f1) -le 1040 ]"
	is "100 MB of output on $1 are cut while it runs" "$? $(state "$id")" '0 running'
	touch "$here/go"
	wait "$pid"
	is 'and the task goes on' "$(state "$id") $(level output)" 'done worker'
	kept "$size"
}
flood "$(stat -f -c %T "$TASKDIR")"
is 'nothing of it is left out otherwise' "$(td-log "$id" | cmp - "$TASKDIR"/log/*/"$id.1.log" 2>&1)" ''
disk=$TASKDIR
if mkdir "/dev/shm/td-test.$$" 2>/dev/null; then
	TASKDIR=/dev/shm/td-test.$$
	td-init -qw "$TASKDIR"
	flood "$(stat -f -c %T "$TASKDIR")"
	rm -rf "/dev/shm/td-test.$$"
	TASKDIR=$disk
else
	skip 'there is no /dev/shm'
fi
runs --limit output=64K -- sh -c 'seq 12000; sleep 0.3; echo end'
is 'what is no more stays as it is' "$(printed "$id" | cksum)" "$( (seq 12000; echo end) | cksum)"
runs --limit output=64K -- seq 100000
is 'what comes all at once is cut at the end' \
	"$(($(stat -c %s "$TASKDIR"/log/*/"$id.1.log") <= 65536)) $(printed "$id" | tail -n 1)" '1 100000'
rm -f "$here/go"
id=$(td-submit --limit output=100K -- sh -c "
	seq -f '<%.0f>' 50000; until [ -e $here/go ]; do sleep 0.02; done; seq -f '<%.0f>' 50001 50100")
td-log -f "$id" >"$here/followed" &
follower=$!
td-work --once &
pid=$!
until_true 20 grep -q '^<50000>' "$here/followed"
until_true 20 sh -c "grep -q 'bytes cut' '$TASKDIR'/log/*/$id.1.log"
touch "$here/go"
wait "$pid" "$follower"
is 'who follows goes on behind the cut' "$(sed -n '/^<50000>$/,$p' "$here/followed")" "$(seq -f '<%.0f>' 50000 50100)"
is 'and sees nothing twice' "$(grep '^<[0-9]*>$' "$here/followed" | sort | uniq -d)" ''

# The worker's death takes nothing away from what is printed.
rm -f "$here/go"
id=$(td-submit -- sh -c "until [ -e $here/go ]; do sleep 0.02; done; echo after; touch $here/said; sleep 60")
worker --once
worker=$pid
until_true 10 test -s "$TASKDIR/running/w1/$id.1.lock"
until_true 10 sh -c "[ \$(grep -lz '^TD_ID=$id$' /proc/[0-9]*/environ 2>/dev/null | wc -l) -gt 0 ]"
kill -9 "$worker"
touch "$here/go"
until_true 10 test -e "$here/said"
is 'what is printed after the death of the worker is kept' "$(printed "$id")" after
td-cancel --no-wait -q "$id" 2>/dev/null
td-tick >/dev/null 2>&1

# The folder of its own.
# shellcheck disable=SC2016
runs --workdir -- sh -c 'pwd -P; echo "$TD_WORK"; stat -c %a .'
is 'a task has a folder of its own, and runs there' "$(printed "$id")" \
	"$TASKDIR/work/$id
$TASKDIR/work/$id
700"
is 'which is gone when it is done' "$(ls -d "$TASKDIR/work/$id"* 2>/dev/null)" ''
# shellcheck disable=SC2016
runs --workdir -C "$here" -- sh -c 'pwd -P; [ -d "$TD_WORK" ]'
is 'with a folder given it runs there' "$(state "$id") $(printed "$id")" "done $here"
# shellcheck disable=SC2016
id=$(td-submit --workdir -R 2 --backoff 0s -- sh -c 'cat kept; echo "$TD_ATTEMPT" >>kept; exit 1')
td-work --drain
is 'it is kept between the attempts' "$(printed "$id" 2)" 1
is 'and when it has failed' "$(cat "$TASKDIR/work/$id/kept")" '1
2'
conf '[queue careful]' 'workdir = keep'
mv "$TASKDIR/etc/taskdir.conf" "$TASKDIR/etc/queues.conf"
runs -Q careful --workdir -- touch kept
is 'or where the settings say so' "$(state "$id") $(ls "$TASKDIR/work/$id")" 'done kept'
rm "$TASKDIR/etc/queues.conf"
td-tick >/dev/null
is 'a tick takes away what was missed' "$(ls -d "$TASKDIR/work/$id" 2>/dev/null)" ''
# shellcheck disable=SC2016
runs --workdir -- sh -c '
	i=0; while [ $i -lt 300 ]; do mkdir d && cd d || exit; i=$((i + 1)); done
	touch .hidden; cd "$TD_WORK" && mkdir -p a/b && ln -s / a/b/root && chmod 0 a/b a'
is 'a deep and locked one is gone as well' "$(state "$id") $(ls -d "$TASKDIR/work/$id"* 2>/dev/null)" 'done '
exits 'its paths need a folder to start from' 65 td-submit --workdir -r src -- true
like 'or to be absolute' "$err" 'td-submit: reserve: src: *'
try 'these are' td-submit -H --workdir -r /src -r port:1 -- true

runs -R 1 --workdir --limit disk=1M -- sh -c 'head -c 3M /dev/zero >x; sleep 60'
is 'a folder that grows too big ends its task' \
	"$(shown "$id" '.runs[0].outcome') $(why) $(level disk)" 'limit disk limit worker'
runs -R 1 --limit disk=1M -- sh -c "head -c 3M /dev/zero >$here/x"
is 'no other folder counts' "$(state "$id") $(level disk)" 'done none'

# Before the end.
# shellcheck disable=SC2016
id=$(td-submit -R 1 -T 30s --signal USR1@29s -- sh -c '
	sh -c "trap \"echo child\" USR1; while [ -e /proc/$$ ]; do sleep 0.02; done" &
	trap "echo warned; exit 0" USR1; while :; do sleep 0.02; done')
start=$(date +%s)
td-work --once
is 'a signal warns its first process of the timeout' "$(state "$id") $(printed "$id")" 'done warned'
is 'in time' "$(($(date +%s) - start < 10))" 1
runs -R 1 -T 30s --signal USR1@1m -- sleep 60
is 'at once, if there is no such time' "$(ends "$id")" '10 signal failed'
runs -R 1 --silence 1s -- sh -c 'for i in 1 2 3 4 5 6; do echo $i; sleep 0.4; done'
is 'who prints now and then is not silent' "$(state "$id")" 'done'
start=$(date +%s)
runs -R 1 --silence 1s -- sh -c 'echo x; sleep 60'
is 'who prints nothing for so long is ended' "$(shown "$id" '.runs[0].outcome')" silence
is 'soon after' "$(($(date +%s) - start < 10))" 1

# What the settings say where the task says nothing.
conf '[task]' 'file_size = 64K' 'output = 0'
printf '%s\n' '[queue big]' 'file_size = 1M' >"$TASKDIR/etc/queues.conf"
runs -R 1 -- dd if=/dev/zero of="$here/a" bs=32K count=4
is 'the settings limit' "$(why) $(stat -c %s "$here/a")" 'file_size limit 65536'
is 'and a limit of 0 is none' "$(level output)" null
runs -R 1 -Q big -- dd if=/dev/zero of="$here/b" bs=512K count=4
is 'those of the queue over them' "$(why) $(stat -c %s "$here/b")" 'file_size limit 1048576'
runs -R 1 --limit file_size=8K -- dd if=/dev/zero of="$here/c" bs=4K count=4
is 'the task over both' "$(why) $(stat -c %s "$here/c")" 'file_size limit 8192'
rm "$TASKDIR"/etc/*.conf

# Room.
mkdir "$here/small"
if mount -t tmpfs -o size=16M,nr_inodes=2000 none "$here/small" 2>/dev/null; then
	TASKDIR=$here/small/spool
	td-init -qw "$TASKDIR"
	conf '[disk]' 'ballast = 0'
	id=$(td-submit -- true)
	head -c 14M /dev/zero >"$here/small/fill"
	try 'there is room' td-submit -H -- true
	head -c 15500K /dev/zero >"$here/small/fill"
	exits 'with less than 5 % nothing is taken' 75 td-submit -- true
	like 'and that is said' "$err" 'td-submit: refused: less than 5 % of its disk is free: *'
	echo '{"command":["true"]}' >"$TASKDIR/tmp/x"
	mv "$TASKDIR/tmp/x" "$TASKDIR/new/x.json"
	td-tick >/dev/null 2>&1
	is 'what is dropped waits' "$(cd "$TASKDIR/new" && echo ./*.json)" ./x.json
	conf '[disk]' 'free = 0' 'ballast = 0'
	try 'but for who wants to fill it' td-submit -H -- true
	conf '[disk]' 'ballast = 0'
	td-work --once
	is 'what is there is run' "$(state "$id")" 'done'
	rm "$here/small/fill"
	td-tick >/dev/null 2>&1
	is 'with room again it is taken in' "$(find "$TASKDIR/new" -name '*.json')" ''
	(cd "$here/small" && seq 1900 | xargs touch)
	exits 'inodes run out as well' 75 td-submit -- true
	umount -l "$here/small"
else
	skip 'no file system can be mounted: room on a small one'
fi

finish
