#!/bin/sh
# The drop box: what is renamed into new/ becomes a task, or is put aside.
. "${0%/*}/../lib.sh"

take_in() { "$BUILD/tests/import_drops" "$@"; }
drop() { printf '%s' "$2" >"$here/drop" && mv "$here/drop" "$TASKDIR/new/$1"; }
left() { find "$TASKDIR/new" "$TASKDIR/tmp" ! -type d ! -name README; }
tasks() { find "$TASKDIR/ready" -name '*.json'; }
# bad NAME WHAT: it lies in bad/, and why it does.
bad() {
	if [ -e "$TASKDIR/bad/$1" ] || [ -L "$TASKDIR/bad/$1" ]; then
		like "$1: $2" "$(cat "$TASKDIR/bad/$1.why" 2>&1)" "*: $2*"
	else
		fail "$1 is put aside" "$(ls -R "$TASKDIR/bad" "$TASKDIR/new")"
	fi
}

spool
try 'nothing in, nothing out' take_in
is 'none is made' "$out" 0

drop a.json '{"command":["echo","hello"],"x-mine":[1]}'
try 'a drop is taken in' take_in
is 'one is made' "$out" 1
is 'nothing of it is left in the box' "$(left)" ''
text=$(cat "$(tasks)")
like 'it keeps what it was given' "$text" '*"command":\["echo","hello"\]*'
like 'it keeps keys of others' "$text" '*"x-mine":\[1\]*'
like "it runs in its owner's home" "$text" \
	"*\"cwd\":\"$(getent passwd "$(id -u)" | cut -d: -f6)\"*"
like 'its PATH is a plain one' "$text" \
	'*"PATH":"/usr/local/bin:/usr/bin:/bin"*'
like 'what it makes is its own' "$text" '*"umask":"0077"*'
like 'it says who' "$text" "*\"by\":\"$(id -un)\"*"
rm "$(tasks)"

drop relative.json '{"command":["a"],"cwd":"work","umask":"0022"}'
try 'a relative cwd' take_in
like 'starts from the home' "$(cat "$(tasks)")" \
	"*\"cwd\":\"$(getent passwd "$(id -u)" | cut -d: -f6)/work\"*"
rm "$(tasks)"

drop note.txt 'left alone'
drop .hidden.json 'left alone'
try 'other names are none of its business' take_in
is 'they are still there' "$(left | sort)" \
	"$TASKDIR/new/.hidden.json
$TASKDIR/new/note.txt"
rm "$TASKDIR/new/note.txt" "$TASKDIR/new/.hidden.json"

id=$(td-submit -- true)
rm "$(tasks)"
drop p.json '{"command":["a"],"priority":9}'
drop t.json 'no json'
drop i.json '{"command":["a"],"stdin":"-"}'
drop r.json '{"command":["a"],"after":[{"ref":"x"}]}'
drop u.json "{\"command\":[\"a\"],\"after\":[\"$id\"]}"
drop h.json '{"command":["a"],"history":[]}'
: >"$here/drop" && mv "$here/drop" "$TASKDIR/new/empty.json"
ln -s /etc/passwd "$TASKDIR/new/link.json"
mkfifo "$TASKDIR/new/fifo.json"
mkdir "$TASKDIR/new/folder.json" && echo x >"$TASKDIR/new/folder.json/x"
truncate -s 1T "$here/drop" && mv "$here/drop" "$TASKDIR/new/big.json"
drop fine.json '{"command":["fine"]}'
try 'a mixed box' timeout 20 "$BUILD/tests/import_drops"
is 'only the good one is made' "$out" 1
like 'it is the good one' "$(cat "$(tasks)")" '*"fine"*'
is 'nothing is left of the others' "$(left)" ''
bad p.json 'priority: 9 is not 0 to 4'
bad t.json 'expected a value at byte 1'
bad i.json 'stdin: a drop has none'
bad r.json 'after: the ref x is outside of a batch'
bad u.json "after: no task $id is known"
bad h.json 'history: it is given by the spool'
bad empty.json 'cut short at byte 0'
bad link.json 'it is no plain file'
bad fifo.json 'it is no plain file'
bad folder.json 'it is no plain file'
bad big.json 'it is larger than 1 MiB'
is 'what was in a folder still is' "$(cat "$TASKDIR/bad/folder.json/x")" x
rm "$(tasks)"

if [ "$(id -u)" = 0 ]; then
	drop theirs.json '{"command":["a"]}'
	chown 12345 "$TASKDIR/new/theirs.json"
	try "another account's file" take_in
	bad theirs.json 'it belongs to another account, 12345'
else
	skip 'another account: not root'
fi

drop p.json '{"command":["a"],"priority":8}'
try 'a name that is taken in bad/' take_in
bad p.json.1 'priority: 8 is not 0 to 4'

holder=$(td-submit -u key -- true)
drop k.json '{"command":["a"],"unique":"key"}'
try 'a drop whose key is held' take_in
is 'makes none' "$out" 0
is 'and is gone' "$(left)" ''
like 'which the journal tells' "$(tail -n 1 "$TASKDIR/journal/current.jsonl")" \
	"*dropped*$holder*"
rm "$(tasks)"

# Left by an importer that died after the task was there.
id=$(td-submit -- true)
printf '{"command":["true"]}' >"$TASKDIR/tmp/in.$id.json"
try 'what was finished' take_in rest
is 'is not made again' "$out" 0
is 'and is removed' "$(left)" ''
is 'its task is still one' "$(tasks | wc -l)" 1
rm "$(tasks)"
# Before it was there: nothing is decided by one miss.
printf '{"command":["true"]}' >"$TASKDIR/tmp/in.$id.json"
try 'one miss' take_in rest
is 'decides nothing' "$out $(left)" "0 $TASKDIR/tmp/in.$id.missed"
try 'a second at once' take_in rest
is 'neither' "$out $(left)" "0 $TASKDIR/tmp/in.$id.missed"

n=200
while [ "$n" -gt 0 ]; do
	drop "many.$n.json" "{\"command\":[\"$n\"]}"
	n=$((n - 1))
done
try 'many at once' take_in
is 'are all made' "$out $(tasks | wc -l)" '200 200'

# A key whose task nobody finds is not free before a second look.
id=$(td-submit -H -u lost -- true)
rm "$(td-path "$id")"
for name in a b; do
	[ "$name" = b ] && key= || key=',"unique":"lost"'
	printf '{"command":["true"]%s}' "$key" >"$TASKDIR/tmp/x"
	mv "$TASKDIR/tmp/x" "$TASKDIR/new/$name.json"
done
td-tick >/dev/null 2>&1
is 'a drop that must wait keeps no other' "$(cd "$TASKDIR/new" && echo ./*.json)" ./a.json

finish
