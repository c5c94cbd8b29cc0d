#compdef td -P td-*
# zsh completion for td and td-*: programs, options, ids, queues, labels,
# states.  Install it as _td in a folder of $fpath.

local program=${words[1]:t} previous=${words[CURRENT-1]} cur=${words[CURRENT]}
local -a spool found
local i states=

for ((i = 2; i < CURRENT; i++)); do
	case ${words[i]} in
	-d|--directory) spool=(-d "${words[i+1]}"); ((i++)) ;;
	-*) ;;
	*) [[ $program == td ]] && program=td-${words[i]} ;;
	esac
done

case $program in
td-cancel|td-wait) states=ready,waiting,delayed,held,running ;;
td-hold) states=ready,waiting,delayed,running ;;
td-set) states=ready,waiting,delayed,held ;;
td-release) states=held ;;
td-retry) states=done,failed,cancelled ;;
td-ls|td-show|td-path|td-log|td-deps|td-joblog)
	states=running,ready,waiting,delayed,held,failed,cancelled,done ;;
esac

case $previous in
-d|--directory)
	_files -/
	return
	;;
-Q|--queue)
	found=(${(f)"$(td-stat $spool -a 2>/dev/null | sed '1,2d; s/ .*//')"})
	;;
-l|--label)
	found=(${(fu)"$(td-ls $spool -j 2>/dev/null | head -n 1000 |
		grep -o '"labels":\[[^]]*\]' | tr -d '[]"' |
		sed 's/^labels://' | tr , '\n')"})
	;;
--sort) found=(id priority state age queue) ;;
-s|--state)
	[[ -n $states ]] && found=(ready waiting delayed held running done
		failed cancelled)
	;;
esac

if (($#found)); then
	compadd -a found
elif [[ $cur == -* ]]; then
	found=(${(f)"$($program -h 2>/dev/null | sed -n '/^options:/,$ {
		s/\[=.*//
		s/=.*//
		s/^  -., //
		s/^ *-/-/p
	}')"})
	compadd -a found
elif [[ $program == td ]]; then
	found=(${(f)"$(td -h 2>/dev/null |
		sed -n 's/^  td \([a-z-]*\) .*/\1/p')"})
	compadd -a found
elif [[ $program == td-pause || $program == td-resume ]]; then
	found=(${(f)"$(td-stat $spool -a 2>/dev/null | sed '1,2d; s/ .*//')"})
	compadd -a found
elif [[ -n $states ]]; then
	found=(${(f)"$(td-ls $spool -q -s $states 2>/dev/null |
		head -n 1000)"})
	compadd -a found
else
	_files
fi
