#!/bin/sh
# Every bad submission of tests/bad-tasks is refused whole, with one line that
# names the line of input, the field and the fault.
. "${0%/*}/../lib.sh"

spool
for file in "$root"/tests/bad-tasks/*.json; do
	name=${file##*/} name=${name%.json}
	IFS= read -r why <"${file%.json}.why"
	td-submit -b "$file" >"$here/out" 2>"$here/err"
	status=$?
	text=$(cat "$here/err")
	# shellcheck disable=SC2254
	case $text in
	*"
"*) fail "$name: one line" "$text" ;;
	"td-submit: line 1: "$why)
		is "$name" "$status $(cat "$here/out")" '65 ' ;;
	*) fail "$name" "exit $status: $text" "wanted: $why" ;;
	esac
done
is 'nothing came of them' "$(find "$TASKDIR" -name '*.json')" ''
is 'nothing is left of them' "$(find "$TASKDIR/tmp" -type f ! -name README)" ''

# In a batch the good ones come to nothing, too.
{
	printf '{"command":["true"]}\n\n'
	cat "$root/tests/bad-tasks/priority-9.json"
	printf '{"command":["true"]}\n'
} >"$here/batch"
exits 'a batch with one bad line' 65 td-submit -b "$here/batch"
is 'says which' "$err" 'td-submit: line 3: priority: 9 is not 0 to 4'
is 'and prints no id' "$out" ''
is 'nothing came of it' "$(find "$TASKDIR" -name '*.json')" ''
exits '--keep-going takes the good ones' 65 \
	td-submit --keep-going -b "$here/batch"
is 'complains of the bad one' "$err" \
	'td-submit: line 3: priority: 9 is not 0 to 4'
is 'and prints their ids' "$(echo "$out" | wc -l)" 2
is 'which are there' "$(find "$TASKDIR/ready" -name '*.json' | wc -l)" 2
finish
