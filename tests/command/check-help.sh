#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The help, the manual pages and the completion say the same. The help prints the option tables of
# the commands; the others are compared with it.
set -euo pipefail

src=${top_srcdir:-${srcdir:-.}/..}/src
PATH=$(cd ../src && pwd):$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# compare COMMAND WHAT: the lines of $tmp/help and of standard input are the same
compare() {
	# this runs in a pipe, and no variable outlives that
	diff -u --label "help of $1" --label "$2" "$tmp/help" - || : > "$tmp/failed"
}

# complete_words WORD...: prints the completions of the last word
complete_words() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_secmarkctl secmarkctl
	[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
}

# shellcheck source=src/secmarkctl.bash
. "$src/secmarkctl.bash"
mapfile -t commands < <(secmarkctl --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
[ ${#commands[@]} -gt 0 ]

printf '%s\n' "${commands[@]}" > "$tmp/help"
(cd "$src/cmd" && printf '%s\n' *.man) | sed 's/\.man$//' |
	compare secmarkctl 'the parts of the manual page'
sed -n 's/^\.SS \([a-z]*\)$/\1/p' ../src/secmarkctl.8 | compare secmarkctl 'the manual page'
complete_words secmarkctl '' | sed '/^--/d' | compare secmarkctl 'the completion'

for command in "${commands[@]}"; do
	# names of values are capital letters in the help, italics in the manual
	secmarkctl "$command" --help |
		sed -n 's/^ *\(\(-[a-z], \)\{0,1\}--[a-z-]*\( [A-Z]\{1,\}\)\{0,1\}\)  .*/\1/p' |
		tr '[:upper:]' '[:lower:]' > "$tmp/options"
	grep -qx -e '-h, --help' "$tmp/options" || { echo "$command has no -h"; : > "$tmp/failed"; }
	sed '/--help$/d' "$tmp/options" | sort > "$tmp/help"
	sed -n '/^\.TP$/{n;p;}' "$src/cmd/$command.man" |
		sed -e 's/\\f[BIP]//g' -e 's/\\-/-/g' | sort |
		compare "$command" 'the manual page'
	sed -i -e 's/^-., //' -e 's/ .*//' "$tmp/help"
	sort -o "$tmp/help" "$tmp/help"
	complete_words secmarkctl "$command" -- | sed '/^--help$/d' | sort |
		compare "$command" 'the completion'
	for asked in "$command -h" "help $command"; do
		# shellcheck disable=SC2086 # two words
		secmarkctl $asked | diff -u <(secmarkctl "$command" --help) - || : > "$tmp/failed"
	done
	# every word of the synopsis, whatever the brackets and the letters
	secmarkctl "$command" --help | sed -n '1s/^usage: //p' |
		tr '[:upper:]' '[:lower:]' > "$tmp/help"
	sed -n '2,3p' "$src/cmd/$command.man" |
		sed -e '/^\.PP$/d' -e 's/^\.B //' -e 's/\\f[BIP]//g' -e 's/[{}]//g' | paste -sd' ' |
		compare "$command" 'the synopsis of the manual page'
done

printf '%s\n' --policy > "$tmp/help"
complete_words secmarkctl check --pol | compare check 'the completion of --pol'
printf '%s\n' plan > "$tmp/help"
complete_words secmarkctl check --format p | compare check 'the completion of --format p'
complete_words secmarkctl check --format = p | compare check 'the completion of --format=p'
printf '%s\n' iptc > "$tmp/help"
complete_words secmarkctl apply --backend iptc | compare apply 'the completion of --backend iptc'
printf '%s\n' forward > "$tmp/help"
complete_words secmarkctl lookup web.plan f | compare lookup 'the completion of a direction'
# the words for a time are those of the manual page
complete_words secmarkctl learn --since '' > "$tmp/help"
sed -n '/^\.I time$/,/^a date such as$/p' "$src/cmd/learn.man" |
	sed -n -e 's/\\-/-/g' -e 's/^\.BR\{0,1\} \([a-z-]*\)\( ,\)\{0,1\}$/\1/p' |
	compare learn 'the manual page about --since'
grep -qx week-ago "$tmp/help" || { echo 'learn --since has no completion'; : > "$tmp/failed"; }

# expects COMMAND OPTION ARGUMENT...: an error lists the words that the option completes. The help
# lists them, too, unless they are too many.
expects() {
	local command=$1 option=$2 words
	shift 2
	complete_words secmarkctl "$command" "$option" '' > "$tmp/help"
	words=$(secmarkctl "$command" "$option" nonsense "$@" 2>&1 |
		sed -n 's/.*(expected \(.*\))$/\1/p') || true
	sed -e 's/, a date such as .*//' -e 's/, /\n/g' -e 's/ or /\n/' <<< "$words" |
		compare "$command" "the error of $option"
	[ "$option" = --since ] || secmarkctl "$command" --help | grep -q -e "$option.* $words" ||
		{ echo "the help of $command $option lacks: $words"; : > "$tmp/failed"; }
}
expects apply --backend plan
expects check --format plan
expects learn --addresses log
expects learn --since

printf '%s\n' lookup > "$tmp/help"
complete_words secmarkctl help lo | compare help 'the completion of help lo'
diff -u <(secmarkctl --help) <(secmarkctl -h) || : > "$tmp/failed"
diff -u <(secmarkctl --help) <(secmarkctl help) || : > "$tmp/failed"
diff -u <(secmarkctl --help) <(secmarkctl 2>&1) || : > "$tmp/failed"
diff -u <(secmarkctl --version) <(secmarkctl -V) || : > "$tmp/failed"

# names of files are words, never commands
: > "$tmp/help"
(cd "$tmp" && mkdir names 'names/touch pwned #' && : > 'names/touch pwned #/e#' && cd names &&
	complete_words secmarkctl check './touch pwned #/e#' --no-such-option &&
	complete_words secmarkctl check "\$(touch pwned)" --no-such-option &&
	find . -name pwned) | compare check 'the completion after a file whose name is a command'

# The words of the plan's language. An error message lists them in place of an unknown word.
for line in nonsense 'server a_t tcp 80 nonsense' 'forward a_t tcp 80 nonsense' \
	'server a_t nonsense' 'unlabeled nonsense'; do
	words=$(secmarkctl check - <<< "$line" 2>&1 |
		sed -n 's/.*(expected \(.*\))$/\1/p' | sed 's/,//g; s/ or / /') || true
	[ -n "$words" ] || { echo "nothing is expected in place of: $line"; : > "$tmp/failed"; }
	for word in $words; do
		grep -qE "(\\\\fB|^\.BR? )$word\b" ../src/secmark2.plan.5 ||
			{ echo "secmark2.plan.5 lacks: $word"; : > "$tmp/failed"; }
	done
done
[ ! -e "$tmp/failed" ]
