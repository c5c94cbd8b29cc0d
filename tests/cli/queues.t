#!/bin/sh
# etc/queues.conf: limits by queue and project, defaults, barriers.
. "${0%/*}/../lib.sh"

# most NAME: the most tasks that were between `in` and `out` at once.
most() { awk -v n="$1" '$2 == n { c += $1 == "in" ? 1 : -1; if (c > m) m = c } END { print m + 0 }' "$here/runs"; }
# shellcheck disable=SC2016
busy='echo "in $0" >>"$1"; sleep 0.05; echo "out $0" >>"$1"'

spool
cat >"$TASKDIR/etc/queues.conf" <<'EOF'
[queue one]
running = 1
attempts = 2
backoff = 0s
[queue two]
running = 2
[project web]
running = 1
EOF
: >"$here/runs"
for _ in 1 2 3 4; do
	td-submit -q -Q one -- sh -c "$busy" one "$here/runs"
	td-submit -q -Q two -- sh -c "$busy" two "$here/runs"
	td-submit -q --project web -- sh -c "$busy" web "$here/runs"
	td-submit -q -- sh -c "$busy" free "$here/runs"
done >/dev/null
try 'nine workers drain it' td-work --drain -n 9
is 'one at once of a queue with running = 1' "$(most one)" 1
is 'two at most of running = 2' "$(most two)" "$(most two | awk '{ print $1 <= 2 ? $1 : "more than 2" }')"
is 'one at once of a project' "$(most web)" 1
is 'all of them ran' "$(grep -c ^out "$here/runs")" 16

id=$(td-submit -Q one -- false)
td-work --drain
is 'attempts and backoff are the queue'"'"'s' \
	"$(td-show --json "$id" | jq -r '"\(.state) \(.runs | length)"')" 'failed 2'

# Whoever waits for a slot gets it as soon as it is free.
mkfifo "$here/go"
first=$(td-submit -Q one -- sh -c 'echo up >"$0"; read -r _ <"$0"' "$here/go")
spawn td-work -n 2
read -r _ <"$here/go"
second=$(td-submit -Q one -- true)
other=$(td-submit -- true)
td-wait "$other"
is 'a full queue waits, others do not' "$(state "$second")" ready
echo go >"$here/go"
exits 'until its slot is free' 0 td-wait --timeout 20s "$first" "$second"
kill "$pid"
wait "$pid"

# What is wrong is said with file and line; workers go on with what they had.
printf '[queue one]\nrunning = many\n' >"$TASKDIR/etc/queues.conf"
exits 'a bad value is refused' 78 td-work --once
like 'with file and line' "$err" '*etc/queues.conf:2: *running*many*'
printf '[lane one]\n running = 1\n' >"$TASKDIR/etc/queues.conf"
exits 'so is an unknown section' 78 td-work --once
: >"$TASKDIR/etc/queues.conf"

# Settings are taken up without a restart.
spawn td-work --name stays
until_true 10 test -s "$TASKDIR/running/stays/lock"
printf '[task]\nattempts = 1\n' >"$TASKDIR/etc/taskdir.conf"
until_true 10 test -e "$TASKDIR/etc/taskdir.conf"
id=$(td-submit -- true)
td-wait "$id"
taken() { id=$(td-submit --backoff 0s -- false); td-wait "$id"; [ "$(td-show --json "$id" | jq '.runs | length')" = 1 ]; }
try 'a running worker takes new settings up' until_true 10 taken
printf '[task]\nattempts = x\n' >"$TASKDIR/etc/taskdir.conf"
said() { td-submit -q -- true >/dev/null; grep -q bad-settings "$TASKDIR/journal/current.jsonl"; }
try 'a fault in them is told in the journal' until_true 10 said
rm "$TASKDIR/etc/taskdir.conf"
kill "$pid"
wait "$pid"

# A task that lacks its paths for pass_over bars what conflicts with it.
spool bars
printf '[claim]\npass_over = 1s\n' >"$TASKDIR/etc/taskdir.conf"
rm -f "$here/hold"
mkfifo "$here/hold"
first=$(td-submit -r 'src/a' -- sh -c 'read -r _ <"$0"' "$here/hold")
spawn td-work -n 2
until_true 10 test -e "$TASKDIR/reserve/$first.1"
wide=$(td-submit -r 'src/**' -- true)
passed() { [ -e "$TASKDIR/index/passed/$wide" ]; }
try 'a task without its paths is passed over' until_true 10 passed
narrow=$(td-submit -r 'src/b' -- true)
td-wait "$narrow"
is 'at first others go before it' "$(state "$narrow") $(state "$wide")" 'done ready'
touch -d '1 minute ago' "$TASKDIR/index/passed/$wide"
later=$(td-submit -r 'src/c' -- true)
free=$(td-submit -r 'doc' -- true)
td-wait "$free"
is 'then nothing that conflicts does' "$(state "$later") $(state "$free")" 'ready done'
echo go >"$here/hold"
td-wait "$first" "$wide" "$later"
is 'and it runs first' "$(grep '"started"' "$TASKDIR/journal/current.jsonl" | jq -r .id | grep -n "$wide\|$later" | head -n 1 | grep -c "$wide")" 1
kill "$pid"
wait "$pid"
clean
finish
