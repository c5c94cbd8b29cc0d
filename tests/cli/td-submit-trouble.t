#!/bin/sh
# td-submit where the disk is full, or does not keep what it is given.
. "${0%/*}/../lib.sh"

leftover() { find "$TASKDIR/tmp" -type f ! -name README; }
tasks() { find "$TASKDIR" -name '*.json'; }

# A small file system of its own, where that is allowed.
if unshare -Urm true 2>/dev/null; then
	cat >"$here/full.sh" <<-'END'
		mount -t tmpfs -o size=1m none "$1" || exit 9
		TASKDIR=$1/spool
		export TASKDIR
		td-init -qw "$TASKDIR" || exit 9
		printf '[disk]\nfree = 0\n' >"$TASKDIR/etc/taskdir.conf"
		td-submit -q -- true >/dev/null || exit 9
		dd if=/dev/zero of="$1/rest" bs=4k 2>/dev/null
		shift
		find "$TASKDIR" -type f ! -path '*/journal/*' ! -path '*/ctl/*' | sort >"$OLDPWD/before"
		"$@"
		status=$?
		find "$TASKDIR" -type f ! -path '*/journal/*' ! -path '*/ctl/*' | sort >"$OLDPWD/after"
		exit "$status"
	END
	mkdir "$here/disk"
	full() { (OLDPWD=$here && export OLDPWD && unshare -Urm sh "$here/full.sh" "$here/disk" "$@"); }
	same() { is "$1: nothing is left behind" "$(cat "$here/after")" "$(cat "$here/before")"; }
	exits 'a full disk' 75 full td-submit -- true
	is 'is said' "$err" 'td-submit: refused: No space left on device'
	same 'one task'
	exits 'with a key' 75 full td-submit -u key -- true
	same 'a key'
	exits 'with its input' 75 full sh -c 'head -c 100000 /dev/zero | td-submit -i - -- cat'
	same 'an input'
	seq 3000 | sed 's/.*/{"command":["true","&"]}/' >"$here/batch"
	exits 'a batch' 75 full td-submit -b "$here/batch"
	is 'prints no id' "$out" ''
	same 'a batch'
	head -n 5 "$here/batch" >"$here/few"
	exits 'a small batch' 75 full td-submit -b "$here/few"
	same 'a small batch'
else
	skip 'a full disk: no mount for us'
fi

if ! command -v strace >/dev/null || ! strace -o "$here/trace" true 2>/dev/null; then
	skip 'a flush that fails: no strace'
	finish
fi

spool
fails() { ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$here/trace" -e "inject=$1:error=EIO$2" sh -c "$3"; }
exits 'a flush that fails' 74 fails fsync '' 'exec td-submit -- true'
like 'is said, with the id' "$err" 'td-submit: outcome unknown: ????????????????; td-show tells*: Input/output error'
exits 'and from then on' 75 fails fsync '' 'exec td-submit -- true'
like 'it is refused' "$err" 'td-submit: refused: its disk does not keep what is flushed*'
is 'with nothing left behind' "$(tasks | wc -l) $(leftover)" '1 '
try 'until the disk is sound again' td-submit -- true
exits 'with a key' 74 fails fsync ':when=4+' 'exec td-submit -u key -- true'
like 'the same command is safe' "$err" '*outcome unknown: *; the same command with the same -u is safe*'
try 'which it is' td-submit -u key -- true
is 'there is one of it' "$(grep -l '"unique":"key"' "$TASKDIR"/ready/*/*/*/*.json)" \
	"$(td-path "$out")"
exits 'a large batch' 74 fails syncfs '' 'seq 100 | exec td-submit -x -- true'
like 'is said, too' "$err" '*outcome unknown: 100 of 100 tasks may be queued, with these ids*'
is 'with the ids' "$(echo "$out" | wc -l)" 100
exits 'a folder that cannot be written' 75 fails openat ':when=20+' 'exec td-submit -- true'
finish
