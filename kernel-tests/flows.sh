#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Run in the guest by flows: makes the network namespaces that tests/flows sends packets through
# (tests/differential/flow_wire.c draws them), and the rules that write down what label they have;
# then runs it.
set -eu

mkdir -p /run/netns
hosts="a b"
links="eth0 eth1 veth0 wlan0"

in_ns() { # NS COMMAND...
	ns=$1
	shift
	nsenter --net=/run/netns/"$ns" "$@"
}

# The program tells packets by their time to live: 70 is any of its own, 71 and 73 are not to be
# tracked, 72 and 73 get a label before they come to a host. 74 and 75 are outer packets of tunnels
# that come in, and 75 gets a label before. Those that the kernel sends have the mark of the packet
# inside. The kernels' own answers to packets are dropped. Labels are written down after all tables:
# iptables-nft 1.8.9 has "security" at priority 150, where the kernel has 50.
watch() {
	cat <<-'END'
	table inet watch {
		chain raw_in {
			type filter hook prerouting priority -300
			ip ttl { 71, 73 } notrack
			ip6 hoplimit { 71, 73 } notrack
			ip ttl != 70-75 drop
			ip6 hoplimit != 70-75 drop
		}
		chain raw_out {
			type filter hook output priority -300
			ip ttl { 71, 73 } notrack
			ip6 hoplimit { 71, 73 } notrack
			meta mark 0 ip ttl != 70-73 drop
			meta mark 0 ip6 hoplimit != 70-73 drop
		}
	END
	cat <<-'END'
		set outer_input4 { typeof ip id . meta secmark; flags dynamic; size 65535; }
		set outer_input6 {
			typeof ip6 flowlabel . meta secmark; flags dynamic; size 65535;
		}
		set outer_output4 { typeof meta mark . meta secmark; flags dynamic; size 65535; }
		set outer_output6 { typeof meta mark . meta secmark; flags dynamic; size 65535; }
		chain outer_in {
			update @outer_input4 { ip id . meta secmark }
			update @outer_input6 { ip6 flowlabel . meta secmark }
			accept
		}
		chain outer_out {
			meta nfproto ipv4 update @outer_output4 { meta mark . meta secmark }
			meta nfproto ipv6 update @outer_output6 { meta mark . meta secmark }
			accept
		}
	END
	for hook in prerouting input forward output; do
		cat <<-END
		set ${hook}4 { typeof ip id . meta secmark; flags dynamic; size 65535; }
		set ${hook}6 { typeof ip6 flowlabel . meta secmark; flags dynamic; size 65535; }
		chain $hook {
			type filter hook $hook priority 250
			$(outer $hook)
			update @${hook}4 { ip id . meta secmark }
			update @${hook}6 { ip6 flowlabel . meta secmark }
		}
		END
	done
	echo "}"
}

# The rules for outer packets in a chain. In transport mode the time to live is that of the packet
# inside, too.
outer() { # HOOK
	protos="{ 4, 41, 47, 50 }"
	case $1 in
	input)
		echo "ip ttl { 74, 75 } meta l4proto $protos goto outer_in"
		echo "ip6 hoplimit { 74, 75 } meta l4proto $protos goto outer_in"
		;;
	output)
		echo "meta mark != 0 meta l4proto $protos goto outer_out"
		;;
	esac
}

# 79: the program asks which number the kernel has for its label number "id"
world() {
	echo 'table inet watch {'
	echo 'secmark foreign { "system_u:object_r:foreign_t:s0" }'
	for n in 0 1 2 3 4 5 6 7; do
		echo "secmark l$n { \"system_u:object_r:l${n}_t:s0\" }"
	done
	echo 'set calibration4 { typeof ip id . meta secmark; flags dynamic; size 100; }'
	echo 'chain output { type filter hook output priority 0'
	echo 'ip ttl { 72, 73, 75 } meta secmark set "foreign"'
	echo 'ip6 hoplimit { 72, 73, 75 } meta secmark set "foreign"'
	for n in 0 1 2 3 4 5 6 7; do
		echo "ip ttl 79 ip id $(((n + 1) * 4)) meta secmark set \"l$n\""
	done
	echo "ip ttl 79 ip id $((9 * 4)) meta secmark set \"foreign\""
	echo 'ip ttl 79 update @calibration4 { ip id . meta secmark }'
	echo 'ip ttl != 70-79 ip daddr != 127.0.0.0/8 drop'
	echo 'ip6 hoplimit != 70-79 drop'
	printf '}\n}\n'
}

settings() { # in a namespace
	cd /proc/sys/net
	for name in rp_filter:0 accept_local:1 route_localnet:1 send_redirects:0; do
		echo "${name#*:}" > "ipv4/conf/all/${name%:*}"
		echo "${name#*:}" > "ipv4/conf/default/${name%:*}"
	done
	echo 0 > ipv6/conf/default/accept_dad
	echo 0 > ipv6/conf/default/accept_ra
	/sbin/ip link set lo up
}

# settings LINK...: both ends of a link have the same address, so each takes what the other sends
links_up() {
	metric=10
	for dev; do
		metric=$((metric + 1))
		echo 0 > "/proc/sys/net/ipv4/conf/$dev/rp_filter"
		/sbin/ip link set "$dev" address 02:00:00:00:00:01 arp off up
		/sbin/ip route add default dev "$dev" metric $metric
		/sbin/ip -6 route add default dev "$dev" metric $metric
	done
}

# Its rule comes before the table "local", where the same addresses are on lo.
vrf() {
	/sbin/ip link add blue type vrf table 10
	/sbin/ip link set blue up
	for family in -4 -6; do
		/sbin/ip $family rule add pref 32765 table local
		/sbin/ip $family rule del pref 0
	done
}

# Each host has half of the addresses, and its VRF has them again. The other half is reached over a
# link, chosen by the last byte.
addresses() { # HOST
	for address in 10.1.2.3 10.1.9.9 10.200.0.1 192.0.2.5 198.51.100.7 10.1.2.4 \
		fd01::3 fd01::9 fd77::1 2001:db8::5 2002::7 fd01::4; do
		last=${address##*[.:]}
		case $1$last in
		a[137] | b[594])
			/sbin/ip address add "$address" dev lo
			/sbin/ip address add "$address" dev blue
			;;
		*)
			/sbin/ip route add "$address" dev \
				"$(echo "$links" | cut -d ' ' -f $((last / 2 % 4 + 1)))"
			;;
		esac
	done
}

# esp HERE THERE SPI MODE MARK ANY: packets with this mark go out in ESP, which does not encrypt;
# ANY: all addresses
esp() {
	for ends in "$1 $2" "$2 $1"; do
		/sbin/ip xfrm state add src "${ends% *}" dst "${ends#* }" proto esp spi "$3" \
			mode "$4" enc cipher_null ""
	done
	/sbin/ip xfrm policy add dir out mark "$5" mask 0xffff0000 \
		src "$6" dst "$6" tmpl src "$1" dst "$2" proto esp mode "$4"
}

# Tunnels to the other host, as tests/differential/flow_tunnel.c has them. Those of IPsec have no
# device: packets with their mark go through them.
tunnels() { # HOST
	case $1 in
	a) set -- 10.1.2.3 10.1.9.9 10.200.0.1 192.0.2.5 198.51.100.7 10.1.2.4 fd01::3 fd01::9 \
		10.1.2.3 192.0.2.5 fd77::1 2001:db8::5 ;;
	*) set -- 10.1.9.9 10.1.2.3 192.0.2.5 10.200.0.1 10.1.2.4 198.51.100.7 fd01::9 fd01::3 \
		192.0.2.5 10.1.2.3 2001:db8::5 fd77::1 ;;
	esac
	/sbin/ip link add eth-gre type gre local "$1" remote "$2" ttl 70
	/sbin/ip link add veth-ip type sit mode any local "$3" remote "$4" ttl 70
	metric=30
	for dev in eth-gre veth-ip; do
		metric=$((metric + 1))
		echo 0 > "/proc/sys/net/ipv4/conf/$dev/rp_filter"
		/sbin/ip link set "$dev" up
		/sbin/ip route add default dev "$dev" metric $metric
		/sbin/ip -6 route add default dev "$dev" metric $metric
	done
	esp "$5" "$6" 0x300 transport 0x30000 0.0.0.0/0
	esp "$7" "$8" 0x301 transport 0x30000 ::/0
	esp "$9" "${10}" 0x400 tunnel 0x40000 0.0.0.0/0
	esp "${11}" "${12}" 0x401 tunnel 0x40000 ::/0
	# a packet in this one shows that earlier ones have arrived
	/sbin/ip address add 192.168.254.1 dev lo
	/sbin/ip xfrm state add src 192.168.254.2 dst 192.168.254.1 proto esp spi 0x500 \
		mode transport enc cipher_null ""
}

conntrack() {
	cd /proc/sys/net
	echo 1 > ipv4/ip_forward
	echo 1 > ipv6/conf/all/forwarding
	echo 0 > netfilter/nf_conntrack_checksum
	echo 1 > netfilter/nf_conntrack_tcp_be_liberal
}

# The script runs again in each namespace: flows.sh settings|world|HOST [LINK...]
case ${1-} in
'') ;;
settings)
	settings
	exit
	;;
world)
	shift
	links_up "$@"
	world > /tmp/world
	nft -f /tmp/world
	exit
	;;
*)
	host=$1
	shift
	links_up "$@"
	vrf
	addresses "$host"
	tunnels "$host"
	watch > /tmp/watch
	nft -f /tmp/watch
	conntrack
	exit
	;;
esac

world_links=
for ns in world $hosts; do
	touch "/run/netns/$ns"
	unshare --net="/run/netns/$ns" true
	in_ns "$ns" sh "$0" settings
done
for host in $hosts; do
	for dev in $links; do
		in_ns world /sbin/ip link add "$host-$dev" type veth peer name "$dev" netns "$host"
		world_links="$world_links $host-$dev"
	done
done
# shellcheck disable=SC2086 # words
for host in $hosts; do
	in_ns "$host" sh "$0" "$host" $links
done
# shellcheck disable=SC2086
in_ns world sh "$0" world $world_links
# On a busy machine the thread ksoftirqd receives packets. Before Linux 6.5 the kernel leaves all of
# them to it once it is awake, so what a host sends would overtake what has come. It runs first.
chrt -f -p 1 "$(pidof ksoftirqd/0)"
[ ! -e "/lib/modules/$(uname -r)/xt_secmark2.ko" ] || modprobe xt_secmark2

# what to call, one word a line
cd /etc/secmark2/files
set --
while IFS= read -r word; do
	set -- "$@" "$word"
done < words
exec "$@"
