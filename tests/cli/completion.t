#!/bin/sh
# What TAB offers.
. "${0%/*}/../lib.sh"
spool
folder=$root/contrib/completion

a=$(td-submit -Q fast -l red -- true)
b=$(td-submit -H -- true)
d=$(td-submit -Q slow -R 1 -l blue -- false)
td-work --once -Q slow >/dev/null 2>&1

# tab WORD...: what bash is offered for the last one.
tab() {
	# shellcheck disable=SC2016
	bash --norc -c '. "$1" && shift && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1)) &&
		_td && printf "%s\n" "${COMPREPLY[@]}"' tab "$folder/td.bash" "$@" | sort | tr '\n' ' '
}

try 'bash takes it' bash --norc -c ". $folder/td.bash && complete -p td td-cancel"
like 'for every program' "$out" '*_td td*_td td-cancel*'
is 'td: the verbs that are there' "$(tab td '')" \
	"$(td | sed -n 's/^  td \([a-z-]*\) .*/\1/p' | sort | tr '\n' ' ')"
is 'those that begin so' "$(tab td 'can')" 'cancel '
is 'td-cancel: what lives' "$(tab td-cancel '')" "$(printf '%s\n' "$a" "$b" | sort | tr '\n' ' ')"
is 'through td, too' "$(tab td cancel '')" "$(tab td-cancel '')"
is 'td-retry: what has ended' "$(tab td-retry '')" "$d "
is 'td-release: what is held' "$(tab td-release "$(printf %s "$b" | cut -c 1-9)")" "$b "
is 'queues' "$(tab td-ls -Q '')" 'fast slow '
is 'to be paused' "$(tab td-pause f)" 'fast '
is 'labels' "$(tab td-ls -l '')" 'red '
is 'states' "$(tab td-ls -s d)" 'delayed done '
is 'orders' "$(tab td-ls --sort p)" 'priority '
is 'long options' "$(tab td-ls --s)" '--sort --state '
is 'short ones' "$(tab td-ls -)" "$(td-ls -h | sed -n '/^options/,$p' | grep -o -e '-[^ ,=]*' | sort | tr '\n' ' ')"
TASKDIR=/nonexistent
is 'of the spool that is meant' "$(tab td-cancel -d "$here/spool" '')" \
	"$(printf '%s\n' "$a" "$b" | sort | tr '\n' ' ')"
is 'without one, nothing' "$(tab td-cancel '' 2>&1)" ' '
mkdir sub
is 'a folder' "$(tab td-ls -d su)" 'sub '

for shell in zsh fish; do
	if command -v "$shell" >/dev/null; then
		try "$shell can read its own" "$shell" -n "$folder/td.$shell"
	else
		skip "$shell is not installed"
	fi
done

at() { make -s -C "$root" BUILD="$BUILD" DESTDIR="$here/to" PREFIX=/usr "$@"; }
try 'they are installed' at install-files
share=$here/to/usr/share
is 'for bash' "$(cmp "$share/bash-completion/completions/td-cancel" "$folder/td.bash")" ''
is 'for zsh' "$(cmp "$share/zsh/site-functions/_td" "$folder/td.zsh")" ''
is 'for fish' "$(cmp "$share/fish/vendor_completions.d/td-cancel.fish" "$folder/td.fish")" ''
finish
