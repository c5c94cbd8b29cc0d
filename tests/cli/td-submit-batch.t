#!/bin/sh
# Many at once: -b, one task for each line of JSON, and -x, one for each item.
. "${0%/*}/../lib.sh"

tasks() { find "$TASKDIR/ready" "$TASKDIR/waiting" "$TASKDIR/held" -name '*.json'; }
task() { cat "$(td-path "$1")"; }
commands() { while read -r id; do task "$id" | grep -o '"command":\[[^]]*\]'; done; }
leftover() { find "$TASKDIR/tmp" -type f ! -name README; }
line() { sed -n "$1p" "$here/ids"; }

spool
# Items.
printf 'one\n\ntwo  words\n$HOME "q" \\\nlast' >"$here/items"
try 'a task for each line' sh -c 'td-submit -x -- echo "<{}>" "{}{}" x <items'
echo "$out" >"$here/ids"
is 'empty lines are none' "$(wc -l <"$here/ids")" 4
is '{} is replaced within each word' "$(commands <"$here/ids")" \
	'"command":["echo","<one>","oneone","x"]
"command":["echo","<two  words>","two  wordstwo  words","x"]
"command":["echo","<$HOME \"q\" \\>","$HOME \"q\" \\$HOME \"q\" \\","x"]
"command":["echo","<last>","lastlast","x"]'
is 'the ids come in the order of the lines' "$(cat "$here/ids")" \
	"$(sort "$here/ids")"
try 'without {} the line is the last word' sh -c 'seq 2 | td-submit -x -- echo n'
is 'of the command' "$(echo "$out" | commands)" '"command":["echo","n","1"]
"command":["echo","n","2"]'
try '{} in other options' sh -c \
	'printf "a*b\n" | td-submit -x -t "title {}" -u "key {}" -r "{}/**" -i "in/{}" -- sort'
like 'is the item, too' "$(task "$out")" \
	'*"title":"title a\*b"*"command":\["sort"\]*"stdin":"*/in/a\*b"*"path":"a\\\\\*b/\*\*"*"unique":"key a\*b"*'
try 'items that end with NUL' sh -c 'printf "a\nb\0c\0" | td-submit -x0 -- echo'
is 'may hold newlines' "$(echo "$out" | commands)" '"command":["echo","a\nb"]
"command":["echo","c"]'
try 'no items' sh -c ': | td-submit -x -- echo'
is 'no tasks' "$out" ''
try 'held' sh -c 'seq 2 | td-submit -H -x -- echo'
is 'all of them' "$(for id in $out; do state "$id"; done)" 'held
held'
before=$(tasks | sort)
exits 'an item that is not UTF-8' 65 sh -c \
	'printf "a\n\377\n" | td-submit -x -- echo'
is 'is named' "$err" 'td-submit: line 2: command: it is not UTF-8'
exits 'an item with a NUL' 65 sh -c 'printf "a\nb\0c\n" | td-submit -x -- echo'
is 'is named, too' "$err" 'td-submit: line 2: command: the line has a NUL in it'
exits 'an option that is bad' 65 sh -c 'seq 3 | td-submit -x -p 9 -- echo'
is 'is so for the first' "$err" 'td-submit: line 1: priority: 9 is not 0 to 4'
is 'nothing came of these' "$(tasks | sort)" "$before"

# Lines that name each other, the blocker after its dependent.
cat >"$here/batch" <<-'END'
	{"command":["link"],"after":[{"ref":"b"},{"ref":"a","when":"ended"}],"ref":"c"}

	{"command":["b"],"ref":"b","after":[{"ref":"a"}],"priority":1}
	{"command":["a"],"ref":"a"}
	{"command":["alone"]}
END
try 'a batch' td-submit -b "$here/batch"
echo "$out" >"$here/ids"
is 'has four' "$(wc -l <"$here/ids")" 4
is 'in the order of the lines' "$(commands <"$here/ids")" \
	'"command":["link"]
"command":["b"]
"command":["a"]
"command":["alone"]'
like 'refs became ids' "$(task "$(line 1)")" \
	"*{\"id\":\"$(line 2)\",\"when\":\"done\"},{\"id\":\"$(line 3)\",\"when\":\"ended\"}*"
is 'who waits' "$(for n in 1 2 3 4; do state "$(line "$n")"; done | tr '\n' ' ')" \
	'waiting waiting ready ready '
is 'blockers are moved first' "$(tail -n 4 "$TASKDIR/journal/current.jsonl" |
	grep -o '"id":"[^"]*"' | cut -d '"' -f 4)" "$(line 3)
$(line 2)
$(line 1)
$(line 4)"
try 'a batch on standard input' sh -c 'td-submit -b <batch'
try 'also as -' sh -c 'td-submit -b - <batch'
exits 'a file that is not there' 66 td-submit -b "$here/none"

# What is wrong between lines.
before=$(tasks | sort)
bad() {
	name=$1 complaint=$2
	shift 2
	printf '%s\n' "$@" >"$here/bad"
	exits "$name" 65 td-submit -b "$here/bad"
	is 'is said in one line' "$err" "td-submit: $complaint"
}
bad 'an unknown ref' 'line 2: after: the ref x is that of no line' \
	'{"command":["a"],"ref":"a"}' '{"command":["b"],"after":[{"ref":"x"}]}'
bad 'a ref given twice' 'line 3: ref: line 1 has it already' \
	'{"command":["a"],"ref":"a"}' '' '{"command":["b"],"ref":"a"}'
bad 'a circle' 'line 3: after: the ref a waits for this one' \
	'{"command":["a"],"ref":"a","after":[{"ref":"b"}]}' \
	'{"command":["b"],"ref":"b","after":[{"ref":"c"}]}' \
	'{"command":["c"],"ref":"c","after":[{"ref":"a"}]}'
bad 'an unknown id' 'line 1: after: no task 0000000000000000 is known' \
	'{"command":["a"],"after":["0000000000000000"]}'
bad 'no JSON' 'line 2: expected a value at byte 0' '{"command":["a"]}' 'x'
is 'nothing came of these' "$(tasks | sort)" "$before"

printf '%s\n' '{"command":["1"],"ref":"a","after":[{"ref":"x"}]}' \
	'{"command":["2"],"after":[{"ref":"a"}],"ref":"b"}' '{"command":["3"]}' \
	'{"command":["4"],"after":[{"ref":"b"}]}' '{' >"$here/bad"
exits '--keep-going' 65 td-submit --keep-going -b "$here/bad"
is 'leaves out what depends on the bad ones' "$err" \
	'td-submit: line 5: cut short at byte 1
td-submit: line 1: after: the ref x is that of no line
td-submit: line 2: after: the ref a is refused
td-submit: line 4: after: the ref b is refused'
is 'and takes the good one' "$(echo "$out" | commands)" '"command":["3"]'

# Lines that are too long are never kept.
{
	echo '{"command":["a"]}'
	head -c 300000000 /dev/zero | tr '\0' x
	echo
} >"$here/long"
if grep -q __asan_init "$BUILD/td-submit"; then checked=1; else checked=; fi
limit=200000
[ ! "$checked" ] || limit=unlimited
exits 'a line over 1 MiB' 65 sh -c "ulimit -v $limit; td-submit -b long"
is 'is named' "$err" 'td-submit: line 2: it is larger than 1 MiB'
rm "$here/long"

# Keys.
holder=$(td-submit -u mine -- true)
cat >"$here/keys" <<-END
	{"command":["a"],"unique":"mine","ref":"a"}
	{"command":["b"],"after":[{"ref":"a"}]}
	{"command":["c"],"unique":"new"}
	{"command":["d"],"unique":"new","ref":"d"}
	{"command":["e"],"after":[{"ref":"d"}],"unique":"other"}
END
try 'keys in a batch' td-submit -b "$here/keys"
echo "$out" >"$here/ids"
is 'one that is held answers its holder' "$(line 1)" "$holder"
like 'its dependents wait for that' "$(task "$(line 2)")" "*{\"id\":\"$holder\"*"
is 'so does one given twice' "$(line 4)" "$(line 3)"
like 'and who waits for it' "$(task "$(line 5)")" "*{\"id\":\"$(line 3)\"*"
is 'which is said' "$err" "td-submit: line 1: its key is held by $holder
td-submit: line 4: its key is held by $(line 3)"
is 'nothing is left in tmp' "$(leftover)" ''

# 10,000 lines, one of them bad.
seq 10000 | sed 's/.*/{"command":["true","&"]}/; 7777s/}/,"priority":7}/' >"$here/many"
before=$(tasks | sort)
exits 'one bad line in 10,000' 65 td-submit -b "$here/many"
is 'is the one that is named' "$err" \
	'td-submit: line 7777: priority: 7 is not 0 to 4'
is 'nothing came of it' "$(tasks | sort)" "$before"

# Memory does not grow with the batch.
peak() {
	seq "$1" | python3 -c 'import resource, subprocess
subprocess.run(["td-submit", "-x", "--", "true"], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'
}
if [ "$checked" ] || ! command -v python3 >/dev/null; then
	skip 'memory: no python3, or one of its checks'
else
	few=$(peak 2000) many=$(peak 20000)
	if [ "$many" -le $((few + 1024)) ]; then
		pass '20,000 take no more memory than 2,000'
	else
		fail '20,000 take no more memory than 2,000' "$few $many KiB"
	fi
fi

# A batch that is killed leaves whole tasks, and no more.
spool killed
for delay in 0.05 0.1 0.2 0.3 0.4; do
	seq 3000 | td-submit -x -- true >/dev/null 2>&1 &
	pid=$!
	sleep "$delay"
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	tasks | while read -r path; do
		tail -c 4 "$path" | grep -qx ']}' || echo "$path"
	done >>"$here/half"
done
is 'what a killed batch left is whole' "$(cat "$here/half")" ''

# The ids cannot be printed.
exits 'output that is full' 74 sh -c 'seq 3 | td-submit -x -- true >/dev/full'
like 'says that they are queued' "$err" \
	'td-submit: 3 tasks are queued, but standard output: *'
finish
