#!/bin/sh
# Every pair of orders on one task at once: one state at the end, exit codes
# that tell what came of it, and a history that can have happened.
. "${0%/*}/../lib.sh"
. "$root/tests/worker.sh"
. "$root/tests/planted.sh"

# Tasks whose history no row of moves can have led to, or to another folder.
cat >"$here/legal.jq" <<'END'
def from: {
	run: ["ready"], held: ["ready", "waiting", "delayed"],
	cancelled: ["ready", "waiting", "delayed", "held"],
	released: ["held"], retried: ["done", "failed", "cancelled"],
	due: ["delayed"], freed: ["waiting"]
};
(input_filename | split("/")[0]) as $folder |
(reduce .history[] as $e ({at: null, ok: true};
	if $e.set.not_before != null then .at = null
	elif $e.then == null then . else
		.ok = (.ok and (.at == null or
			(.at as $at | from[$e.event] | index($at) != null))) |
		.at = $e.then
	end)) as $last |
if $last.ok and ($last.at == null or $last.at == $folder) then empty
else "\(.id) in \($folder): " + ([.history[] |
	"\(.event)>\(.then)"] | join(" ")) end
END
files() {
	(cd "$TASKDIR" && find ready waiting delayed held running 'done' failed \
		cancelled archive -name '*.json' "$@")
}
illegal() {
	(cd "$TASKDIR" && files | grep -v ^archive | xargs jq -r -f "$here/legal.jq" 2>&1)
	files | sed 's|.*/||' | sort | uniq -d
	[ "$(files | wc -l)" = "$(wc -l <"$here/ids")" ] || echo 'some are gone'
	find "$TASKDIR/running" -name '*.*.*'
}

# tasks N [OPTION...] -- COMMAND...: so many, their ids in $here/ids.
tasks() {
	count=$1
	shift
	for _ in $(seq "$count"); do td-submit "$@"; done >"$here/ids"
}

# both FIRST SECOND: each with all ids, one after the other, at the same time.
both() {
	$1 <"$here/ids" >"$here/first" 2>&1 &
	one=$!
	$2 <"$here/ids" >"$here/second" 2>&1
	wait "$one"
}

# answers FIRST|SECOND: of every id what was said, if anything.
answers() {
	while read -r id; do
		said=$(sed -n "s/.*$id: //p" "$here/$1")
		echo "$id ${said:-well}"
	done <"$here/ids"
}
# every FILTER: of all task files.
every() { (cd "$TASKDIR" && files | xargs jq -r "$1" 2>&1); }
histories() { every '"\(.id) " + ([.history[].event] | join(" "))'; }

# told FIRST|SECOND EVENT: whose order was well has it in its history, no other.
told() {
	histories | grep " $2" | cut -d ' ' -f 1 | sort >"$here/have"
	answers "$1" | grep ' well$' | cut -d ' ' -f 1 | sort | diff - "$here/have"
}
states() { files | cut -d / -f 1 | sort | uniq -c | awk '{printf "%s%s %s", s, $1, $2; s = ", "}'; }

spool hold-cancel
tasks 60 -- true
both td-hold td-cancel
is 'hold and cancel: all are cancelled' "$(states)" '60 cancelled'
is 'who was told that it is held, was' "$(told first held)" ''
is 'all were told that it is cancelled' "$(cat "$here/second")" ''
is 'each history is whole' "$(illegal)" ''
clean

spool hold-hold
tasks 60 -- true
both td-hold td-hold
is 'hold and hold: all are held' "$(states)" '60 held'
is 'once' "$(histories | cut -d ' ' -f 2- | sort -u)" 'submitted held'
both td-release td-release
is 'release and release: all are ready' "$(states)" '60 ready'
is 'once, too' "$(histories | cut -d ' ' -f 2- | sort -u)" 'submitted held released'
td-hold <"$here/ids"
both td-release td-cancel
is 'release and cancel: all are cancelled' "$(states)" '60 cancelled'
is 'what was said is so' "$(cat "$here/second")$(answers first |
	grep -v -e ' well$' -e ' it is cancelled$')" ''
is 'each history is whole' "$(illegal)" ''
both td-retry td-retry
is 'retry and retry: all are ready' "$(states)" '60 ready'
is 'each once' "$(histories | grep -c 'retried.*retried')" 0
is 'one of two was told so' "$(cat "$here/first" "$here/second" | grep -c 'it is ready')" 60
both td-hold td-release
is 'hold and release: all were well' "$(cat "$here/first" "$here/second")" ''
is 'each is where its history says' "$(illegal)" ''
clean

spool retry-cancel
tasks 60 -H -- true
td-cancel <"$here/ids"
both td-retry td-cancel
is 'retry and cancel: all were well' "$(cat "$here/first" "$here/second")" ''
is 'each is where its history says' "$(illegal)" ''
clean

# Two settings at once: both are there, and what came last stands.
set_and_set() {
	spool "$1"
	tasks "$2" -- true
	both "$with td-set priority=0 title=first" "$with td-set priority=4 title=second"
	is 'set and set: all were well' "$(cat "$here/first" "$here/second")" ''
	forgotten=$(histories | grep -v 'submitted set set$')
}
with=
set_and_set set-set 60
is 'each has both' "$forgotten" ''
is 'and is what was set last' "$(every '.history[-1].set.priority as $n |
	select(input_filename | contains("/default/\($n)/") | not) | .id')" ''
is 'all of it' "$(td-show -j <"$here/ids" |
	jq 'select(.title != (if .priority == 0 then "first" else "second" end))')" ''
is 'each is where its history says' "$(illegal)" ''
clean
both 'td-set queue=other' 'td-cancel'
is 'set and cancel: all were well' "$(cat "$here/first" "$here/second") $(states)" ' 60 cancelled'
is 'each has what was set' "$(td-show -j <"$here/ids" | jq -r .queue | sort -u)" other
both 'td-set queue=third' 'td-retry'
is 'set and retry: all were well' "$(cat "$here/first" "$here/second") $(states)" ' 60 ready'
is 'each is where its history says' "$(illegal)" ''
both 'td-set not_before=+1h' 'td-hold'
is 'set and hold: all were well' "$(cat "$here/first" "$here/second") $(states)" ' 60 held'
both 'td-set not_before=now' 'td-release'
is 'set and release: all were well' "$(cat "$here/first" "$here/second")" ''
is 'each is where its history says' "$(illegal)" ''
clean

# An archiver's rename asks nobody.
rename_away() {
	mkdir -p "$TASKDIR/archive/2026-11/in"
	while read -r id; do
		mv "$TASKDIR"/cancelled/*/"$id.json" "$TASKDIR/archive/2026-11/in" 2>/dev/null &&
			echo "$id: it is archived"
	done
	true
}
retry_and_rename() {
	spool "$1"
	tasks "$2" -H -- true
	$with td-cancel <"$here/ids"
	both "$with td-retry" rename_away
	twice=$(files | sed 's|.*/||' | sort | uniq -d)
	untrue=$(answers first | while read -r id said; do
		case $said.$(state "$id") in
		well.ready | 'there is no such task.') ;;
		*) echo "$id: $said, $(state "$id")" ;;
		esac
	done)
}
retry_and_rename retry-archive 100
is 'retry and a rename: none is in two places' "$twice" ''
is 'who was told that it is ready, was' "$untrue" ''
is 'none is gone' "$(files | wc -l)" 100

# Claims ask nobody either: a worker waits for what is let go.
: >"$here/seen"
cat >"$here/task" <<'END'
#!/bin/sh
! grep -q '"title":"new"' "$TD_TASK" || echo "$TD_ID" >>"$1"
END
chmod +x "$here/task"

# against_claims SPOOL COUNT ORDER: workers and the order begin with the first
# task at the same moment; both always want the next one.
against_claims() {
	spool "$1"
	td-pause
	tasks "$2" -- "$here/task" "$here/seen"
	$with td-work -n 2 2>/dev/null &
	head=$!
	children="$children $head"
	until_true 10 test -s "$TASKDIR/running/w2/lock"
	both td-resume "$with $3"
	untrue=$(answers second | grep -v -e ' well$' -e ' it is done$' -e ' it is running$')
}
work_off() {
	until_true 30 test -z "$(td-ls -s ready,running)"
	td-wait -s ready,running
	kill "$head"
	wait "$head" 2>/dev/null
}
against_claims hold-claim 100 td-hold
is 'hold and claim: what was said can be' "$untrue" ''
is 'who was told that it is held, has it' "$(answers second | while read -r id said; do
	case $said.$(state "$id") in
	well.held | 'it is done.done') ;;
	*) echo "$id: $said, $(state "$id")" ;;
	esac
done)" ''
both td-release td-hold
td-release <"$here/ids" 2>/dev/null
work_off
is 'each is done at last' "$(states)" '100 done'
is 'each is where its history says' "$(illegal)" ''
clean
# Each is held as soon as it is let go, when a worker has just been woken.
against_releases() {
	spool "$1"
	tasks 60 -H -- "$here/task" "$here/seen"
	td-work -n 2 2>/dev/null &
	head=$!
	children="$children $head"
	until_true 10 test -s "$TASKDIR/running/w2/lock"
	both 'td-release -q' "$with td-hold"
	untrue=$(answers second | grep -v -e ' well$' -e ' it is done$')
	kill "$head"
	wait "$head"
}
against_releases hold-release
is 'hold, release and claim: what was said can be' "$untrue" ''
is 'each is where its history says' "$(illegal)" ''
clean
against_claims order-claim 100 'td-hold --no-wait'
work_off
is 'hold unwaited and claim: what was said can be' "$untrue" ''
is 'each is where its history says' "$(illegal)" ''
clean
against_claims cancel-claim 100 td-cancel
work_off
is 'cancel and claim: what was said can be' "$untrue" ''
is 'it is so for ever' "$(answers second | while read -r id said; do
	case $said.$(state "$id") in
	well.cancelled | 'it is done.done') ;;
	*) echo "$id: $said, $(state "$id")" ;;
	esac
done)" ''
is 'each is where its history says' "$(illegal)" ''
clean
: >"$here/seen"
against_claims set-claim 100 'td-set title=new'
work_off
is 'set and claim: what was said can be' "$untrue" ''
is 'what is set before a run counts for it, and no other' "$(histories | while read -r id events; do
	case $events.$(grep -c "$id" "$here/seen") in
	*set*run.1) ;;
	*set*run.0 | *.1) echo "$id: $events" ;;
	*) ;;
	esac
done)" ''
is 'each is where its history says' "$(illegal)" ''
clean

# All at once on a few tasks.
spool chaos
tasks 6 -R 2 -- sh -c 'sleep 0.00$(($$ % 7)); exit $(($$ % 3))'
conf '[task]' 'backoff = 0s'
chaos() { while ! [ -e "$here/stop" ]; do shuf "$here/ids" | "$@" >"$here/.$1" 2>&1; done; }
worker -n 3
head=$pid
crew=
for order in td-hold td-release td-retry td-cancel 'td-set priority=1' \
	'td-set queue=other priority=3' 'td-retry --dependents'; do
	# shellcheck disable=SC2086
	chaos $order & crew="$crew $!"
done
sleep 4
: >"$here/stop"
# shellcheck disable=SC2086
wait $crew
td-release <"$here/ids" 2>/dev/null
kill "$head"
wait "$head"
is 'all at once: each is where its history says' "$(illegal)" ''
is 'and its attempts are numbered one by one' "$(every '[.history[]|select(.event == "run").n] |
	select(. != [range(1; length + 1)]) | tojson')" ''
clean

# Each of these must show, in one of some races.
shows() {
	what=$1 seen=
	shift
	for round in 1 2 3 4 5 6 7 8; do
		seen=$("$@" "$flag-$round")
		[ "$seen" = '' ] || break
	done
	if [ "$seen" != '' ]; then pass "caught: $what"
	else fail "not caught: $what"; fi
}
bug() {
	planted "$@"
	with="env PATH=$bug:$PATH"
}
let_go() {
	set_and_set "$1" 60 >/dev/null
	echo "$forgotten"
}
by_link() {
	retry_and_rename "$1" 60
	echo "$twice$untrue"
}
is_gone() {
	against_claims "$1" 60 'td-hold --no-wait'
	kill "$head"
	echo "$untrue"
}
append_first() {
	against_claims "$1" 60 'td-hold --no-wait'
	kill "$head"
	wait "$head"
	illegal
}
bug BUG_LOCK_LET_GO lib/spool/entry.c td-set
shows 'a lock that is let go before the write' let_go
bug BUG_MOVE_BY_LINK lib/spool/entry.c td-retry td-cancel
shows 'a move that is no rename' by_link
bug BUG_LOST_IS_GONE lib/spool/steer.c td-hold
shows 'a lost race told as a task that is gone' is_gone
bug BUG_APPEND_FIRST lib/spool/entry.c td-hold
shows 'an entry in front of the move' append_first
finish
