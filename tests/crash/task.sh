#!/bin/sh
# What the swept tasks do.  Beside the spool each notes its start in `runs`,
# once for an attempt, and says so in `complaints` if another run of the same
# task, or a holder of the same path, is alive: no two may be.
here=${TASKDIR%/*}
alone() {
	flock -n "$2" || echo "$TD_ID $TD_ATTEMPT: $1" >>"$here/complaints"
}
exec 9>>"$here/alive.$TD_ID"
alone 'another run of it is alive' 9
echo "$TD_ID $TD_ATTEMPT" >>"$here/runs"

case $1 in
well) ;;
again) # fails once
	[ ! -e "$here/again.$TD_ID" ] && : >"$here/again.$TD_ID" && exit 1
	;;
never) exit 64 ;;
path)
	exec 8>>"$here/path.$2"
	alone "somebody has the path $2" 8
	;;
stray) setsid sleep 60 >/dev/null 2>&1 & ;;
slow) sleep 60 ;;
nap) sleep 0.2 ;;
input) cat >"$here/input.$TD_ID" ;;
cancel)
	td-cancel --no-wait "$TD_ID"
	sleep 60
	;;
finish) td-finish --exit 64 ;;
swept) # td-finish dies at a point
	read -r process call <"$here/point"
	"$DIE_AT" -l -o "$here/report" "$process" "$call" td-finish --exit 64
	;;
esac
exit 0
