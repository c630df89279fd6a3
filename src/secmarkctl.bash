# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Completion for secmarkctl. The words to complete are read from the program's own help.

_secmarkctl_values() {
	case $1 in
	FILE | PLAN) compgen -f -- "$2" ;;
	IFACE) compgen -W "$(cd /sys/class/net 2>/dev/null && echo *)" -- "$2" ;;
	BACKEND) compgen -W 'nft iptables iptables-nft iptables-legacy iptc' -- "$2" ;;
	LINES) compgen -W 'none client all' -- "$2" ;;
	TIME)
		compgen -W "now recent this-hour boot today yesterday this-week week-ago this-month
			this-year" -- "$2"
		;;
	KEY) compgen -W 'label domain connections packets bytes denials' -- "$2" ;;
	FORMAT) compgen -W 'plan iptables nft' -- "$2" ;;
	esac
}

_secmarkctl() {
	local option='^ *\(-[a-zA-Z], \)\{0,1\}' # how a line of the help begins
	local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local program=$1 value help options
	# "--option=value" comes as three words
	[ "$cur" != = ] || cur=
	[ "$before" != = ] || before=${COMP_WORDS[COMP_CWORD - 2]}
	if [ "$COMP_CWORD" -eq 1 ]; then
		help=$("$program" --help 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$help --help --version" -- "$cur")
		return
	fi
	if [ "${COMP_WORDS[1]}" = help ] && [[ $cur != -* ]]; then
		help=$("$program" --help 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$help" -- "$cur")
		return
	fi
	help=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null)
	# the word before may be a file name with any characters: use it only if it looks like
	# an option
	value=
	if [[ $before =~ ^--?[a-z-]+$ ]]; then
		value=$(sed -n "s/$option$before \([A-Z]*\) .*/\2/p" <<< "$help")
	fi
	if [ -n "$value" ]; then
		mapfile -t COMPREPLY < <(_secmarkctl_values "$value" "$cur")
	elif [[ $cur == -* ]]; then
		options=$(sed -n "s/$option\(--[a-z-]*\).*/\2/p" <<< "$help")
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
	elif [ "${COMP_WORDS[1]}" = lookup ] && [ "$COMP_CWORD" -eq 3 ]; then
		mapfile -t COMPREPLY < <(compgen -W 'in out forward' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}

complete -o filenames -F _secmarkctl secmarkctl
