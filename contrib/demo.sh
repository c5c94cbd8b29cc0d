#!/bin/sh
# demo.sh: the project's own sources as work for four workers, in a spool of
# its own that goes away with it.  Answers 0 if all came out as it should.
set -eu
root=$(cd "${0%/*}/.." && pwd)
build=${BUILD:-build}
case $build in /*) ;; *) build=$root/$build ;; esac
PATH=$build:$PATH
export PATH
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
trap 'exit 130' INT TERM
TASKDIR=$here/spool
export TASKDIR
cd "$root"
wrong=0

say() { printf '\n== %s\n' "$*"; }

# show LINE: as it would be typed, then what it prints.
show() {
	printf '$ %s\n' "$1"
	sh -c "$1"
}

# expect NAME GOT WANTED
expect() {
	[ "$2" = "$3" ] && return
	printf 'demo: %s: %s, not %s\n' "$1" "$2" "$3" >&2
	wrong=1
}

in_state() { find "$TASKDIR/$1" -name '*.json' | wc -l; }

say 'A spool is a folder'
td-init -q 2>/dev/null "$TASKDIR" || td-init -qw "$TASKDIR"
# shellcheck disable=SC2016
show 'ls $TASKDIR'

say 'Work comes through a pipeline: compile each source, its object reserved'
mkdir "$here/obj"
flags="-std=c17 -D_GNU_SOURCE -DVERSION=\"demo\" -DTASKDIR_ETC=\"/etc\" \
-DTASKDIR_SHARE=\"/usr/share\" -Ilib $(pkg-config --cflags libbsd-overlay \
libcjson inih)"
# A JSON line for each: the words of the command are quoted, the rest is plain.
printf '%s\n' lib/*/*.c | awk -v flags="$flags" -v obj="$here/obj" '
	BEGIN {
		gsub(/"/, "\\\"", flags)
		sub(/ +$/, "", flags)
		gsub(/ +/, "\",\"", flags)
	}
	{
		out = $0
		gsub(/\//, "_", out)
		sub(/c$/, "o", out)
		out = obj "/" out
		printf "{\"title\":\"compile %s\",\"labels\":[\"compile\"],", $0
		printf "\"reserve\":[{\"path\":\"%s\"},", out
		printf "{\"path\":\"%s\",\"mode\":\"shared\"}],", $0
		printf "\"command\":[\"cc\",\"%s\",\"-c\",\"%s\",", flags, $0
		printf "\"-o\",\"%s\"]}\n", out
	}' >"$here/batch.jsonl"
head -n 1 "$here/batch.jsonl"
echo '$ td-submit -b <batch.jsonl'
td-submit -b <"$here/batch.jsonl" >"$here/ids"
echo "$(wc -l <"$here/ids") tasks"

say 'Count the lines of each: many may read what nobody writes'
echo '$ ls lib/*/*.c | td-submit -x -p 3 -l count -s {} -- wc -l {}'
printf '%s\n' lib/*/*.c | td-submit -x -p 3 -l count -s {} -- wc -l {} \
	>>"$here/ids"

say 'One that succeeds the second time, one that never does'
# shellcheck disable=SC2016
retried=$(td-submit -t 'twice is enough' -R 3 --backoff 0s -- \
	sh -c 'echo "attempt $TD_ATTEMPT"; [ "$TD_ATTEMPT" -ge 2 ]')
lost=$(td-submit -t 'a lost cause' -R 2 --backoff 0s -- \
	sh -c 'echo no luck; exit 3')
echo "$retried"
echo "$lost"

say 'One that waits for all of them, however they end'
set --
while read -r id; do
	set -- "$@" -a "$id"
done <"$here/ids"
last=$(td-submit -t 'put it together' "$@" -a "$retried" -a "$lost:ended" \
	-- sh -c "ar rcs '$here/obj/all.a' '$here'/obj/*.o &&
		ar t '$here/obj/all.a' | wc -l")
echo "$last"
show 'td-ls | tail -n 5'

say 'Four workers at once, until there is nothing left to do'
show 'td-work --drain=all -n 4'

say 'What came of it'
for state in ready waiting delayed held running 'done' failed cancelled; do
	printf '%6d %s\n' "$(in_state "$state")" "$state"
done
show 'td-ls -a | tail -n 5'
# shellcheck disable=SC2016
show 'tail -n 3 $TASKDIR/journal/current.jsonl'
say 'Who ran how many'
show "grep -o '\"started\".*\"worker\":\"[^\"]*' \$TASKDIR/journal/*.jsonl |
	sed 's/.*\"//' | sort | uniq -c"
say 'What the lost cause printed, and the history of the one that came back'
show "td-log $lost | tail -n 1"
show "cat \$TASKDIR/done/*/$retried.json" | cut -c 1-160

objects=$(find "$here/obj" -name '*.o' | wc -l)
tasks=$(($(wc -l <"$here/ids") + 3))
expect 'objects' "$objects" "$(wc -l <"$here/batch.jsonl")"
expect 'tasks done' "$(in_state 'done')" $((tasks - 1))
expect 'tasks failed' "$(in_state failed)" 1
expect 'what the last one counted' "$(td-log "$last" | tail -n 1)" "$objects"
expect 'attempts of the retried' \
	"$(grep -c '"event":"run"' "$TASKDIR"/done/*/"$retried".json)" 2
expect 'attempts of the lost' \
	"$(grep -c '"event":"run"' "$TASKDIR"/failed/*/"$lost".json)" 2
say 'Is the spool as it should be?'
show 'td-fsck -n' || wrong=1
[ "$wrong" != 0 ] || say "$tasks tasks, as expected"
exit "$wrong"
