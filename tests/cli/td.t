#!/bin/sh
. "${0%/*}/../lib.sh"
spool

try 'alone it prints the verbs' td
like 'by step' "$out" '*Look*td ls*list tasks*td wait*'
all=$out
try '-h does, too' td -h
is 'after the usage' "$(printf '%s\n' "$out" | sed 1d)" "$all"
ln -s "$BUILD/td" alias
try 'it finds its own folder' env PATH=/usr/bin:/bin ./alias -h
is 'through a link' "$(printf '%s\n' "$out" | sed 1d)" "$all"
is 'and names only what is there' \
	"$(printf '%s\n' "$all" | while read -r td verb rest; do
		[ "$td" != td ] || [ -x "$BUILD/td-$verb" ] || echo "$verb$rest"
	done)" ''

id=$(td-submit -- true)
try 'it runs the program' td ls -q
is 'with what follows' "$out" "$id"
unset TASKDIR
try 'options in front of the verb' td -d "$here/spool" -j ls -q
like 'are passed on' "$out" '{"id":"'"$id"'"*'
exits 'its exit code is the answer' 66 td -d "$here/spool" show 0000

exits 'a verb that is none' 64 td lst
is 'is read as a slip of the finger' "$err" 'td: no verb lst: did you mean ls?'
exits 'letters that are swapped' 64 td wiat
is 'are as well' "$err" 'td: no verb wiat: did you mean wait?'
exits 'what is like nothing' 64 td xyzzyx
is 'is said so' "$err" 'td: no verb xyzzyx: td -h lists them'
exits 'a path is no verb' 64 td ../td-ls
exits 'nor is nothing' 64 td ''

mkdir other
cat >other/td-mine <<'END'
#!/bin/sh
echo "$0 $*"
umask
END
chmod +x other/td-mine
umask 027
PATH=$PATH:$here/other
try 'a program of yours in PATH' td mine a 'b c'
is 'is a verb, too, with the umask as it was' "$out" "$here/other/td-mine a b c
0027"
exits 'a full disk is told' 74 sh -c 'td >/dev/full'

finish
