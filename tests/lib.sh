# shellcheck shell=sh
# What every command-line test needs: the built programs first in PATH, a
# folder of its own that goes away with it, and TAP.  A test reads:
#
#	. "${0%/*}/../lib.sh"
#	spool
#	id=$(td-submit -- true)
#	try 'a worker runs it' td-work --once
#	is 'it is done' "$(state "$id")" 'done'
#	finish

root=$(cd "${0%/*}" && while ! [ -e Makefile ] && [ "$PWD" != / ]; do cd ..; done && pwd)
BUILD=${BUILD:-$root/build}
case $BUILD in /*) ;; *) BUILD=$root/$BUILD ;; esac
PATH=$BUILD:$PATH
export PATH BUILD
export LC_ALL=C.UTF-8 TZ=UTC
unset TASKDIR TD_ID TD_KEY TD_TASK TD_ATTEMPT TD_LOG TD_RESULT XDG_STATE_HOME

# shellcheck disable=SC2034
self=$(cd "${0%/*}" && pwd)/${0##*/}
here=$(mktemp -d "${TMPDIR:-/tmp}/td-test.XXXXXX") || exit 1
here=$(cd "$here" && pwd -P)
cd "$here" || exit 1
tests=0 failures=0 children=

# Everything started with `spawn` is ended with the test.
clean_up() {
	for child in $children; do kill -9 "$child" 2>/dev/null; done
	wait 2>/dev/null
	cd / && rm -rf "$here"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# shellcheck disable=SC2034
spawn() { "$@" & children="$children $!"; pid=$!; }

pass() { tests=$((tests + 1)); echo "ok $tests - $1"; }
fail() {
	tests=$((tests + 1)) failures=$((failures + 1))
	echo "not ok $tests - $1"
	shift
	for line; do printf '%s\n' "$line" | sed 's/^/#   /'; done
}
skip() { tests=$((tests + 1)); echo "ok $tests - # SKIP $1"; }

# is NAME GOT WANTED
is() {
	if [ "$2" = "$3" ]; then pass "$1"
	else fail "$1" "got:    $2" "wanted: $3"; fi
}

# like NAME TEXT PATTERN (a case pattern)
like() {
	# shellcheck disable=SC2254
	case $2 in
	$3) pass "$1" ;;
	*) fail "$1" "got:    $2" "wanted: $3" ;;
	esac
}

# try NAME COMMAND...: it answers 0.  Its output is in $out, its words in $err.
try() { wanted_name=$1; shift; exits "$wanted_name" 0 "$@"; }

# exits NAME STATUS COMMAND...
exits() {
	name=$1 wanted=$2
	shift 2
	"$@" >"$here/.out" 2>"$here/.err" </dev/null
	got=$?
	out=$(cat "$here/.out") err=$(cat "$here/.err")
	if [ "$got" = "$wanted" ]; then pass "$name"
	else fail "$name" "exit: $got, wanted $wanted" "$out" "$err"; fi
}

# until_true SECONDS COMMAND...: waits for what other processes bring about.
until_true() {
	deadline=$(($(date +%s) + $1))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -le "$deadline" ] || return 1
		sleep 0.02
	done
}

# A new spool, in $TASKDIR; where a power cut would empty it, it is said.
# shellcheck disable=SC2120
spool() {
	TASKDIR=$here/${1:-spool}
	export TASKDIR
	td-init -q "$TASKDIR" 2>"$here/.err" || td-init -qw "$TASKDIR" ||
		{ echo "Bail out! td-init"; exit 1; }
}

# state ID: the folder that it lies in.
state() { path=$(cd "$TASKDIR" && ls -d ready/*/*/"$1".json ready/*/*/*/"$1".json running/*/"$1".json waiting/*/"$1".json delayed/*/"$1".json held/*/"$1".json 'done'/*/"$1".json failed/*/"$1".json cancelled/*/"$1".json 2>/dev/null); echo "${path%%/*}"; }

# The last lines: nothing is left that is wrong with the spool.
clean() { exits "${1:-the spool is clean}" 0 td-fsck -n; }

finish() {
	echo "1..$tests"
	[ "$failures" = 0 ]
	exit
}
