#!/bin/sh
# What is planted by hand is named; what moves or waits its turn never is.
. "${0%/*}/../lib.sh"
PATH=$BUILD/tests:$PATH
day=$(date -u +%F)

# all_there: every path, inode, mode, size and time of the spool.
all_there() { find "$TASKDIR" -printf '%P %i %m %s %T@\n' | sort; }

# file ID: the path of its file.
file() { td-path "$1"; }

# names NAME LINE...: these findings, in this order, and no others.
names() {
	names_what=$1
	shift
	wanted_lines=$(printf '%s\n' "$@")
	td-fsck -n >"$here/found"
	is "$names_what" "$? $(cat "$here/found")" "4 $wanted_lines"
}

# locks FILE: somebody holds its lock from now on.
locks() {
	spawn flock -F "$1" sleep 1000
	until_true 10 locked "$1"
}
locked() { ! flock -n "$1" true; }

# lives NAME: a slot with a worker that lives and does nothing.
lives() {
	mkdir -p "$TASKDIR/running/$1"
	# shellcheck disable=SC2016
	spawn sh -c 'echo $$ >"$1"; exec flock -F "$1" sleep 1000' - \
		"$TASKDIR/running/$1/lock"
	until_true 10 locked "$TASKDIR/running/$1/lock"
}

# attempt WORKER ID.N: its lock, held.
attempt() {
	printf '0123456789abcdefghjkmnpqrs\n\n' >"$TASKDIR/running/$1/$2.lock"
	locks "$TASKDIR/running/$1/$2.lock"
}

# record NAME TASK PATH MODE: a reservation, held.
record() {
	printf '{"paths":[{"path":"%s","mode":"%s"}]%s,"host":"here","pid":1}\n' \
		"$3" "$4" "${2:+,\"task\":\"$2\"}" >"$TASKDIR/reserve/$1"
	locks "$TASKDIR/reserve/$1"
}

exits 'without -n it says what is needed' 64 td-fsck
like 'in its usage' "$err" '*-n is needed*usage: td-fsck -n*'
exits 'no operand is taken' 64 td-fsck -n this
exits 'there must be a spool' 66 td-fsck -n -d "$here/nowhere"

spool
try 'a new spool is clean' td-fsck -n
is 'and nothing is said' "$out$err" ''

# Tasks in every state, by the programs.
good=$(td-submit -- true)
next=$(td-submit -a "$good" -- true)
bad=$(td-submit -R 1 -- false)
off=$(td-submit -- true) && td-cancel "$off"
td-work --drain
td-submit -- false >"$here/retried" && td-work --once
later=$(td-submit --at +1h -u nightly -- true)
aside=$(td-submit -H -- true)
wait=$(td-submit -a "$later" -a "$aside:ended" -- true)
run=$(td-submit -- sleep 1000)
spawn td-work
until_true 30 test -e "$TASKDIR/running/w1/$run.1.lock"
ready=$(td-submit -p 1 -Q other -r /some/path -- true)
td-tick >"$here/failed"
is 'there is a task in every state' \
	"$(td-ls -aj | jq -r .state | sort -u | tr '\n' ' ')" \
	'cancelled delayed done failed held ready running waiting '
all_there >"$here/before"
try 'tasks in all states' td-fsck -n
is 'are no finding' "$out$err" ''
all_there >"$here/after"
is 'to look changes nothing' "$(diff "$here/before" "$here/after")" ''
[ -n "$next$bad" ]

# What stays as it is, whoever works: two looks are enough.
echo '{"id":' >"$TASKDIR/waiting/$day/0000000000000000.json"
names 'half a task' \
	"G1 waiting/$day/0000000000000000.json it is not a whole task"
rm "$TASKDIR/waiting/$day/0000000000000000.json"

sed 's/"command"/"priority":9,"command"/' "$(file "$aside")" \
	>"$TASKDIR/held/0000000000000000.json"
td-fsck -n >"$here/found"
is 'a task that says what none may' "$? $(cat "$here/found")" \
	'4 G1 held/0000000000000000.json priority: 9 is not 0 to 4'
rm "$TASKDIR/held/0000000000000000.json"

mkfifo "$TASKDIR/held/0000000000000000.json"
ln -s /dev/null "$TASKDIR/held/0000000000000001.json"
mkdir "$TASKDIR/held/0000000000000002.json"
names 'what is no plain file' \
	'G1 held/0000000000000000.json it is no plain file' \
	'G1 held/0000000000000001.json it is no plain file' \
	'G1 held/0000000000000002.json it is no plain file'
rm -r "$TASKDIR"/held/000000000000000?.json

path=$(file "$good")
cp "$path" "$here/whole"
size=$(($(wc -c <"$path") - 4))
printf ',\n{"at":"2026-11' | dd of="$path" bs=1 seek="$size" conv=notrunc status=none
truncate -s "$((size + 12))" "$path"
names 'a torn tail' "G1 done/$day/$good.json its tail is torn behind byte $size: cut off when it is changed next"
try 'not while somebody may be writing it' flock "$path" td-fsck -n
dd if="$here/whole" of="$path" bs=1 conv=notrunc status=none
truncate -s 4000 "$path"
names 'NULs behind it' "G1 done/$day/$good.json its tail is torn behind byte $size: cut off when it is changed next"
truncate -s "$((size + 4))" "$path"
clean 'cut back it is whole'

cp "$(file "$aside")" "$TASKDIR/held/0000000000000000.json"
names 'the id of another task' "G1 held/0000000000000000.json the id in it is $aside"
rm "$TASKDIR/held/0000000000000000.json"

for path in ready/notes ready/default/5 ready/default/2/none \
	ready/other/1/0123456/x held/x running/w1/x running/X \
	reserve/A; do
	mkdir -p "$TASKDIR/${path%/*}"
	echo x >"$TASKDIR/$path"
done
echo x >"$TASKDIR/new-stuff"
touch "$TASKDIR/ready/default/README" "$TASKDIR/done/.hidden" "$TASKDIR/new/x"
names 'what belongs to nobody' \
	'G1 held/x it does not belong there' \
	'G1 new-stuff it does not belong there' \
	'G1 ready/default/2/none it does not belong there' \
	'G1 ready/default/5 it does not belong there' \
	'G1 ready/notes it does not belong there' \
	'G1 ready/other/1/0123456/x it does not belong there' \
	'G1 reserve/A it does not belong there' \
	'G1 running/X it does not belong there' \
	'G1 running/w1/x it does not belong there'
(cd "$TASKDIR" && rm ready/notes ready/default/5 ready/default/2/none \
	ready/other/1/0123456/x held/x running/w1/x running/X new-stuff \
	reserve/A && rmdir ready/other/1/0123456)

cp "$(file "$aside")" "$TASKDIR/failed/$aside.json"
names 'a copy in another state' "G2 $aside it is in failed and in held/$day"
rm "$TASKDIR/failed/$aside.json"
ln "$(file "$aside")" "$TASKDIR/held/$aside.json"
names 'a second name in the same state' "G2 $aside it is in held and in held/$day"
rm "$TASKDIR/held/$aside.json"

mkdir -p "$TASKDIR/held/2020-02-02" "$TASKDIR/ready/other/2/0000000"
mv "$TASKDIR/held/$day/$aside.json" "$TASKDIR/held/2020-02-02/"
bucket=$(file "$ready")
mv "$bucket" "$TASKDIR/ready/other/2/0000000/"
names 'a folder in which no id is looked for' \
	"G3 held/2020-02-02/$aside.json it is not found by its id there: it belongs into held/$day" \
	"G3 ready/other/2/0000000/$ready.json it is not found by its id there: it belongs into ready/other/2/$(echo "$ready" | cut -c1-7)"
mv "$TASKDIR/ready/other/2/0000000/$ready.json" "$TASKDIR/ready/other/"
mv "$TASKDIR/held/2020-02-02/$aside.json" "$TASKDIR/held/"
names 'no lane' "G3 ready/other/$ready.json it belongs into a folder of a queue and priority"
mv "$TASKDIR/ready/other/$ready.json" "$TASKDIR/ready/other/2/"
mkdir -p "${bucket%/*}"
clean 'straight in the folder of a state or lane it is found'
mv "$TASKDIR/ready/other/2/$ready.json" "$bucket"
mv "$TASKDIR/held/$aside.json" "$TASKDIR/held/$day/"

chmod g+w "$TASKDIR/held"
chmod 777 "$TASKDIR"
names 'folders that are open to others' \
	'G3 . others may write to it: its mode is 0777' \
	'G3 held others may write to it: its mode is 0720'
chmod 700 "$TASKDIR" "$TASKDIR/held"
chmod 3770 "$TASKDIR/new"
clean 'the drop box of a shared spool'
chmod 700 "$TASKDIR/new"

record aaaa '' '/src/**' exclusive
record bbbb '' /src/main.c shared
record cccc '' /src/main.c shared
names 'paths held twice' \
	'G6 aaaa bbbb holds what conflicts with it' \
	'G6 aaaa cccc holds what conflicts with it'
rm "$TASKDIR/reserve/aaaa"
record dddd "$run" '/src/*' shared
record eeee "$run" /src/lib.c exclusive
spawn td-reserve '/lib/**' -- td-reserve /lib/a -- sleep 1000
until_true 30 sh -c 'grep -l "\"under\"" "$TASKDIR"/reserve/????????????????'
clean 'shared paths, those of one attempt, those below one reservation'
: >"$TASKDIR/reserve/ffff"
locks "$TASKDIR/reserve/ffff"
echo '{"paths":[{"path":1}]}' >"$TASKDIR/reserve/gggg"
locks "$TASKDIR/reserve/gggg"
names 'a record that nobody can read' \
	'G6 ffff it is held, but cannot be read' \
	'G6 gggg what it holds cannot be read'
rm "$TASKDIR"/reserve/????

sed "s/$later/0000000000000000/" "$(file "$later")" >"$TASKDIR/held/0000000000000000.json"
mkdir -p "$TASKDIR/index/unique/x"
mkdir "$here/keep" && mv "$TASKDIR/index/boot" "$here/keep/"
td-fsck -n >"$here/found"
like 'a key that two tasks have' "$? $(grep -v ' held/0' "$here/found")" \
	"4 G8 $later its unique key is also that of 0000000000000000"
mv "$here/keep/boot" "$TASKDIR/index/"
rm "$TASKDIR/held/0000000000000000.json"

cp "$TASKDIR/journal/current.jsonl" "$here/journal"
lines=$(grep -c . "$here/journal")
printf '{"at":"20' >>"$TASKDIR/journal/current.jsonl"
clean 'a line that is being written'
printf '{"at":"x"}\n' >>"$TASKDIR/journal/current.jsonl"
td-fsck -n >"$here/found"
like 'a line that is no JSON' "$? $(cat "$here/found")" \
	"4 G9 journal/current.jsonl line $((lines + 1)): *"
cp "$here/journal" "$TASKDIR/journal/20260101T000000Z.jsonl"
cp "$here/journal" "$TASKDIR/journal/current.jsonl"
clean 'an older journal'

# How it is told.
chmod g+w "$TASKDIR/held"
echo x >"$TASKDIR/held/$(printf 'a\033b')"
td-fsck -n --json >"$here/found"
is 'as JSON lines' "$? $(jq -r '[.guarantee,.kind,.object,.words]|join("|")' "$here/found")" \
	"4 G1|foreign|held/$(printf 'a\033b')|it does not belong there
G3|open-mode|held|others may write to it: its mode is 0720"
is 'control characters are made visible' "$(td-fsck -n | head -n 1)" \
	'G1 held/a\033b it does not belong there'
is 'each ended by NUL' "$(td-fsck -n0 | tr -cd '\0' | wc -c)" 2
exits 'or no word at all' 4 td-fsck -nq
is 'but the status' "$out$err" ''
rm "$TASKDIR"/held/a*
chmod 700 "$TASKDIR/held"

# What others may be at: it is looked at for some seconds, so all at once.
lives slow && lives mixed && lives gone && lives twin && lives idle
mkdir "$TASKDIR/running/dead" "$TASKDIR/running/nolock" "$TASKDIR/running/left"
: >"$TASKDIR/running/dead/lock" && : >"$TASKDIR/running/left/lock"

# into WORKER: a new task, claimed by hand; its id in $id.
into() {
	id=$(td-submit -Q nobody -- true)
	mv "$(file "$id")" "$TASKDIR/running/$1/"
}
kill "$(cat "$TASKDIR/running/w1/lock")"
until_true 30 test ! -e "$TASKDIR/running/w1/$run.json"
into slow && slow=$id
into mixed && mixed=$id
attempt mixed "$mixed.1"
attempt mixed "$mixed.2"
attempt mixed "$aside.1"
elsewhere=$(td-submit -H -- true)
attempt gone "$elsewhere.1"
attempt idle "$good.1"
into twin && twin=$id
attempt twin "$twin.1"
into twin && other=$id
into dead && dead=$id
into nolock && nolock=$id
attempt left "$off.1"
record "$ready.1" "$ready" /none exclusive

mv "$(file "$good")" "$TASKDIR/ready/default/2/"
blocker=$(td-submit -Q nobody -- true)
lost=$(td-submit -a "$blocker" -- true)
rm "$(file "$blocker")"
blocker2=$(td-submit -H -- true)
never=$(td-submit -a "$blocker2" -- true)
freed=$(td-submit -a "$blocker2:ended" -- true)
mv "$(file "$blocker2")" "$TASKDIR/failed/"
rm "$TASKDIR"/index/due/*/*."$later" "$TASKDIR/index/after/$later/$wait" \
	"$TASKDIR"/index/unique/*/"$later"
rm -r "$TASKDIR/metrics" "$TASKDIR/memory"
echo x >"$TASKDIR/bad/known.json"
echo y >"$TASKDIR/bad/known.json.why"
echo x >"$TASKDIR/bad/unknown.json"
echo 'a flush failed' >"$TASKDIR/ctl/degraded"
sleep 6 # as long as a worker is given from the claim to the attempt
td-fsck -n >"$here/found"
is 'they are findings, too' "$?" 4
finds() { is "$1" "$(grep -cxF -- "$2" "$here/found")" 1; }
finds 'a blocker that is nowhere' "G3 $lost it waits for $blocker, which is nowhere"
finds 'an attempt that never began' "G4 $slow it was claimed, but no attempt of it runs: worker slow"
finds 'an old attempt beside a new one' "G4 $mixed attempt 1 of $aside still lives in its slot: worker mixed"
finds 'two attempts of one task' "G4 $mixed its attempts 1 and 2 both live: worker mixed"
finds 'an attempt of what lies elsewhere' "G4 $elsewhere attempt 1 runs with worker gone, but it is in held/$day"
finds 'two tasks in one slot' "G4 twin $twin and $other are in its slot"
finds 'a task that ended well and is ready again' "G5 $good it is in ready/default/2, but recorded as done: moved there when claimed"
finds 'paths of an attempt that does not run' "G6 $ready.1 it is held, but that attempt does not run"
finds 'what a dead worker left' "G7 $dead nobody has brought it back from a dead one: worker dead"
finds 'also without any lock' "G7 $nolock nobody has brought it back from a dead one: worker nolock"
finds 'what lives on' "G7 $off attempt 1 lives, though worker left is dead"
finds 'one that can never be set free' "G8 $never it waits for what can not be any more: $blocker2 is failed"
finds 'one that was not set free' "G8 $freed it waits, but for nothing that has not ended"
finds 'no hint when it is due' "G8 $later index/ is trusted, but does not tell when it is due"
finds 'nor of its key' "G8 $later index/ is trusted, but does not tell its unique key"
finds 'nor for what it waits' "G8 $wait index/ is trusted, but does not tell what it waits for"
finds 'a folder that is missing' 'G9 memory there is no such folder'
finds 'what is bad, but not why' 'G9 bad/unknown.json no .why beside it says why'
finds 'a disk that is not trusted' 'G9 ctl/degraded a flush failed: nothing is promised until a probe works'
is 'and no other finding' "$(grep -c . "$here/found")" 19
[ "$(grep -c . "$here/found")" = 19 ] || sed 's/^/# /' "$here/found"

# Without a marker nothing is trusted, and so nothing is amiss.
rm -r "$TASKDIR/index"
td-fsck -n >"$here/found"
is 'no index is no finding' "$(grep -c 'index/' "$here/found")" 0

# Beside busy workers, as often as it can.
spool busy
n=0 last=
while [ "$n" -lt 300 ]; do
	n=$((n + 1))
	case $((n % 3)) in
	0) last=$(td-submit -r "/x/$((n % 5))/**" -- sleep "0.0$((n % 10))") ;;
	1) last=$(td-submit ${last:+-a "$last:ended"} -u "key $n" -- true) ;;
	2) td-submit ${last:+-a "$last"} -r '/x/**' -R 2 --backoff 0s -- \
		sh -c "exit $((n % 7 == 0))" ;;
	esac >>"$here/submitted" || echo "exit $?"
done
spawn td-work --drain -n 4
looks=0
while kill -0 "$pid" 2>/dev/null; do
	td-fsck -n || echo "exit $?"
	looks=$((looks + 1))
done >"$here/found"
is 'nothing is wrong while 4 workers work' "$(cat "$here/found")" ''
echo "# $looks looks"
is 'they were at work' "$(td-ls -a | grep -cE ' (done|failed) ')" 300
clean 'and when they are done'

spool many
try 'with 20,000 tasks' mktasks ready=8000 waiting=2000 delayed=1000 held=500 \
	'done=7000' failed=1000 cancelled=500
clean 'it does not take long'
is 'they are all there' "$(td-ls -aq | wc -l)" 20000
finish
