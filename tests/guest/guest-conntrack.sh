#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (run --script; guest-flows, plan_rules and secmarkctl in
# --files, and secmarkctl as --program, for its libraries). Tests what becomes of flows older than
# the rules of a plan with labels for them, and what "secmarkctl show" says of labels. Prints TAP.
#
#     world eth0 --- eth0 (here) eth1 --- eth0 far
#     192.0.2.2      192.0.2.1   198.51.100.1  198.51.100.2
set -eu

PATH=$PATH:/etc/secmark2/files
ip() { /sbin/ip "$@"; }
tests=0
plan=/tmp/plan

result() { # STATUS SENTENCE [FILE]: what the file has is shown on failure
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		[ -z "${3-}" ] || sed 's/^/# /' "$3"
	fi
}

is() { # SENTENCE COMMAND...
	said=$1
	shift
	if "$@"; then result 0 "$said"; else result 1 "$said" /tmp/what; fi
}

in_ns() { # NS COMMAND...
	ns=$1
	shift
	if [ "$ns" = here ]; then "$@"; else nsenter --net=/run/netns/"$ns" "$@"; fi
}

join() { # NS LEFT-ADDRESS RIGHT-ADDRESS OUR-DEVICE
	ip netns add "$1"
	ip link add "$4" type veth peer name eth0 netns "$1"
	ip addr add "${2%,*}/24" dev "$4"
	ip addr add "${2#*,}/64" dev "$4" nodad
	ip -n "$1" addr add "${3%,*}/24" dev eth0
	ip -n "$1" addr add "${3#*,}/64" dev eth0 nodad
	ip link set "$4" up
	ip -n "$1" link set eth0 up
	ip -n "$1" link set lo up
	ip -n "$1" -4 route add default via "${2%,*}"
	ip -n "$1" -6 route add default via "${2#*,}"
}

talks=''
# Somebody serves, somebody else talks to it; the talk goes on by "say NAME".
talk() { # NAME CLIENT-NS SERVER-NS tcp|udp ADDRESS PORT
	in_ns "$3" guest-flows echo "$4" "$5" "$6" &
	until in_ns "$3" netstat -lnt"$([ "$4" = tcp ] || echo u)" | grep -q ":$6 "; do :; done
	mkfifo "/tmp/$1.in"
	: > "/tmp/$1.out"
	in_ns "$2" guest-flows talk "$4" "$5" "$6" < "/tmp/$1.in" > "/tmp/$1.out" &
	# it ends when nobody has it open for writing
	tail -f /dev/null > "/tmp/$1.in" &
	talks="$talks $1"
	say "$1" hello
}

say() { # NAME WORD: prints nothing; is there an answer?
	lines=$(wc -l < "/tmp/$1.out")
	echo "$2" > "/tmp/$1.in"
	until [ "$(wc -l < "/tmp/$1.out")" -gt "$lines" ]; do :; done
	[ "$(tail -n 1 "/tmp/$1.out")" = "$2" ]
}

list() { # FILE
	guest-flows list $plan > "$1"
	sort "$1" > /tmp/what
}

counted() { # LINE: is it in the list? The client's port is a *
	sed 's/^\([^ ]* [^ ]*\) [0-9]*/\1 */' /tmp/what | grep -qxF "$1"
}

label_of() { # DPORT PROTOCOL: conntrack's label of a flow
	sed -n "s/.*$2 .* dport=$1 src=.*secctx=[^ ]*:\([a-z_]*_t\):s0 .*/\1/p" \
		/proc/net/nf_conntrack |
		sort -u > /tmp/what
	cat /tmp/what
}

has_label() { # DPORT PROTOCOL LABEL
	[ "$(label_of "$1" "$2")" = "$3" ]
}

ip link set lo up
join world 192.0.2.1,fd01::1 192.0.2.2,fd01::2 eth0
join far 198.51.100.1,fd02::1 198.51.100.2,fd02::2 eth1
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding

# conntrack looks at packets where somebody asks it
for ipt in iptables-legacy ip6tables-legacy; do
	$ipt -A INPUT -m conntrack --ctstate NEW
done
cd /proc/sys/net/netfilter
echo 0 > nf_conntrack_acct
# nothing is to be forgotten by itself
for limit in nf_conntrack_udp_timeout nf_conntrack_udp_timeout_stream nf_conntrack_icmp_timeout; do
	echo 3600 > $limit
done
cd /

talk lo_tcp here here tcp 127.0.0.1 8001
talk lo_udp6 here here udp ::1 8002
talk in_tcp world here tcp 192.0.2.1 8003
talk in_udp world here udp 192.0.2.1 8004
talk in_tcp6 world here tcp fd01::1 8005
talk out_tcp here far tcp 198.51.100.2 8006
talk out_udp6 here far udp fd02::2 8007
talk fwd_tcp world far tcp 198.51.100.2 8008
talk fwd_udp6 world far udp fd02::2 8009
talk unplanned world here udp 192.0.2.1 8010
ping -c 1 -w 3 198.51.100.2 > /dev/null
# nobody answers
in_ns world ping -c 1 -w 1 192.0.2.255 > /dev/null || :

cat > $plan <<-END
	server web_server_packet_t tcp 8000-8006
	server web_server_packet_t udp 8000-8005 on eth0
	client web_client_packet_t tcp 8000-8007
	client web_client_packet_t udp 8000-8007
	client ping_packet_t icmp
	server ping_packet_t icmp
	forward web_server_packet_t tcp 8008
	forward web_client_packet_t udp 8009
	server other_packet_t udp 9000
END

echo "# before there are rules"
list /tmp/before
for line in "tcp 127.0.0.1 * 127.0.0.1 8001 out web_client_packet_t sure" \
	"udp ::1 * ::1 8002 out web_client_packet_t sure" \
	"tcp 192.0.2.2 * 192.0.2.1 8003 in web_server_packet_t sure" \
	"udp 192.0.2.2 * 192.0.2.1 8004 in web_server_packet_t possible" \
	"tcp fd01::2 * fd01::1 8005 in web_server_packet_t sure" \
	"tcp 198.51.100.1 * 198.51.100.2 8006 out web_client_packet_t sure" \
	"udp fd02::1 * fd02::2 8007 out web_client_packet_t sure" \
	"tcp 192.0.2.2 * 198.51.100.2 8008 forward web_server_packet_t sure" \
	"udp fd01::2 * fd02::2 8009 forward web_client_packet_t sure" \
	"icmp 198.51.100.1 * 198.51.100.2 0 out ping_packet_t sure" \
	"icmp 192.0.2.2 * 192.0.2.255 0 in ping_packet_t sure"; do
	is "counted: $line" counted "$line"
done
is "flows that the plan has no label for are not counted" [ "$(wc -l < /tmp/before)" -eq 11 ]

echo "# with rules"
# "keep": nobody may give the unlabeled context in this policy; packets from a trusted interface
# bring no label
plan_rules apply keep fast=eth0 fast=eth1 < $plan > /tmp/what
is "the plan is loaded" grep -qx changed /tmp/what
for name in $talks; do
	is "$name goes on" say "$name" again
done
talk new world here udp 192.0.2.1 8000
is "a flow that the rules saw begin has its label" has_label 8000 udp web_server_packet_t
list /tmp/after
for port in 8001 8002 8003 8004 8005 8006 8007 8008 8009; do
	is "it is still unlabeled and counted: $port" grep -q " $port " /tmp/what
done
is "one that has a label is not" [ "$(grep -c ' 8000 ' /tmp/what)" -eq 0 ]
list /tmp/after
n=$(wc -l < /tmp/after)

echo "# reset"
unplanned=$(grep 'dport=8010 src' /proc/net/nf_conntrack | sed 's/ [0-9]* src/ src/')
guest-flows reset $plan > /tmp/reset
cp /tmp/reset /tmp/what
is "an entry with another id is left alone" \
	grep -qx 'another id: No such file or directory' /tmp/reset
is "all that were counted are reset" grep -qx "reset $n, gone 0, held 0" /tmp/reset
is "one that the plan has no label for is not" \
	[ "$(grep 'dport=8010 src' /proc/net/nf_conntrack |
		sed 's/ [0-9]* src/ src/')" = "$unplanned" ]
is "there is nothing left to reset" [ "$(guest-flows reset $plan)" = 'reset 0, gone 0, held 0' ]
for name in $talks; do
	is "$name goes on after that" say "$name" 'and again'
done
while read -r port proto label; do
	is "the next packet has labeled the flow: $port" has_label "$port" "$proto" "$label"
done <<-END
	8001 tcp web_client_packet_t
	8002 udp web_client_packet_t
	8003 tcp web_server_packet_t
	8004 udp web_server_packet_t
	8005 tcp web_server_packet_t
	8006 tcp web_client_packet_t
	8007 udp web_client_packet_t
	8008 tcp web_server_packet_t
	8009 udp web_client_packet_t
	8010 udp unlabeled_t
END
list /tmp/after
is "no old flow is left" [ ! -s /tmp/after ]

echo "# a session that speaks while connection tracking begins to run"
mkdir /tmp/window
cat > /tmp/window/iptables-nft-restore <<-\END
	#!/bin/sh
	if mkdir /tmp/window/once 2> /dev/null; then
		iptables-legacy -A INPUT -m conntrack --ctstate NEW
		echo meanwhile > /tmp/early.in
		until grep -q meanwhile /tmp/early.out; do :; done
		cp /proc/net/nf_conntrack /tmp/window/known
	fi
	exec /sbin/iptables-nft-restore "$@"
END
chmod +x /tmp/window/iptables-nft-restore
talk early here far tcp 198.51.100.2 8013
echo 'server web_server_packet_t tcp 8013' > /tmp/window/plan
in_ns far cat /proc/sys/net/netfilter/nf_conntrack_count > /tmp/what
is "the server's host tracks nothing" [ "$(cat /tmp/what)" = 0 ]
in_ns far env PATH="/tmp/window:$PATH" secmarkctl apply --backend iptables-nft /tmp/window/plan \
	> /tmp/what 2>&1 && status=0 || status=$?
is "a plan is loaded there, without a word about older connections" \
	[ "$status $(cat /tmp/what)" = '0 /tmp/window/plan: loaded by iptables-nft' ]
cp /tmp/window/known /tmp/what
is "before it was loaded, the session had no label" \
	grep -q 'dport=8013 .*secctx=[^ ]*:unlabeled_t:' /tmp/what
say early more
in_ns far cat /proc/net/nf_conntrack > /tmp/what
is "then it has one" grep -q 'dport=8013 .*secctx=[^ ]*:web_server_packet_t:' /tmp/what
in_ns far secmarkctl remove > /dev/null

echo "# show"
secmarkctl show > /tmp/what 2>&1 && status=0 || status=$?
is "nothing is loaded by secmarkctl" \
	[ "$status $(cat /tmp/what)" = '1 secmarkctl: no plan is loaded in this network namespace' ]
secmarkctl apply --backend iptc $plan > /tmp/what 2>&1 && status=0 || status=$?
is "the plan is loaded by secmarkctl" [ "$status" = 0 ]

row() { # LABEL: of show, without the user and role
	sed -n "s/^system_u:object_r:\($1\):s0  */\1 /p; s/^\(unlabeled\)  */\1 /p" /tmp/what |
		sed 's/  */ /g' | grep "^$1 "
}

# what conntrack itself lists
connections() { # LABEL
	grep -c "secctx=[^ ]*:$1:" /proc/net/nf_conntrack
}

secmarkctl show > /tmp/what 2> /tmp/stderr
is "what is loaded is told" \
	[ "$(head -n 3 /tmp/what | sed '3s/[0-9]/0/g')" = \
		"$(printf 'plan     %s\nbackend  iptc\nloaded   0000-00-00T00:00:00Z' $plan)" ]
tail -n +5 /tmp/what | head -n "$(wc -l < $plan)" > /tmp/text
is "the plan's text is there as it was" cmp -s /tmp/text $plan
for label in web_server_packet_t web_client_packet_t; do
	is "without accounting packets are not known: $label" \
		[ "$(row $label)" = "$label yes $(connections $label) 0 - -" ]
done
is "a label of the plan without connections has none" \
	[ "$(row other_packet_t)" = 'other_packet_t yes 0 0 0 0' ]
is "connections without a label are counted" \
	[ "$(row unlabeled)" = "unlabeled no $(connections unlabeled_t) 0 - -" ]
cp /tmp/stderr /tmp/what
is "how accounting is switched on is told" \
	grep -q 'sysctl net.netfilter.nf_conntrack_acct=1' /tmp/stderr

echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct
talk counted world here udp 192.0.2.1 8011
say counted 'three and twenty bytes.'
secmarkctl show --json > /tmp/what 2> /tmp/stderr
# two packets of 6 bytes, two of 24, each with 28 of headers
sed -n '/"label": null/,/}/p' /tmp/what | tr -d ' \n' > /tmp/row
is "what is counted is counted exactly" grep -q '"counted":1,"packets":4,"bytes":172}' /tmp/row
cp /tmp/stderr /tmp/what
is "that others are not is told" \
	grep -q 'packets are not counted for [0-9]* connections: they began while' /tmp/stderr
iptables-legacy -t mangle -I INPUT -p udp --dport 8012 \
	-j SECMARK --selctx system_u:object_r:passing_packet_t:s0
iptables-legacy -t mangle -I INPUT 2 -p udp --dport 8012 -j CONNSECMARK --save
talk passing world here udp 192.0.2.1 8012
secmarkctl show > /tmp/what 2> /tmp/stderr
is "a label that the plan does not have is shown" \
	[ "$(row passing_packet_t)" = 'passing_packet_t no 1 1 2 68' ]
secmarkctl show --json > /tmp/what 2> /tmp/stderr
is "packets that are not known are null" grep -q '"packets": null' /tmp/what
guest-flows without net_admin secmarkctl show > /tmp/out 2> /tmp/what || :
is "without CAP_NET_ADMIN that is said" grep -q 'no permission to read' /tmp/what
# where it is no module, it cannot be missing
if rmmod nf_conntrack_netlink 2> /dev/null; then
	secmarkctl show > /tmp/out 2> /tmp/what
	is "ctnetlink is loaded when it is needed" grep -q '^unlabeled ' /tmp/out
	rmmod nf_conntrack_netlink
	echo /bin/false > /proc/sys/kernel/modprobe
	secmarkctl show > /tmp/out 2> /tmp/what && status=0 || status=$?
	is "a kernel without ctnetlink is an error" \
		[ "$status $(grep -c 'it has no ctnetlink' /tmp/what)" = '1 1' ]
	is "the plan is shown nevertheless" \
		grep -q '^server web_server_packet_t tcp 8000-8006$' /tmp/out
fi
echo "1..$tests"
