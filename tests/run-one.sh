#!/bin/sh
# run-one.sh FILE: one test file as TAP, kept in $TAP, for at most $LIMIT s.
tap=$TAP/$(basename "$1")
export CMOCKA_MESSAGE_OUTPUT=TAP
case $1 in
*.t | *.sh) set -- sh "$1" ;;
esac
{
	timeout -k 10 "${LIMIT:-300}" "$@"
	echo "$?" >"$tap.status"
} </dev/null 2>"$tap.err" | tee "$tap.tap"
exit "$(cat "$tap.status")"
