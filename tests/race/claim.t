#!/bin/sh
# 16 claimers, 1,000 tasks: each is run once.
. "${0%/*}/../lib.sh"
. "$root/tests/planted.sh"

count=1000

# race WORKER...: what ran, one line each, in $here/runs.
race() {
	spool "$1"
	shift
	: >"$here/runs"
	seq "$count" | td-submit -x -- sh -c 'echo "$0" >>"$1"' '{}' "$here/runs" >/dev/null
	crew=
	for _ in 1 2 3 4; do "$@" & crew="$crew $!"; done
	# shellcheck disable=SC2086
	wait $crew
}

race spool td-work --drain -n 4
is 'every task ran' "$(sort -n "$here/runs" | uniq | wc -l)" "$count"
is 'none ran twice' "$(sort -n "$here/runs" | uniq -d)" ''
is 'all are done' "$(find "$TASKDIR/done" -name '*.json' | wc -l)" "$count"
is 'no bucket is left' "$(find "$TASKDIR/ready" -mindepth 3 -type d)" ''
clean

count=200
planted BUG_CLAIM_BY_COPY lib/spool/claim.c td-work
PATH=$bug:$PATH
race copied timeout -k 1 10 td-work --drain -n 4
if [ "$(sort -n "$here/runs" | uniq -d)" != '' ]; then
	pass 'a claim that is no rename is caught'
else
	fail 'a claim that is no rename is caught'
fi
finish
