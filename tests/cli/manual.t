#!/bin/sh
# Programs and pages say the same.
. "${0%/*}/../lib.sh"

words() { tr -s ' \n\t' ' ' | sed 's/^ //; s/ $//'; }
section() { sed -n "/^$2\$/,/^[A-Z]/p" "$1" | sed '1d; /^[A-Z]/d'; }

long_options() {
	echo directory help version
	sed -n 's/^[[:space:]]*{ "\([a-z-]*\)", [a-z]*_argument.*/\1/p' "$1"
	grep -o 'CHOICE_[LQS][A-Z]*' "$1" | sed 's/CHOICE_//' | tr '[:upper:]' '[:lower:]' | grep -v letters
}

for source in "$root"/bin/*; do
	program=${source##*/}
	program=${program%.*}
	manual=$root/man/$program.1
	if ! [ -e "$manual" ]; then
		fail "$program has a page"
		continue
	fi
	mandoc -Tascii -Owidth=72 "$manual" | sed "s/.$(printf '\b')//g" >page
	try "$program says how it is used" "$program" -h
	printf '%s\n' "$out" | sed '/^[^ u]/,$d; s/^usage: //' | words >usage
	is 'as the page does' "$(cat usage)" "$(section page SYNOPSIS | words)"
	is 'nothing is wrong with the page' "$(mandoc -Tlint -Wwarning "$manual")" ''
	like 'it tells exit codes' "$(section page 'EXIT STATUS')" '*[0-9]*'
	like 'and examples' "$(section page EXAMPLES)" '*?*'
	try 'it tells its version' "$program" -V
	is 'in one line' "$out" "$program (taskdir) 1.0"
	exits 'an option that is none' 64 "$program" --no-such-option
	like 'is named first, then the usage' "$err" "$program: --no-such-option: *usage: *"
	undocumented=
	for option in $(long_options "$source"); do
		grep -q -- "--$option" page || undocumented="$undocumented $option"
	done
	is 'every long option has its place' "$undocumented" ''
done

finish
