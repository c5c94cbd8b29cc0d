#!/bin/sh
# The hook for git: nobody commits what another holds.
. "${0%/*}/../lib.sh"
unset TD_RESERVATION
command -v git >/dev/null || { echo '1..0 # SKIP git is missing'; exit 0; }

# git as if it were just installed, and nobody's.
export HOME="$here" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL="$here/gitconfig"
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@h GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@h
git init -q repo && cd repo || exit 1
# A task has the account's HOME and none of these.
git config user.name a && git config user.email a@h
install "$root/contrib/git/pre-commit" "$(git rev-parse --git-path hooks)/"

mkfifo "$here/has" "$here/go"
hold() {
	# shellcheck disable=SC2016
	spawn td-reserve "$@" -- sh -c 'echo >"$1/has"; read -r _ <"$1/go"' sh "$here"
	read -r _ <"$here/has"
	holder=$(td-reserve --list --json | sed 's/{"holder":"\([^"]*\).*/\1/')
}
let_go() { echo >"$here/go"; wait "$pid"; }

# change FILE...: each has a new line that is about to be committed.
change() {
	for file; do
		mkdir -p "$(dirname "./$file")" && echo line >>"./$file"
		git add -- ":(literal)$file"
	done
}
commit() { git commit -q -m "$1"; }

change a src/b
try 'without a spool it lets pass' commit first
is 'and is silent' "$out$err" ''
# What is left of PATH has git, but no td-reserve.
mkdir "$here/bin" && ln -s "$(command -v git)" "$here/bin/git"
spool
change a
try 'without td-reserve, too' env PATH="$here/bin:/usr/bin:/bin" git commit -q -m second
is 'silently' "$out$err" ''
change a
try 'while nothing is held' commit third
is 'silently as well' "$out$err" ''

hold 'src/**' other
change a
try 'what is free can be committed' commit free
change a src/b
exits 'what is held cannot' 1 commit held
like 'and who holds it is said' "$err" "*src/b: held by $holder (sh *), pid $pid, *refused*"
is 'of no other' "$(printf '%s\n' "$err" | grep -c 'held by')" 1
try '--no-verify passes it by' git commit -q --no-verify -m forced
git mv src/b moved
exits 'a file that is moved away' 1 commit moved
git mv moved src/b && git mv a src/a
exits 'or to there' 1 commit moved
git mv src/a a && git rm -q src/b
exits 'or deleted' 1 commit deleted
let_go
try 'can be when it is let go' commit deleted

change src/c
try 'one commits what he holds' td-reserve src -- git commit -q -m own
hold 'src/c'
change src/c
exits 'not what others do' 75 td-reserve -n src -- git commit -q -m own
exits 'nor beside it' 1 td-reserve a -- git commit -q -m own
git reset -q
let_go

newline='new
line'
# shellcheck disable=SC1003
hold -F 'a*b' "two  words" "$newline" 'q"[x]\' port:80 -n
change axb twowords new q
try 'other names than the odd ones are free' commit plain
# shellcheck disable=SC1003
for file in 'a*b' 'two  words' "$newline" 'q"[x]\' port:80 -n; do
	change "$file"
	exits "held: $(echo "$file" | tr '\n' '?')" 1 commit odd
	git rm -q --cached -- ":(literal)$file"
done
like 'a name is told as one' "$(change "$newline"; commit odd 2>&1)" '*new\\nline: held*'
let_go
try 'all of them are free again' commit odd

hold '*.c' 'x?' '[yz]'
change xx y b.c
exits 'patterns hold, too' 1 commit patterns
is 'each' "$(printf '%s\n' "$err" | grep -c 'held by')" 3
let_go

id=$(td-submit -r src -- sh -c 'echo >"$0/has"; read -r _ <"$0/go"; echo >>src/c; git commit -q -m task src/c' "$here")
spawn td-work --once
read -r _ <"$here/has"
git reset -q && change src/c
exits 'a task holds its files' 1 commit task
like 'by its name' "$err" "*src/c: held by $id.1*"
let_go
is 'and may commit them' "$(git log -1 --format=%s) $(state "$id")" 'task done'

echo 'taskdir 9' >"$TASKDIR/format"
exits 'a spool that cannot be asked refuses' 1 git commit -q --allow-empty -m broken
like 'and says why' "$err" '*format*'
finish
