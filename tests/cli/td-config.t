#!/bin/sh
. "${0%/*}/../lib.sh"

spool
# The installed files, if there are any, are none of this test's business.
try 'it prints every setting' td-config
like 'built-in values are named so' "$out" '*task.attempts = 4	# *'
like 'and the spool' "$out" "spool = $TASKDIR	# environment TASKDIR*"
exits 'every key of taskdir.conf is there' 0 sh -c 'td-config >all
	sed -n "s/^# \([a-z_]*\) = .*/\1/p" "$0" | while read -r key; do
		grep -q "[.]$key = " all || exit 1
	done' "$root/etc/taskdir.conf"

printf '[task]\n# more\nattempts = 7\n' >"$TASKDIR/etc/taskdir.conf"
printf '[queue one]\nrunning = 3\n' >"$TASKDIR/etc/queues.conf"
is 'the spool'"'"'s file wins, with its line' "$(td-config task.attempts)" \
	"task.attempts = 7	# $TASKDIR/etc/taskdir.conf:3"
is 'a key may be cut to its end' "$(td-config -q attempts)" 7
is 'queues have theirs' "$(td-config queue.one.running)" \
	"queue.one.running = 3	# $TASKDIR/etc/queues.conf:2"
is 'as JSON' "$(td-config -j task.attempts | jq -r '.key + " " + .value')" 'task.attempts 7'
is 'an option names the spool' "$(td-config -d "$TASKDIR" spool)" "spool = $TASKDIR	# option -d"
exits 'an unknown key is 66' 66 td-config task.colour
exits 'two keys are too many' 64 td-config a b
printf '[task]\nattempts = 0\n' >"$TASKDIR/etc/taskdir.conf"
exits 'a fault is 78' 78 td-config
like 'with file, line and key' "$err" "*$TASKDIR/etc/taskdir.conf:2: attempts*"
exits 'no spool is 66' 66 td-config -d "$here/none"
finish
