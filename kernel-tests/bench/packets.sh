#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Run in the guest by bench/packets: for each line "RULE-SET-FILE BACKEND" of the file "order",
# loads the rule set and prints "RULE-SET-FILE BACKEND KIND INSTRUCTIONS" for each line of the file
# "kinds" that it is for, or "RULE-SET-FILE BACKEND skip REASON".
#
# A line of "kinds" is "KIND PATH TRAFFIC PORT". Packets always go over the one loopback device.
# PATH lo: that is named lo, so rules see flows with both ends here. PATH world: it is named world,
# and another device lo, so that rules see packets as if they had come from elsewhere, or were going
# there. TRAFFIC is bench-traffic's; "load" is loading the rules, by the command of the backend,
# "apply" by the command that the rule set names.
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

flush() { # FILE BACKEND
	case $2 in
	nft) echo flush ruleset ;;
	*) sed -n 's/^\*.*/&\nCOMMIT/p' "$1" ;;
	esac | restore "$2"
}

# The label that the last flow has left: a rule set that does nothing looks like a very fast one.
check_label() { # FILE KIND
	have=$(sed -n 's/.* secctx=[^ :]*:[^ :]*:\([^ :]*\).*/\1/p; q' /proc/net/nf_conntrack)
	want=$(header "$1" "label $2")
	[ -n "$want" ] || want=$(header "$1" label)
	if [ "$have" != "$want" ]; then
		echo "$1, $2: labels the flow as '$have', not '$want'"
		exit 1
	fi
}

# SELinux forgets its decisions. Loading a label is one, of the same domain that sends here;
# hundreds of them make the next decision on a packet 35 instructions dearer, which is not so where
# a domain of its own loads the rules.
forget() {
	echo 0 > /sys/fs/selinux/enforce
	echo 1 > /sys/fs/selinux/enforce
}

# With --icount a nanosecond of the guest's clock is an instruction.
clock() {
	sed -n 's/^now at \([0-9]*\) nsecs/\1/p' /proc/timer_list
}

# The first load brings modules, and pages of programs: it is not the one that is measured.
load() { # FILE BACKEND COMMAND
	flush "$1" "$2"
	start=$(clock)
	eval "$3" < "$1" > /tmp/said 2>&1 || { cat /tmp/said; exit 1; }
	end=$(clock)
	echo $((end - start))
}

traffic() { # FILE BACKEND KIND TRAFFIC PORT
	case $4 in
	load)
		command="$2-restore"
		[ "$2" != nft ] || command="nft -f -"
		load "$1" "$2" "$command"
		;;
	apply)
		command=$(header "$1" apply)
		[ -n "$command" ] || return 0
		eval "$command" > /dev/null
		load "$1" "$2" "$command"
		flush "$1" "$2"
		restore "$2" < "$1"
		;;
	*)
		./bench-traffic "$4" "$5"
		check_label "$1" "$3"
		;;
	esac
}

# In a network namespace of its own, so that no hook, connection or counter of an earlier one is
# left. Rules are removed before it ends, because that is put off, and packets would be checked
# until then.
measure() { # FILE BACKEND PATH
	if [ "$3" = world ]; then
		/sbin/ip link set lo name world
		/sbin/ip link add lo type dummy
	fi
	/sbin/ip link set "$3" up
	restore "$2" < "$1"
	forget
	not=" $(header "$1" not) "
	while read -r kind path traffic port; do
		[ "$path" = "$3" ] || continue
		case $not in *" $kind "*) continue ;; esac
		figure=$(traffic "$1" "$2" "$kind" "$traffic" "$port") || {
			echo "$1 $kind: $figure"
			exit 1
		}
		[ -z "$figure" ] || echo "$1 $2 $kind $figure"
	done < kinds
	flush "$1" "$2"
}

if [ $# -gt 0 ]; then
	measure "$@"
	exit
fi

for limit in nf_conntrack_buckets nf_conntrack_max; do
	echo 65536 > /proc/sys/net/netfilter/$limit
done
echo "kernel $(uname -r)"
echo "iptables $(iptables-nft --version | sed 's/[^0-9]*//; s/ .*//')"
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
	for path in lo world; do
		grep -q "^[^#].*[[:space:]]${path}[[:space:]]" kinds || continue
		# not "ip netns exec", which would hide selinuxfs
		unshare -n sh "$0" "$file" "$backend" $path < /dev/null
	done
done < order
