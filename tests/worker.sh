# shellcheck shell=sh
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
	id=$(td-submit "$@") || return
	td-work --once >"$here/.worker" 2>&1
	status=$?
}

# worker [OPTION...]: one in the background, its pid in $pid.
worker() { spawn td-work "$@"; }

# ended PID...: all of them are gone.
ended() {
	for one; do
		! kill -0 "$one" 2>/dev/null || return 1
	done
}

in_state() { [ "$(state "$1")" = "$2" ]; }

# reaches ID STATE: within half a minute.
reaches() {
	until_true 30 in_state "$1" "$2" ||
		echo "# $1 is $(state "$1"), not $2"
}
