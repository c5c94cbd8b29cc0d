#!/bin/sh
# Dead workers: what they were at comes back, never while it still runs.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool
conf '[run]' 'grace = 0.3s'
find_level
now() { date +%s%N; }

# killed: the worker $pid, by nothing that it could hear of.
killed() {
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
}

# Beside an idle worker it is back within a second.

spawn td-work --name idler -Q none
idler=$pid
until_true 10 test -e "$TASKDIR/running/idler/lock"
slowest=0
for _ in 1 2 3 4 5; do
	starts_family --backoff 0s -- td-work --once
	from=$(now)
	killed
	until_true 20 in_state "$id" ready
	took=$((($(now) - from) / 1000000))
	[ "$took" -le "$slowest" ] || slowest=$took
	bereft_family_ended || echo "# some lived on"
	td-cancel "$id"
done
echo "# back after $slowest ms at most"
is 'a dead worker'\''s task is back within a second' "$((slowest < 1000))" 1

starts_family -- td-work --once
killed
reaches "$id" ready
try 'all of its processes being dead by then' bereft_family_ended
is 'as lost' "$(ends "$id")" '- lost ready'
is 'with the words that it printed' "$(printed "$id")" begin
is 'which is in the journal' "$(tail -n 1 "$TASKDIR/journal/current.jsonl" |
	jq -r '"\(.event) \(.outcome) \(.state)"')" 'ended lost ready'
is 'and nothing is left in the slot' "$(ls "$TASKDIR/running/w1")" lock
kill "$idler"
wait "$idler"
td-cancel "$id"

# With nobody there, the next round of upkeep sees to it.

starts_family -- td-work --name mine
killed
is 'without anybody it stays' "$(state "$id")" running
try 'td-tick' td-tick
is 'brings it back' "$(state "$id") $(ends "$id")" 'ready - lost ready'
try 'over the dead bodies of all that it started' bereft_family_ended
td-cancel "$id"

# Or the worker itself, when it is started again.

starts_family --backoff 0s -- td-work --name mine
killed
td-submit -p 0 -H -- true >/dev/null
worker --name mine --once
exec 5<>"$here/there"
read -r _ <&5
is 'started again by its name it takes it up again' \
	"$(state "$id") $(shown "$id" '.runs|length')" 'running 1'
[ "$level" = cgroup ] || kill -9 "$forgetful"
# shellcheck disable=SC2086
try 'all of the old one being dead' ended $pids
exec 6<&-
td-cancel "$id"
wait "$pid"
exec 5<&-

# Three times is enough.

id=$(td-submit --backoff 0s -R 9 -- sh -c "echo >'$here/said'; exec sleep 1000")
mkfifo "$here/said"
exec 4<>"$here/said"
for _ in 1 2 3; do
	worker
	read -r _ <&4
	killed
done
td-tick
is 'three deaths of workers' "$(ends "$id")" \
	'- lost ready, - lost ready, - lost held'
is 'set a task aside' "$(state "$id")" held
is 'and say why' "$(shown "$id" '.runs[2].why')" 'its worker died three times'
td-cancel "$id"

# What the attempt said before its worker died is believed.

id=$(td-submit -- sh -c "td-finish --result - <<'JSON'
{\"ok\": 1}
JSON
echo >'$here/said'; exec sleep 1000")
worker
read -r _ <&4
killed
td-tick
is 'its own word is kept' "$(state "$id") $(ends "$id") $(shown "$id" \
	'.runs[0].result.ok')" 'done 0 done done 1'
id=$(td-submit -- sh -c "echo >'$here/said'; exec sleep 1000")
worker
read -r _ <&4
kill -STOP "$pid"
td-cancel --no-wait -m 'no more' "$id"
killed
td-tick
is 'so is an order' "$(state "$id") $(shown "$id" '.runs[0].why')" \
	'cancelled no more'

# Before the attempt's first line nothing has happened yet.
mkdir "$TASKDIR/running/ghost"
id=$(td-submit -- true)
mv "$(td-path "$id")" "$TASKDIR/running/ghost/"
: >"$TASKDIR/running/ghost/lock"
td-tick
is 'a claim that went no further is undone' "$(state "$id") $(ends "$id")" 'ready '
is 'and noted' "$(shown "$id" '.events[-1].event')" returned
mv "$(td-path "$id")" "$TASKDIR/running/ghost/"
: >"$TASKDIR/running/ghost/$id.1.lock"
td-tick
is 'one with its attempt about to begin, too' "$(state "$id") $(ends "$id")" 'ready '
is 'nothing of it is left' "$(ls "$TASKDIR/running/ghost")" lock
td-work --drain
is 'it is run once' "$(ends "$id")" '0 done done'

# An end that is written and not moved is moved, and nothing run again.
id=$(td-submit -- sh -c "echo x >>'$here/count'")
b=$(td-submit -a "$id" -- true)
td-work --once
mv "$(td-path "$id")" "$TASKDIR/running/ghost/"
: >"$TASKDIR/running/ghost/$id.1.lock"
td-tick
is 'an end that was written stands' "$(state "$id") $(ends "$id")" 'done 0 done done'
td-work --drain
is 'nothing is run again' "$(cat "$here/count")" x
is 'what waited is free' "$(state "$b")" 'done'
mkdir -p "$TASKDIR/ready/default/2"
mv "$(td-path "$id")" "$TASKDIR/ready/default/2/"
td-work --drain
is 'also where it was put back by hand' "$(state "$id") $(cat "$here/count")" 'done x'

# What we can neither see nor end is still there: its lock says so.

if [ "$(id -u)" = 0 ]; then
	id=$(td-submit -C / -- true)
	next=$(td-submit -C / -- true)
	mkdir -p "$TASKDIR/running/w1"
	mv "$(td-path "$id")" "$TASKDIR/running/w1/"
	# shellcheck disable=SC2016
	spawn sh -c 'exec 9>"$1" && flock 9 && exec sleep 1000' sh \
		"$TASKDIR/running/w1/$id.1.lock"
	until_true 10 sh -c "! flock -n '$TASKDIR/running/w1/$id.1.lock' true"
	chmod 755 "$here"
	chmod -R a+rwX "$TASKDIR"
	other() { setpriv --reuid=65534 --clear-groups "$@"; }
	try 'its slot is no use, but there are others' other td-work --once
	is 'which go on' "$(state "$id") $(state "$next") $(shown "$next" \
		'.runs[0].worker')" 'running done w2'
	exits 'by its name it is refused' 75 other td-work --once --name w1
	is 'with the reason' "$err" 'td-work: w1: an attempt before cannot be ended'
	from=$(now)
	other td-tick
	is 'nobody waits for it' "$((($(now) - from) / 1000000000 < 4)) $(state "$id")" \
		'1 running'
	kill "$pid"
	wait "$pid" 2>/dev/null
	touch "$TASKDIR/running/w1/$id.1.lock"
	other td-work --drain
	is 'until it is gone' "$(state "$id")" 'done'
else
	skip 'only root can hold what others cannot see'
fi

# A slot that is taken blocks no other.

a=$(td-submit -- true)
# shellcheck disable=SC2016
spawn sh -c 'exec 9<>"$1" && flock 9 && exec sleep 1000' sh \
	"$TASKDIR/running/w1/lock"
until_true 10 sh -c "! flock -n '$TASKDIR/running/w1/lock' true"
try 'a slot that is taken is passed over' td-work --drain
is 'by the next' "$(shown "$a" '.runs[0].worker')" w2
exits 'by its name it is refused' 75 td-work --once --name w1
is 'and it is said why' "$err" 'td-work: w1: another worker has it'
kill "$pid"

# Nor does one with what cannot be read.

mkdir "$TASKDIR/running/w0"
id=$(td-submit -- true)
rm "$(td-path "$id")"
ln -s /nowhere "$TASKDIR/running/w0/$id.json"
exits 'a slot with what is no file' 75 td-work --once --name w0
is 'is cleared' "$(cd "$TASKDIR/bad" && echo *"$id"*) $(ls "$TASKDIR/running/w0")" \
	"$id.json $id.json.why lock"
finish
