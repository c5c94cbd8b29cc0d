#!/bin/sh
# What is installed works where it is, and goes away whole.
. "${0%/*}/../lib.sh"

at() { make -s -C "$root" BUILD="$BUILD" DESTDIR="$here/to" PREFIX=/usr "$@"; }
files() { (cd to && find . -type f | sort); }

try 'it is installed' at install-files
is 'every program' \
	"$(cd to/usr/bin && for p in *; do [ -x "$p" ] && echo "$p"; done)" \
	"$(cd "$root/bin" && for p in *.c *.sh; do [ -e "$p" ] && echo "${p%.*}"; done | sort)"
is 'every page' "$(cd to/usr/share/man && find . -type f | sed 's|.*/||' | sort)" \
	"$(cd "$root/man" && find . -type f | sed 's|.*/||' | sort)"
is 'the skeleton' "$(cd to/usr/share/taskdir/spool && find . -type f | sort)" \
	"$(cd "$root/spool" && find . -type f | sort)"
is 'the settings, explained' \
	"$(cmp to/usr/etc/taskdir/taskdir.conf "$root/etc/taskdir.conf")" ''
try 'an installed program runs' to/usr/bin/td-init -qw new
is 'and makes a spool' "$(cat new/format)" 'taskdir 1'

echo '# mine' >>to/usr/etc/taskdir/taskdir.conf
try 'it is installed again' at install-files
is 'changed settings stay' "$(tail -n 1 to/usr/etc/taskdir/taskdir.conf)" '# mine'
try 'it is taken away' at uninstall
is 'but for changed settings' "$(files)" ./usr/etc/taskdir/taskdir.conf
at install-files && cp "$root/etc/taskdir.conf" to/usr/etc/taskdir/
try 'and with those that were not changed' at uninstall
is 'whole' "$(files)" ''

finish
