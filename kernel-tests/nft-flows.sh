#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Run in the guest by nft-flows: loads each plan and sends its flows; prints "PLAN HOOK ID DIRECTION LABEL SECID":
# the label that the flow should have, and the number of the one that the packet had in that hook.
set -eu

cd /etc/secmark2/files
mkdir -p /run/netns
touch /run/netns/root /run/netns/host /run/netns/router
mount --bind /proc/self/ns/net /run/netns/root

# Packets are counted where they have their label, and go no further.
observer() {
	cat <<-'END'
	table inet observer {
		chain untracked_in { type filter hook prerouting priority -300; ip ttl 77 notrack; ip6 hoplimit 77 notrack; }
		chain untracked_out { type filter hook output priority -300; ip ttl 77 notrack; ip6 hoplimit 77 notrack; }
	END
	for hook in prerouting input forward output; do
		cat <<-END
		set ${hook}4 { typeof ip id . meta secmark; flags dynamic; size 65535; }
		set ${hook}6 { typeof ip6 flowlabel . meta secmark; flags dynamic; size 65535; }
		chain $hook {
			type filter hook $hook priority 60
			update @${hook}4 { ip id . meta secmark }
			update @${hook}6 { ip6 flowlabel . meta secmark }
			$([ $hook = prerouting ] || echo drop)
		}
		END
	done
	echo "}"
}
observer > /tmp/observer

in_ns() { # NS COMMAND...
	ns=$1
	shift
	nsenter --net=/run/netns/"$ns" "$@"
}

make_ns() { # NS
	unshare --net=/run/netns/"$1" true
	for dev in eth0 eth1 veth0 wlan0; do
		/sbin/ip link add "$1-$dev" type veth peer name $dev netns "$1"
		/sbin/ip link set "$1-$dev" arp off up
	done
	in_ns "$1" sh -s "$1" <<-'END'
	cd /proc/sys/net
	for name in rp_filter:0 accept_local:1 route_localnet:1; do
		echo ${name#*:} > ipv4/conf/all/${name%:*}
		echo ${name#*:} > ipv4/conf/default/${name%:*}
	done
	/sbin/ip link set lo up
	metric=10
	for dev in eth0 eth1 veth0 wlan0; do
		echo 0 > ipv4/conf/$dev/rp_filter
		echo 0 > ipv6/conf/$dev/accept_dad
		/sbin/ip link set $dev address 02:00:00:00:00:01 arp off up
		metric=$((metric + 1))
		/sbin/ip route add default dev $dev metric $metric
		/sbin/ip -6 route add default dev $dev metric $metric
	done
	for address in 10.1.2.3 10.1.9.9 10.200.0.1 192.0.2.5 198.51.100.7 10.1.2.4 \
		fd01::3 fd01::9 fd77::1 2001:db8::5 2002::7 fd01::4; do
		if [ "$1" = host ]; then
			/sbin/ip address add $address dev lo
			continue
		fi
		set -- "$1" eth0 eth1 veth0 wlan0
		last=${address##*[.:]}
		shift $((last % 4 + 1))
		/sbin/ip route add $address dev "$1"
		set -- router
	done
	echo 1 > ipv4/ip_forward
	echo 1 > ipv6/conf/all/forwarding
	echo 0 > netfilter/nf_conntrack_checksum
	END
}


make_ns host
make_ns router
for plan in *.plan.nft; do
	n=${plan%.plan.nft}
	for ns in host router; do
		in_ns "$ns" nft flush ruleset
		in_ns "$ns" nft -f "$plan"
		in_ns "$ns" nft -f /tmp/observer
	done
	./guest-inject < "$n.flows"
	for ns in host router; do
		in_ns "$ns" nft list table inet observer > "/tmp/$ns"
	done
	cat /tmp/host /tmp/router > /tmp/both
	# shellcheck disable=SC2020 # three characters, each to a line end
	tr -d '\n' < /tmp/both | tr '{},' '\n\n\n' | awk -v n="$n" '
		NR == FNR { label[$1] = $NF; dir[$1] = $2; next }
		/set [a-z]*[46] *$/ { hook = $NF; sub(/[46]$/, "", hook) }
		/^[ \t]*[0-9]+ \. (0x)?[0-9a-f]+ *$/ { print n, hook, $1, dir[$1], label[$1], $3 }' "$n.flows" -
done
echo 'all done'
