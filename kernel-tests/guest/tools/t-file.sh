#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# t-file.sh IPTABLES FILE: runs the rules of an extension's .t file, in the format of iptables' own:
#   :CHAIN,CHAIN        where the rules that follow are added
#   *TABLE
#   RULE;LISTED;OK      LISTED is how the rule is listed, = if as it stands
#   RULE;;FAIL
# All rules that should be taken go to the kernel at once, because each command takes long under
# emulation.
set -eu

ipt=$1
faults=0
chains=
table=
: > /tmp/t-rules
: > /tmp/t-listed

fault() {
	echo "$*" >&2
	faults=$((faults + 1))
}

# restore COMMAND CHAIN...: does that with each rule in each chain
restore() {
	command=$1
	shift
	{
		echo "*$table"
		for chain; do sed "s/^/$command $chain /" /tmp/t-rules; done
		echo COMMIT
	} > /tmp/t-restore
	"$ipt-restore" --noflush < /tmp/t-restore || { fault "refused:"; cat /tmp/t-restore >&2; }
}

# The first chain has it all; the others only have to take the rules.
rules_hold() {
	[ -s /tmp/t-rules ] || return 0
	first=${chains%% *}
	# shellcheck disable=SC2086 # a list of chains
	restore -A $chains
	$ipt -t "$table" -S "$first" 2> /dev/null | sed -n "s/^-A $first //p" > /tmp/t-found
	cmp -s /tmp/t-listed /tmp/t-found || {
		fault "listed as:"
		diff /tmp/t-listed /tmp/t-found >&2
	}
	restore -C "$first"
	# shellcheck disable=SC2086
	restore -D $chains
	: > /tmp/t-rules
	: > /tmp/t-listed
}

while IFS= read -r line; do
	rule=${line%%;*}
	listed=${line#*;}
	listed=${listed%;*}
	case $line in
	'' | '#'*) ;;
	:*)
		rules_hold
		chains=$(echo "${line#:}" | tr , ' ')
		;;
	'*'*)
		rules_hold
		table=${line#?}
		;;
	*\;OK)
		[ "$listed" != = ] || listed=$rule
		echo "$rule" >> /tmp/t-rules
		echo "$listed" >> /tmp/t-listed
		;;
	*\;FAIL)
		# quoted for the shell
		if eval "$ipt -t $table -A ${chains%% *} $rule" 2> /dev/null; then
			fault "-A ${chains%% *} $rule: taken"
		fi
		;;
	*) fault "no verdict: $line" ;;
	esac
done < "$2"
rules_hold
exit $((faults > 0))
