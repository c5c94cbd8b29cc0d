#!/bin/sh
# Submits against the removal of buckets that claims have emptied.
. "${0%/*}/../lib.sh"

spool
spawn td-work -n 2
worker=$pid
submit() { for _ in $(seq 60); do td-submit -- true || echo "exit $?"; done >"$here/ids.$1" 2>&1; }
submitters=
for i in 1 2 3 4; do submit $i & submitters="$submitters $!"; done
# shellcheck disable=SC2086
wait $submitters
cat "$here"/ids.* >"$here/ids"
is 'every submit printed an id' "$(grep -c '^[0-9a-z]\{16\}$' "$here/ids")" 240
exits 'and every task is done' 0 sh -c 'td-wait --timeout 60s $(cat "$0")' "$here/ids"
kill "$worker"
wait "$worker"
is 'the worker ends well' $? 0
is 'none is left behind' "$(find "$TASKDIR/ready" "$TASKDIR/running" -name '*.json')" ''
clean
finish
