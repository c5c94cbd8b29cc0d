#!/bin/sh
# make bench: what things cost here, each beside the floor that it is held
# against.  On a journalled ext4 of its own where root may mount one.
set -u
root=$(cd "${0%/*}/../.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$root/$BUILD ;; esac
make -s -C "$root" BUILD="$BUILD" tests || exit 71
PATH=$BUILD:$BUILD/tests:$PATH
count=${COUNT:-1000}
here=$(mktemp -d "${TMPDIR:-/var/tmp}/td-bench.XXXXXX") || exit 71
worker=
clean_up() {
	[ -z "$worker" ] || kill "$worker" 2>/dev/null
	cd / && umount "$here/disk" 2>/dev/null
	rm -rf "$here"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mkdir "$here/disk"
disk="the folder $here"
if truncate -s 2G "$here/image" && mkfs.ext4 -q -F "$here/image" 2>/dev/null &&
	mount -o loop "$here/image" "$here/disk" 2>/dev/null; then
	disk='ext4 (data=ordered) on a loop device'
fi
cd "$here/disk" || exit 71
spool() { TASKDIR=$here/disk/$1; export TASKDIR; td-init -q --volatile "$TASKDIR"; }
line() { printf '%-52s %10s  %s\n' "$1" "$2" "$3"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

echo "$(nproc) cores, $(uname -r), $disk, $(git -C "$root" rev-parse --short HEAD 2>/dev/null)"

floor=$(bench_spawn 500 true)
line 'spawn of true' "$floor us" floor
for program in td-ls td-submit td-work; do
	cost=$(bench_spawn 300 $program --help)
	line "start of $program --help" "$cost us" "floor + $((cost - floor)) us; goal + 1500"
done

# Turn by turn, since such machines change their pace.
bare=0 ours=0
spool submit
for turn in 1 2 3 4 5; do
	bare=$((bare + $(bench_bare "bare.$turn" "$count")))
	ours=$((ours + $(bench_submit "$TASKDIR" "$count")))
done
line 'bare durable submit' "$((bare / 5))/s" floor
line 'library durable submit' "$((ours / 5))/s" "cost $(ratio $bare $ours) of bare; goal 1.3"
cost=$(bench_spawn 300 td-submit -- true)
line 'td-submit -- true' "$cost us" "$(ratio "$cost" $((floor + 5000000 / bare))) of spawn + bare"

spool start
td-work & worker=$!
until [ -s "$TASKDIR/running/w1/lock" ]; do sleep 0.05; done
sleep 1
: >"$here/disk/starts"
bench_submit "$TASKDIR" 200 "$here/disk/starts" "$BUILD/tests/bench_now" "$here/disk/starts" >spans
line 'submit to first instruction, idle worker, p50' "$(sed -n 100p spans) us" 'goal 2000'
line 'submit to first instruction, idle worker, p99' "$(sed -n 198p spans) us" ''
before=$(awk '{ print $14 + $15 }' "/proc/$worker/stat")
sleep 5
after=$(awk '{ print $14 + $15 }' "/proc/$worker/stat")
line 'ticks of CPU of an idle worker in 5 s' "$((after - before))" 'goal 0'
line 'memory of an idle worker' "$(awk '/^VmRSS/ { print $2 }' "/proc/$worker/status") KiB" 'goal 4096'
kill "$worker"
wait "$worker"
worker=

spool run
seq 2000 | td-submit -x -- true '{}' >/dev/null
start=$(date +%s%N)
td-work --drain -n 2
span=$((($(date +%s%N) - start) / 1000))
line '2,000 true on two workers' "$((2000 * 1000000 / span))/s" 'goal 800'
