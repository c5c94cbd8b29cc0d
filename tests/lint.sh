#!/bin/bash
# shellcheck disable=SC2317
# What the tools say about the source, as TAP.
cd "${0%/*}/.." || exit 71
n=0 bad=0

# clean NAME COMMAND...: it answers 0.
clean() {
	n=$((n + 1))
	name=$1
	shift
	if out=$("$@" 2>&1); then
		echo "ok $n - $name"
	else
		bad=1
		printf 'not ok %d - %s\n' "$n" "$name"
		printf '%s\n' "$out" | grep -v 'warnings generated' |
			head -n 60 | sed 's/^/#   /'
	fi
}

flags=$(tr ' ' '\n' <"$BUILD/flags" | grep -E '^-(D_GNU|I)')

# shellcheck disable=SC2086
tidy() {
	printf '%s\n' lib/*/*.c bin/*.c | xargs -P "$(nproc)" -I {} clang-tidy \
		--quiet {} -- -std=c17 $flags -DVERSION='"0"' -DTASKDIR_ETC='"/etc"' \
		-Ilib -DTASKDIR_SHARE='"/share"'
}

check_c() {
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability -j "$(nproc)" \
		-Ilib -DTASKDIR_ETC='""' -DTASKDIR_SHARE='""' -DVERSION='""' \
		'-Dnoreturn=__attribute__((noreturn))' \
		'-DcJSON_ArrayForEach(a,b)=while (((a) = next(b)))' \
		--suppress=missingIncludeSystem \
		--suppress=arrayIndexThenCheck lib bin
}

check_shell() {
	{
		echo .ci/run
		git ls-files '*.sh' '*.t' 2>/dev/null || ls bin/*.sh tests/*.sh \
			tests/*/*.t contrib/*.sh 2>/dev/null
	} | xargs shellcheck -x -P tests/cli
}

check_pages() { mandoc -Tlint -Wwarning man/*.[157]; }

clean 'clang-tidy' tidy
clean 'cppcheck' check_c
clean 'shellcheck' check_shell
clean 'mandoc' check_pages
echo "1..$n"
exit "$bad"
