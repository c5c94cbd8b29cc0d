#!/bin/sh
. "${0%/*}/../lib.sh"
spool

try 'nothing waits' td-deps
is 'and nothing is shown' "$out" ''
a=$(td-submit -t 'get "it"' -- true)
b=$(td-submit -a "$a" -t left -- true)
c=$(td-submit -a "$a:ended" -t right -- true)
d=$(td-submit -a "$b" -a "$c" -t both -- true)
e=$(td-submit -t other -- true)
f=$(td-submit -a "$e" -t apart -l red -- true)

try 'a tree' td-deps
is 'of all that wait' "$out" "$a ready get \"it\"
  $b waiting left
    $d waiting both
  $c waiting (if ended) right
    $d waiting (see above)
$e ready other
  $f waiting apart"
is 'of one task' "$(td-deps "$e")" "$e ready other
  $f waiting apart"
is 'what is above it and below it' "$(td-deps "$b")" "$a ready get \"it\"
  $b waiting left
    $d waiting both"
is 'by standard input' "$(printf '%s\n' "$f" | td-deps)" "$(td-deps "$e")"
is 'by choice' "$(td-deps -l red)" "$(td-deps "$e")"
is 'one that nothing waits for' "$(td-deps "$(td-submit -H -t alone -- true)" | cut -d ' ' -f 2-)" 'held alone'
is 'as JSON' "$(td-deps -j "$d" | jq -c 'select(.title == "both") | [.id, .state, .after, .dependents]')" \
	"[\"$d\",\"waiting\",[{\"id\":\"$b\",\"when\":\"done\"},{\"id\":\"$c\",\"when\":\"done\"}],[]]"
is 'with dependents' "$(td-deps -j "$a" | head -n 1 | jq -c .dependents)" "[\"$b\",\"$c\"]"

td-deps --dot >graph
if command -v dot >/dev/null; then
	try 'a graph for dot' dot -Tplain graph
else
	skip 'dot is not installed'
fi
is 'with its edges' "$(grep -e '->' graph | tr -d '\t')" "\"$a\" -> \"$b\";
\"$a\" -> \"$c\" [label=ended];
\"$b\" -> \"$d\";
\"$c\" -> \"$d\";
\"$e\" -> \"$f\";"
like 'and its nodes' "$(grep "^	\"$a\" .label" graph)" '*label="get \\"it\\"\\n*ready"*'
is 'one or the other' "$(td-deps -jD 2>/dev/null; echo $?)" 64

td-cancel -m x "$e"
is 'what has ended is gone' "$(td-deps | grep -c "$e")" 0
is 'unless it is asked for' "$(td-deps -a "$f")" "$e cancelled other
  $f cancelled apart"
is 'or is above' "$(td-deps "$f" | head -n 1)" "$e cancelled other"
is 'all of them' "$(td-deps -a | wc -l)" 7

last=$d
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do last=$(td-submit -a "$last" -t "step $n" -- true); done
if command -v script >/dev/null; then
	script -qec 'stty cols 80; td-deps' /dev/null </dev/null | tr -d '\r' >terminal
	is 'a long chain fits 80 columns' "$(awk 'length > 80' terminal)" ''
	like 'and says how deep it is' "$(grep 'step 16' terminal)" "  *$last (18 deep) waiting step 16"
else
	skip 'there is no script(1)'
fi
exits 'no such task' 66 td-deps 0000000000000000
is 'shows nothing' "$out" ''
exits 'a full disk is told' 74 sh -c "td-deps $a >/dev/full"
finish
