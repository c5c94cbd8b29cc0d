#!/bin/sh
# A reader beside a tail that grows and a task that moves never sees a part.
. "${0%/*}/../lib.sh"

spool
id=$(td-submit -R 60 --backoff 0s -- false)
spawn td-work --drain
worker=$pid
seen=0 torn=0
while [ "$(state "$id")" != failed ] && kill -0 "$worker" 2>/dev/null; do
	td-show --json "$id" >"$here/shown" || torn=$((torn + 1))
	jq -e --arg id "$id" '.id == $id and (.runs | length) >= 0' "$here/shown" >/dev/null ||
		torn=$((torn + 1))
	seen=$((seen + 1))
done
wait "$worker"
is 'the worker ends well' $? 0
is 'every look saw a whole task' "$torn" 0
is 'there were looks' "$([ "$seen" -gt 5 ] && echo yes)" yes
is 'all attempts are told' "$(td-show --json "$id" | jq '.runs | length')" 60
clean
finish
