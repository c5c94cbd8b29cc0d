#!/bin/bash
# check.sh PART...: builds and tests unit, cli, clang, asan, lint, each in a
# build of its own below build/, and counts what passed and failed.
set -u
cd "${0%/*}/.." || exit 71
unset MAKEFLAGS MAKELEVEL MFLAGS
jobs=$(nproc)
shopt -s nullglob
scripts=(tests/{cli,race,scenario,crash}/*.t)
export BUILD TAP LIMIT=300

# make_in NAME VARIABLE=VALUE...
make_in() {
	BUILD=build/$1
	shift
	make -s -k -j "$jobs" BUILD="$BUILD" SYSCONFDIR=/nonexistent \
		WERROR=-Werror "$@" tests
	echo "$?" >"$TAP/build.status"
	echo 1..0 >"$TAP/build.tap"
	unit=(tests/unit/*_test.c)
	unit=("${unit[@]/#tests\/unit/$BUILD/tests}")
	unit=("${unit[@]/%.c/}")
}

run() { prove -Q -j "$jobs" -e tests/run-one.sh "$@"; }

# The figures of one file: what was planned and did not run has failed, and
# so has what ended badly without a word.
count() {
	awk -v status="$(cat "${1%.tap}.status" 2>/dev/null)" -v file="$1" '
	/^(not )?ok [0-9]+ (- )?# SKIP/ { skipped++; shown = 0; next }
	/^ok / { passed++; shown = 0 }
	/^not ok / { failed++; shown = 1; print file ": " $0 >"/dev/stderr" }
	/^#/ && shown { print >"/dev/stderr" }
	/^1\.\.[0-9]/ { planned = 1; plan = substr($0, 4) + 0 }
	END {
		if (planned && passed + failed + skipped < plan)
			lost = plan - passed - failed - skipped
		else if (failed == 0 && (status != 0 || !planned))
			lost = 1 # a crash, or a build
		if (lost)
			print file ": " lost " not run, status " status \
				>"/dev/stderr"
		print passed + 0, failed + lost, skipped + 0
	}' "$1"
}

asan='-fsanitize=address,undefined -fno-sanitize-recover=all'
export UBSAN_OPTIONS=print_stacktrace=1
export ASAN_OPTIONS=detect_leaks=1
for name; do
	echo "== $name"
	TAP=$PWD/build/tap/$name
	rm -rf "$TAP" && mkdir -p "$TAP"
	case $name in
	unit) make_in gcc CC=gcc && run "${unit[@]}" ;;
	cli) make_in gcc CC=gcc && run "${scripts[@]}" ;;
	clang) make_in clang CC=clang && run "${unit[@]}" ;;
	asan)
		make_in asan CC=gcc LDFLAGS="$asan" \
			CFLAGS="-O1 -g -fno-omit-frame-pointer $asan" &&
			run "${unit[@]}" "${scripts[@]}"
		;;
	lint) make_in gcc CC=gcc && LIMIT=1200 run tests/lint.sh ;;
	*) echo "$name: no such part" >&2 && exit 64 ;;
	esac
done

passed=0 failed=0 skipped=0
for name; do
	for file in build/tap/"$name"/*.tap; do
		read -r ok bad left <<<"$(count "$file")"
		passed=$((passed + ok)) failed=$((failed + bad))
		skipped=$((skipped + left))
		[ "$left" = 0 ] || grep -h '# SKIP' "$file" | sed 's/.*# /# /'
		[ "$bad" = 0 ] || tail -qn 20 "${file%.tap}.err" >&2 2>/dev/null
	done
done
[ "$skipped" = 0 ] || echo "$skipped were skipped, by name above"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
