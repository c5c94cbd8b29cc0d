#!/bin/bash
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
		printf '%s\n' "$out" | head -n 60 | sed 's/^/#   /'
	fi
}

flags="-std=c17 -D_GNU_SOURCE -Ilib $(pkg-config --cflags libbsd-overlay \
	libcjson inih)"

# One line a finding; the paths that lead to it are left out.
tidy() {
	# shellcheck disable=SC2086
	found=$(printf '%s\n' lib/*/*.c bin/*.c |
		xargs -P "$(nproc)" -I {} clang-tidy --quiet {} -- $flags \
			-DVERSION='"0"' -DTASKDIR_ETC='"/etc"' \
			-DTASKDIR_SHARE='"/share"' 2>&1)
	status=$?
	printf '%s\n' "$found" | grep -E '(error|warning|not found): ' |
		sed "s|^$PWD/||" | sort -u
	return "$status"
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
	} | xargs shellcheck
}

check_pages() { mandoc -Tlint -Wwarning man/*.[157]; }

clean 'clang-tidy' tidy
clean 'cppcheck' check_c
clean 'shellcheck' check_shell
clean 'mandoc' check_pages
echo "1..$n"
exit "$bad"
