#!/bin/bash
# check.sh PART...: builds and tests unit, cli, clang, asan, lint, each in a
# build of its own below build/, and counts what passed and failed.
set -u
cd "${0%/*}/.." || exit 71
unset MAKEFLAGS MAKELEVEL MFLAGS
jobs=$(nproc)
export BUILD TAP LIMIT=300

# make_in NAME VARIABLE=VALUE...
make_in() {
	BUILD=build/$1
	shift
	make -s -j "$jobs" BUILD="$BUILD" SYSCONFDIR=/nonexistent \
		WERROR=-Werror "$@" tests
}

# part NAME FILE...: with what make_in built.
part() {
	echo "== $1"
	TAP=$PWD/build/tap/$1
	shift
	rm -rf "$TAP" && mkdir -p "$TAP"
	[ "$built" = 0 ] || echo 'not ok 1 - it builds' >"$TAP/build.tap"
	[ "$built" != 0 ] || prove -Q -j "$jobs" -e tests/run-one.sh "$@"
}

unit_files() {
	for file in tests/unit/*_test.c; do
		file=${file##*/}
		echo "$BUILD/tests/${file%.c}"
	done
}

# The figures of one file: what was planned and did not run has failed, and
# so has what ended badly without a word.
count() {
	awk -v status="$(cat "${1%.tap}.status" 2>/dev/null)" -v file="$1" '
	/^ok / { passed++; shown = 0 }
	/^not ok / { failed++; shown = 1; print file ": " $0 >"/dev/stderr" }
	/^#/ && shown { print >"/dev/stderr" }
	/^1\.\.[0-9]/ { planned = 1; plan = substr($0, 4) + 0 }
	END {
		if (planned && passed + failed < plan)
			lost = plan - passed - failed
		else if (failed == 0 && (status != 0 || !planned))
			lost = 1
		if (lost)
			print file ": " lost " not run, status " status \
				>"/dev/stderr"
		print passed + 0, failed + lost
	}' "$1"
}

asan='-fsanitize=address,undefined -fno-sanitize-recover=all'
export UBSAN_OPTIONS=print_stacktrace=1
export ASAN_OPTIONS=detect_leaks=${LEAKS:-0}
for name; do
	case $name in
	unit | cli | lint) make_in gcc CC=gcc ;;
	clang) make_in clang CC=clang ;;
	asan) make_in asan CC=gcc LDFLAGS="$asan" \
		CFLAGS="-O1 -g -fno-omit-frame-pointer $asan" ;;
	*) echo "$name: no such part" >&2 && exit 64 ;;
	esac
	built=$?
	case $name in
	# shellcheck disable=SC2046
	unit | clang) part "$name" $(unit_files) ;;
	cli) part "$name" tests/cli/*.t ;;
	# shellcheck disable=SC2046
	asan) part "$name" $(unit_files) tests/cli/*.t ;;
	lint) LIMIT=1200 part "$name" tests/lint.sh ;;
	esac
done

passed=0 failed=0
for name; do
	for file in build/tap/"$name"/*.tap; do
		read -r ok bad <<<"$(count "$file")"
		passed=$((passed + ok)) failed=$((failed + bad))
		[ "$bad" = 0 ] || tail -n 20 "${file%.tap}.err" >&2
	done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
