#!/bin/sh
# deps.sh build|all: installs what is missing to build, or to test as well,
# where there is apt-get; elsewhere says what that is.
set -u

needs() {
	cat <<-EOT
	build command:cc gcc
	build command:make make
	build command:pkg-config pkg-config
	build header:stdlib.h libc6-dev
	build package:libbsd-overlay libbsd-dev
	build package:libcjson libcjson-dev
	build package:inih libinih-dev
	build header:inotifytools/inotifytools.h libinotifytools0-dev
	build command:ps procps
	build command:flock util-linux
	all package:cmocka libcmocka-dev
	all command:prove perl
	all command:clang clang
	all command:clang-tidy clang-tidy
	all command:cppcheck cppcheck
	all command:shellcheck shellcheck
	all command:mandoc mandoc
	all command:strace strace
	all command:jq jq
	all command:git git
	all command:python3 python3
	EOT
}

is_there() {
	case $1 in
	command:*) command -v "${1#*:}" ;;
	package:*) pkg-config --exists "${1#*:}" ;;
	header:*) echo "#include <${1#*:}>" | cc -E -x c - ;;
	esac >/dev/null 2>&1
}

missing() {
	needs | while read -r when what package; do
		[ "$when" = build ] || [ "$1" = all ] || continue
		is_there "$what" || printf ' %s' "$package"
	done
}

packages=$(missing "$1")
[ -n "$packages" ] || exit 0
as_root=
if [ "$(id -u)" != 0 ]; then as_root="sudo -n"; fi
if ! command -v apt-get >/dev/null ||
	{ [ -n "$as_root" ] && ! $as_root true 2>/dev/null; }; then
	echo "missing; install what Debian calls:$packages" >&2
	exit 69
fi
echo "installing:$packages"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp) || exit 71
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086
if ! { $as_root apt-get -qq update && $as_root apt-get -qq install -y \
	--no-install-recommends $packages; } >"$log" 2>&1 </dev/null; then
	tail -n 20 "$log" >&2
	exit 69
fi
packages=$(missing "$1")
[ -z "$packages" ] || { echo "still missing:$packages" >&2; exit 69; }
