# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154
# For tests that let workers run tasks: source lib.sh first.

# shown ID FILTER: of the whole task, by jq; without a filter its state.
shown() { td-show --json "$1" 2>&1 | jq -r "${2:-.state}" 2>&1; }

# ends ID: the exit and signal of every attempt, its outcome, where it went.
ends() { shown "$1" '[.runs[]|"\(.exit//.signal//"-") \(.outcome) \(.then)"]|join(", ")'; }

# printed ID [N]: what the attempt printed, without the line that repeats it.
printed() { sed 1d "$TASKDIR"/log/*/"$1.${2:-1}.log"; }

# conf LINE...: the spool's settings.
conf() { printf '%s\n' "$@" >"$TASKDIR/etc/taskdir.conf"; }

# Tries in TASK: submits it, lets a worker run it, leaves the id in $id.
runs() {
	id=$(td-submit ${ASAN_OPTIONS:+-e ASAN_OPTIONS} "$@") || return
	td-work --once >"$here/.worker" 2>&1
	status=$?
}

# worker [OPTION...]: one in the background, its pid in $pid.
worker() { spawn td-work "$@"; }

# ended PID...: all of them are gone, or dead at least.
ended() {
	for one; do
		case $(ps -o stat= -p "$one") in
		'' | Z*) ;;
		*) return 1 ;;
		esac
	done
}

in_state() { [ "$(state "$1")" = "$2" ]; }

# reaches ID STATE: within half a minute.
reaches() {
	until_true 30 in_state "$1" "$2" ||
		echo "# $1 is $(state "$1"), not $2"
}

# A task that has children in every corner, none of which minds TERM; all of
# them hold a fifo open, but for one that has closed all and forgotten all.
cat >"$here/family" <<'FAMILY'
#!/bin/bash
trap '' TERM
exec 9>"$1"
echo begin
setsid sh -c 'trap "" TERM; echo $$ >&9; while :; do sleep 1000; done' &
(setsid sh -c 'trap "" TERM; (sleep 1000; :) & echo $! >&9' &)
sh -c 'echo $$ >&9; kill -STOP $$' &
sleep 1000 9>&9 &
echo "$!" >&9
(env -i setsid bash -c 'trap "" TERM; echo "$$ forgetful" >&9
	for fd in /proc/$$/fd/*; do eval "exec ${fd##*/}>&-"; done
	while :; do sleep 1000; done' &)
wait
wait
wait
FAMILY
chmod +x "$here/family"

# starts_family OPTION... -- COMMAND...: submits it, starts the worker that
# the command is, and waits until all are there: $id, $pid, $pids.
starts_family() {
	rm -f "$here/there" && mkfifo "$here/there"
	options=
	while [ "$1" != -- ]; do options="$options $1"; shift; done
	shift
	# shellcheck disable=SC2086
	id=$(td-submit $options -- "$here/family" "$here/there")
	exec 5<>"$here/there"
	spawn "$@"
	pids=
	for one in 1 2 3 4 5; do
		read -r one kind <&5
		pids="$pids $one"
		[ -z "$kind" ] || forgetful=$one
	done
	exec 6<"$here/there"
	exec 5<&-
}

# family_ended: nobody holds the fifo, and who has closed it is dead as well.
family_ended() {
	timeout 10 cat <&6 >/dev/null
	held=$?
	exec 6<&-
	# shellcheck disable=SC2086
	[ "$held" = 0 ] && ended $pids
}

# bereft_family_ended: the same, where the worker is dead.  Who has forgotten
# all is found by a cgroup alone, where there was one.
bereft_family_ended() {
	[ "$level" = cgroup ] || kill -9 "$forgetful"
	family_ended
}

# level: cgroup, if one can be made here for what workers run, or subreaper.
find_level() {
	runs -- true
	level=$(shown "$id" '.runs[0].contained_by')
}
