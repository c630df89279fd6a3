#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Run in the guest by bench/packets: for each line "RULE-SET-FILE BACKEND" of the file "order", loads the rule set and
# prints "RULE-SET-FILE BACKEND KIND INSTRUCTIONS" for each kind of traffic, or "RULE-SET-FILE BACKEND skip REASON".
set -eu

cd /etc/secmark2/files

# What a rule set says of itself, in comments.
header() { # FILE WORD
	sed -n "s/^# $2: //p" "$1"
}

restore() { # BACKEND
	case $1 in
	nft) nft -f - ;;
	*) "$1-restore" ;;
	esac
}

# The label that the last flow has left: a rule set that does nothing looks like a very fast one.
check_label() { # FILE
	have=$(sed -n 's/.* secctx=[^ :]*:[^ :]*:\([^ :]*\).*/\1/p; q' /proc/net/nf_conntrack)
	want=$(header "$1" label)
	if [ "$have" != "$want" ]; then
		echo "$1 labels the flow as '$have', not '$want'"
		exit 1
	fi
}

# In a network namespace of its own, so that no hook, connection or counter of an earlier one is left. Rules are removed
# before it ends, because that is put off, and packets would be checked until then.
measure() { # FILE BACKEND
	ip link set lo up
	restore "$2" < "$1"
	for kind in established new; do
		figure=$(./bench-traffic $kind)
		check_label "$1"
		echo "$1 $2 $kind $figure"
	done
	case $2 in
	nft) echo flush ruleset ;;
	*) sed -n 's/^\*.*/&\nCOMMIT/p' "$1" ;;
	esac | restore "$2"
}

if [ $# -gt 0 ]; then
	measure "$@"
	exit
fi

for limit in nf_conntrack_buckets nf_conntrack_max; do
	echo 65536 > /proc/sys/net/netfilter/$limit
done
echo "kernel $(uname -r)"
while read -r file backend; do
	module=$(header "$file" needs)
	if [ -n "$module" ]; then
		if [ ! -e "/lib/modules/$(uname -r)/$module.ko" ]; then
			echo "$file $backend skip there is no kernel module $module"
			continue
		fi
		# one that is there and does not load is no reason to skip
		modprobe "$module"
	fi
	# not "ip netns exec", which would hide selinuxfs
	unshare -n sh "$0" "$file" "$backend" < /dev/null
done < order
