#!/bin/sh
# Two ends free one dependent at the same moment: it runs once, and at all.
. "${0%/*}/../lib.sh"

spool
: >"$here/runs"
for i in $(seq 40); do
	printf '{"ref":"a%s","command":["true"]}\n{"ref":"b%s","command":["true"]}\n' "$i" "$i"
	printf '{"command":["sh","-c","echo %s >>%s/runs"],"after":[{"ref":"a%s"},{"ref":"b%s"}]}\n' \
		"$i" "$here" "$i" "$i"
done | td-submit -b >/dev/null
try 'four workers drain it' td-work --drain -n 4
is 'each dependent ran' "$(sort -n "$here/runs" | uniq | wc -l)" 40
is 'none ran twice' "$(sort -n "$here/runs" | uniq -d)" ''
is 'nothing waits any more' "$(find "$TASKDIR/waiting" -name '*.json')" ''
is 'no hint is left' "$(find "$TASKDIR/index/after" -type f ! -name README 2>/dev/null)" ''
clean
finish
