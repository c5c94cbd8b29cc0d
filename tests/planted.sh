# shellcheck shell=sh
# shellcheck disable=SC2154 # of lib.sh: here, root
# Planted faults: a test that would not see them proves nothing.
#
#	planted BUG_NAME lib/spool/claim.c td-work td-claim
#
# makes a copy of the programs in which that one file was compiled with
# -DBUG_NAME, and leaves the folder's path in $bug.  It comes first in PATH
# for what is run by `with_bug`.

planted() {
	flag=$1 source=$2
	shift 2
	bug=$here/$flag
	mkdir -p "$bug"
	compile=$(cat "$BUILD/flags")
	(
		cd "$root" || exit 1
		eval "$compile -Wno-error -D$flag -c -o $bug/planted.o $source"
		# shellcheck disable=SC2046
		for program; do
			${compile%% *} -pie -Wl,--as-needed \
				$(grep -q fsanitize "$BUILD/flags" && echo -fsanitize=address,undefined) \
				-o "$bug/$program" "$BUILD/bin/$program.o" \
				"$bug/planted.o" "$BUILD/libtaskdir.a" \
				$(pkg-config --libs libbsd-overlay libcjson inih) \
				-linotifytools || exit 1
		done
	) || { echo "Bail out! $flag cannot be planted"; exit 1; }
}

with_bug() { PATH=$bug:$PATH "$@"; }
