#!/bin/sh
# Many workers, tasks with paths, and an oracle that knows nothing of the
# spool: each task takes a lock of its own for every path that it touches.
. "${0%/*}/../lib.sh"
# shellcheck source=../worker.sh
. "$root/tests/worker.sh"

spool
mkdir "$here/locks" "$here/tree"

# oracle MODE NAME...: holds all of them for a moment, or says that it cannot.
cat >"$here/oracle" <<ORACLE
#!/bin/sh
mode=\$1
shift
fd=3
for name; do
	eval "exec \$fd<>'$here/locks/\$name'"
	flock -n "-\$mode" "\$fd" || {
		echo "\$TD_ID \$mode \$*: \$name is taken" >>'$here/violations'
		exit 65
	}
	fd=\$((fd + 1))
done
echo "\$TD_ID" >>'$here/ran'
sleep 0.0\$((\$\$ % 5))
ORACLE
chmod +x "$here/oracle"

# What is reserved, and the oracle's names for it.
count=0
want() {
	count=$((count + 1))
	option=$1 glob=$2
	shift 2
	case $option in -r) mode=x ;; *) mode=s ;; esac
	td-submit -q -C "$here/tree" "$option" "$glob" -- "$here/oracle" "$mode" "$@" >>"$here/ids"
}
round=0
while [ "$round" -lt 6 ]; do
	round=$((round + 1))
	want -r 'src/a.c' a
	want -r 'src/b.c' b
	want -r 'src/*.c' a b
	want -r 'src/**' a b deep
	want -r 'src/deep/x' deep
	want -s 'src/a.c' a
	want -s 'src/[ab].c' a b
	want -r 'src/{a,b}.c' a b
	want -r 'doc' doc
	want -s 'doc/**' doc
	want -r './src/../src/a.c' a
	want -r 'port:8080' port
	want -r 'src/?.c' a b
done
try 'many workers' timeout 200 td-work --drain -n 6
is 'never two at a time where paths meet' "$(cat "$here/violations" 2>/dev/null)" ''
is 'each task is run once' "$(sort "$here/ran")" "$(sort "$here/ids")"
is 'all of them are done' "$(td-ls -a -s 'done' | wc -l)" "$count"
is 'no record is left' "$(ls "$TASKDIR/reserve")" README

# What shares nothing is run at a time.
# meets A B: tells whoever waits at A, and waits at B to be told; both open
# both, so that no word is lost.
cat >"$here/meets" <<'MEETS'
#!/bin/sh
exec 3<>"$1" 4<>"$2"
echo >&3
read -r _ <&4
MEETS
chmod +x "$here/meets"
mkfifo "$here/one" "$here/two" "$here/three" "$here/four"
a=$(td-submit -r 'x/**' -- "$here/meets" "$here/one" "$here/two")
b=$(td-submit -r 'y/**' -- "$here/meets" "$here/two" "$here/one")
c=$(td-submit -s z -- "$here/meets" "$here/three" "$here/four")
d=$(td-submit -s z -- "$here/meets" "$here/four" "$here/three")
try 'what shares nothing, and what shares to read' timeout -k 5 60 td-work --drain -n 4
is 'is run at the same time' "$(for id in $a $b $c $d; do state "$id"; done | sort -u)" 'done'

# A worker that is killed holds on until its task is dead.
mkfifo "$here/there"
exec 4<>"$here/there"
a=$(td-submit -r 'x/**' -- sh -c "echo \$\$ >'$here/there'; exec sleep 1000")
b=$(td-submit -r x/y -- true)
worker --once
read -r task <&4
kill -9 "$pid"
wait "$pid" 2>/dev/null
exits 'the paths of a task whose worker is dead' 1 td-reserve --check "$PWD/x/y"
is 'are held as long as it lives' "$(ended "$task"; echo "$?")" 1
td-tick
try 'and free when it is brought back' td-reserve --check "$PWD/x/y"
is 'over its dead body' "$(ended "$task"; echo "$?") $(state "$a")" '0 ready'
td-cancel "$a"
try 'then the next' td-work --once
is 'is run' "$(state "$b")" 'done'
finish
