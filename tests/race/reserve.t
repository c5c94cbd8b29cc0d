#!/bin/sh
# 64 reservers at once over 50 paths, some of them killed: no overlap.
. "${0%/*}/../lib.sh"
. "$root/tests/planted.sh"
unset TD_RESERVATION

# race NAME COUNT COMMAND...: what overlapped is in $here/NAME.oracle/overlaps.
race() {
	spool "$1"
	oracle=$here/$1.oracle
	mkdir "$oracle"
	: >"$oracle/overlaps"
	count=$2
	shift 2
	"$@" "$BUILD/tests/reserve_race" "$oracle" "$count"
}

count_of() { echo "$all" | sed "s/.*$1 \\([0-9]*\\).*/\\1/"; }

all=$(race spool 2000 env)
is 'nobody overlaps' "$(cat "$here/spool.oracle/overlaps")" ''
is 'nobody fails' "$(count_of failed)" 0
[ "$(count_of got)" -gt 500 ] || fail 'many got what they asked for' "$all"
[ "$(count_of killed)" -gt 50 ] || fail 'many were killed' "$all"
export TASKDIR="$here/spool"
is 'nothing is held afterwards' "$(td-reserve --list)" ''
td-reserve free -- true
try 'all is free' td-reserve -n '/**' -- true
is 'only the last record is left' "$(cd "$TASKDIR/reserve" && find . -type f ! -name README ! -name .mutex | wc -l)" 1

planted BUG_RESERVE_NO_MUTEX lib/spool/reserve.c td-reserve
for round in 1 2 3; do
	with_bug race "bug$round" 400 env >/dev/null 2>&1
	[ ! -s "$here/bug$round.oracle/overlaps" ] || break
done
if [ -s "$here/bug$round.oracle/overlaps" ]; then
	pass 'without the mutex they overlap, and it is seen'
else
	fail 'without the mutex they overlap, and it is seen'
fi
finish
