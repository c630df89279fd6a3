#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# t-file.sh IPTABLES FILE: runs the rules of an extension's .t file, in the format of iptables' own:
#   :CHAIN,CHAIN        where the rules that follow are added
#   *TABLE
#   RULE;LISTED;OK      LISTED is how the rule is listed, = if as it stands
#   RULE;;FAIL
set -eu

ipt=$1
faults=0

fault() {
	echo "$*" >&2
	faults=$((faults + 1))
}

# The rules are quoted for the shell. The first chain has it all; the others only have to take the rule.
rule_holds() { # RULE LISTED
	first=${chains%% *}
	for chain in $chains; do
		eval "$ipt -t $table -A $chain $1" || fault "-A $chain $1: refused"
	done
	found=$($ipt -t "$table" -S "$first" 2> /dev/null | tail -n 1)
	[ "$found" = "-A $first $2" ] || fault "-A $first $1: listed as '$found'"
	eval "$ipt -t $table -C $first $1" || fault "-C $first $1: not found"
	eval "$ipt -t $table -D $first $1" || fault "-D $first $1: not found"
}

while IFS= read -r line; do
	rule=${line%%;*}
	listed=${line#*;}
	listed=${listed%;*}
	case $line in
	'' | '#'*) ;;
	:*) chains=$(echo "${line#:}" | tr , ' ') ;;
	'*'*) table=${line#?} ;;
	*\;OK)
		[ "$listed" != = ] || listed=$rule
		rule_holds "$rule" "$listed"
		;;
	*\;FAIL)
		if eval "$ipt -t $table -A ${chains%% *} $rule" 2> /dev/null; then
			fault "-A ${chains%% *} $rule: taken"
		fi
		;;
	*) fault "no verdict: $line" ;;
	esac
done < "$2"
exit $((faults > 0))
