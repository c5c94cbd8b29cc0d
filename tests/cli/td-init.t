#!/bin/sh
. "${0%/*}/../lib.sh"

# This folder may lie where --volatile must be said.
init() { td-init $lasting "$@"; }
lasting=
td-init -q probe || lasting=--volatile

mode() { stat -c '%a' "$1"; }

try 'it makes the spool that it is given' init sub/s1
is 'and prints its absolute path' "$out" "$here/sub/s1"
is 'with the format' "$(cat sub/s1/format)" 'taskdir 1'
is 'closed to others' "$(mode sub/s1) $(mode sub/s1/ready) $(mode sub/s1/new)" '700 700 700'
is 'with a README in every folder' \
	"$(cd sub/s1 && find . -type d | while read -r d; do [ -s "$d/README" ] || echo "$d"; done)" ''
is 'with a folder for each of the skeleton' \
	"$(cd sub/s1 && find . -type d | sort)" "$(cd "$root/spool" && find . -type d | sort)"
is 'and nothing left of the making' "$(ls sub/s1/tmp)" README

find sub/s1 -printf '%p %i %C@\n' | sort >before
exits 'a spool is not made twice' 73 init sub/s1
like 'and it says so' "$err" '*sub/s1: it is a spool already'
find sub/s1 -printf '%p %i %C@\n' | sort >after
is 'nothing was changed' "$(cmp before after)" ''

mkdir full && touch full/file
exits 'a folder with something else in it is refused' 73 init full
is 'and left alone' "$(ls -A full)" file
mkdir empty
try 'an empty folder will do' init empty
mkdir -p half/ready half/ctl
try 'what somebody began is ended' init half
is 'and has the format' "$(cat half/format)" 'taskdir 1'

try 'without a name it is .taskdir' init
is 'here' "$out" "$here/.taskdir"
try '-q is silent' init -q quiet
is 'on standard output' "$out$err" ''
exits 'two folders are one too many' 64 init one two
exits 'an empty name is none' 64 init ''
exits 'no such group' 64 init --shared no-such-group s2
is 'makes no spool' "$(ls -d s2 2>/dev/null)" ''
exits 'a file is no folder' 69 init before/s
exits 'a missing value' 64 td-init --shared

group=$(id -gn)
try 'a group may share it' init --shared "$group" shared
is 'only the drop box' "$(mode shared) $(mode shared/new) $(mode shared/ready)" '710 3770 700'
is 'has its group' "$(stat -c %G shared/new)" "$group"

if [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] && there=$(mktemp -d /dev/shm/td-test.XXXXXX); then
	exits 'tmpfs is refused' 69 td-init "$there/s"
	like 'with what it should be' "$err" '*tmpfs*journalled ext4, xfs or btrfs*'
	is 'and nothing made' "$(ls -A "$there")" ''
	try 'but for --volatile' td-init --volatile "$there/s"
	rm -rf "$there"
else
	skip 'there is no tmpfs'
fi

# Whatever is there at the same time, one makes it.
for i in 1 2 3 4 5 6 7 8; do init -q race 2>/dev/null && echo "$i" >>won & done
wait
is 'one of many at once makes it' "$(wc -l <won)" 1
is 'and it is whole' "$(cd race && find . -type d | wc -l)" "$(cd "$root/spool" && find . -type d | wc -l)"
is 'with an empty tmp' "$(ls race/tmp)" README

finish
