# bash completion for td and td-*: programs, options, ids, queues, labels,
# states.  Source it, or install it where bash-completion looks.

# What follows a program's options, by its name.
_td_states() {
	case $1 in
	td-cancel | td-wait) echo ready,waiting,delayed,held,running ;;
	td-hold) echo ready,waiting,delayed,running ;;
	td-set) echo ready,waiting,delayed,held ;;
	td-release) echo held ;;
	td-retry) echo 'done,failed,cancelled' ;;
	td-ls | td-show | td-path | td-log | td-deps | td-joblog)
		echo running,ready,waiting,delayed,held,failed,cancelled,'done'
		;;
	esac
}

# No task is opened for its id, and more than these nobody looks at.
_td_ids() { td-ls "${_td_spool[@]}" -q -s "$1" 2>/dev/null | head -n 1000; }
_td_queues() { td-stat "${_td_spool[@]}" -a 2>/dev/null | sed '1,2d; s/ .*//'; }
_td_labels() {
	td-ls "${_td_spool[@]}" -j 2>/dev/null | head -n 1000 |
		grep -o '"labels":\[[^]]*\]' | tr -d '[]"' |
		sed 's/^labels://' | tr , '\n' | sort -u
}
_td_options() {
	"$1" -h 2>/dev/null | sed -n '/^options:/,$ {
		s/\[=.*//
		s/=.*//
		s/^  \(-.\), /\1 /
		s/^ *-/-/p
	}'
}
_td_verbs() {
	td -h 2>/dev/null | sed -n 's/^  td \([a-z-]*\) .*/\1/p'
}

# The value of an option, where there is something to say about it.
_td_value() {
	case $1 in
	-Q | --queue) _td_queues ;;
	-l | --label) _td_labels ;;
	-s | --state)
		[[ $2 == td-submit || $2 == td-reserve || $2 == td-init ]] &&
			return 1
		echo ready waiting delayed held running 'done' failed cancelled
		;;
	-a | --after)
		[[ $2 == td-submit ]] || return 1
		_td_ids running,ready,waiting,delayed,held,failed,'done'
		;;
	--parent) _td_ids running ;;
	--sort) echo id priority state age queue ;;
	*) return 1 ;;
	esac
}

_td() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local program=${COMP_WORDS[0]##*/} i=1 words states
	local _td_spool=()

	# Up to the word that is completed: the spool, and the verb of td.
	while [[ $i -lt $COMP_CWORD ]]; do
		case ${COMP_WORDS[i]} in
		-d | --directory)
			_td_spool=(-d "${COMP_WORDS[i + 1]}")
			i=$((i + 1))
			;;
		-*) ;;
		*) [[ $program == td ]] && program=td-${COMP_WORDS[i]} ;;
		esac
		i=$((i + 1))
	done
	if [[ $prev == -d || $prev == --directory ]]; then
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
	fi
	states=$(_td_states "$program")
	if words=$(_td_value "$prev" "$program"); then
		:
	elif [[ $program == td && $cur != -* ]]; then
		words=$(_td_verbs)
	elif [[ $cur == -* ]]; then
		words=$(_td_options "$program")
	elif [[ $program == td-pause || $program == td-resume ]]; then
		words=$(_td_queues)
	elif [[ -n $states ]]; then
		words=$(_td_ids "$states")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

# The programs that are there now.
complete -F _td td
for _td_program in $(compgen -c td- | sort -u); do
	complete -F _td "$_td_program"
done
unset _td_program
