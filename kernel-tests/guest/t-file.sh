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

# The rules are quoted for the shell.
rule_holds() { # CHAIN RULE LISTED
	if ! eval "$ipt -t $table -A $1 $2"; then
		fault "-A $1 $2: refused"
		return
	fi
	found=$($ipt -t "$table" -S "$1" 2> /dev/null | tail -n 1)
	[ "$found" = "-A $1 $3" ] || fault "-A $1 $2: listed as '$found'"
	eval "$ipt -t $table -C $1 $2" || fault "-C $1 $2: not found"
	eval "$ipt -t $table -D $1 $2" || fault "-D $1 $2: not found"
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
		for chain in $chains; do
			rule_holds "$chain" "$rule" "$listed"
		done
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
