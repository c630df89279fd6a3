#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/explain): for each denial of a packet, what
# "secmarkctl explain" says first is applied, and then the packet passes. Prints TAP.
#
#     client eth0 --- eth0 server eth1 --- eth0 far
#     192.0.2.2   192.0.2.3   198.51.100.3  198.51.100.4
set -eu
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

hide_module
files=/etc/secmark2/files
plan=/tmp/plan
policy=/tmp/policy
namespaces='client server far'
labeled='client server' # a plan is applied in these
to=192.0.2.3            # the server that is asked
from=client             # the namespace of who asks
port=2000
echo 0 > /proc/sys/kernel/printk_ratelimit

in_ns() { # NS COMMAND...
	ns=$1
	shift
	nsenter --net="/run/netns/$ns" "$@"
}

# as DOMAIN NS COMMAND...
as() {
	domain=$1 space=$2
	shift 2
	# shellcheck disable=SC2016 # that shell expands it
	in_ns "$space" sh -c 'printf %s "$0" > /proc/self/attr/current && exec "$@"' \
		"system_u:system_r:$domain:s0" "$@"
}

# Loads the policy of the cases, with the modules that were added.
load_policy() {
	secilc -c 33 -o $policy -f /dev/null $files/*.cil /tmp/added/*.cil 2> /tmp/why &&
		cat $policy > /sys/fs/selinux/load
}

# A test begins with the policy of the cases, with no rule, and with this plan: LINE...
begin() {
	rm -f /tmp/added/rule.cil /tmp/added/plan.cil
	load_policy
	for ns in $namespaces; do
		in_ns "$ns" secmarkctl remove > /dev/null 2>&1 || true
	done
	port=$((port + 1))
	printf '%s\n' "$@" | sed "s/PORT/$port/" > $plan
	apply
	dmesg -c > /dev/null
}

apply() {
	for ns in $labeled; do
		in_ns "$ns" secmarkctl apply $plan > /tmp/applied 2>&1 || cat /tmp/applied
	done
}

# serves NS DOMAIN: on the port of this test
serves() {
	as "$2" "$1" busybox httpd -p "$to:$port" -h /tmp/www
	poll is_served "$1"
}

is_served() {
	in_ns "$1" netstat -lnt | grep -q ":$port "
}

# asks NS DOMAIN: what it gets from the server
asks() {
	as "$2" "$1" busybox timeout 4 busybox nc "$to" "$port" < /tmp/request 2> /dev/null |
		tail -n 1 || true
}

# The first thing that would allow the newest denial: the lines to type. Packets that are sent again
# make more records.
advice() {
	dmesg | grep 'avc: ' > /tmp/records || true
	secmarkctl explain --plan $plan --policy $policy /tmp/records > /tmp/explained
	awk '/^  allow / { on = 1; next } /^  [a-z]/ { on = 0 } on && /^              / {
		sub(/^ */, ""); print }' /tmp/explained
}

# Makes a rule of a policy module one of CIL.
cil_of_rule() { # "allow S T:packet { recv send };"
	echo "$1" | sed -e 's/[{};]//g' \
		-e 's/^allow \([^ ]*\) \([^:]*\):packet *\(.*\)$/(allow \1 \2 (packet (\3)))/'
}

# Loads the policy with the module of the plan.
load_module() {
	secmarkctl policy --policy $policy $plan > /tmp/added/plan.cil 2> /dev/null
	# this script, which is no administrator's program, loads the rules
	sed -n 's/^type \(.*\)/(allow kernel_t \1 (packet (relabelto)))/p' $plan \
		>> /tmp/added/plan.cil
	load_policy
}

# Does what it says: lines of the plan replace those that they extend, or are added.
follow() {
	while IFS= read -r line; do
		case $line in
		'secmarkctl policy --load '*) ;;
		allow*) cil_of_rule "$line" >> /tmp/added/rule.cil ;;
		# of an interface there is a rule, too
		corenet_*) cil_of_rule "$(sed -n 's/^ *\(allow .*;\)$/\1/p' /tmp/explained)" \
			>> /tmp/added/rule.cil ;;
		*)
			awk -v new="$line" '
				!done && index(new, $0) == 1 { print new; done = 1; next }
				{ print }
				END { if (!done) print new }' $plan > /tmp/plan.new
			mv /tmp/plan.new $plan
			;;
		esac
	done < /tmp/advice
	load_module
	apply
}

# heals SENTENCE SERVER-NS SERVER-DOMAIN CLIENT-DOMAIN ADVICE: denied, and allowed once the advice
# is followed. More than one thing may be missing.
heals() {
	sentence=$1 space=$2 want=$5
	serves "$2" "$3"
	is "$sentence: nothing comes" "$(asks "$from" "$4")" ""
	advice > /tmp/advice
	is "$sentence: what to do" "$(tr '\n' '|' < /tmp/advice)" \
		"$(echo "$want" | sed "s/PORT/$port/g")"
	rounds=0
	answer=
	while [ "$answer" != hello ] && [ $rounds -lt 4 ] && [ -s /tmp/advice ]; do
		follow
		dmesg -c > /dev/null
		answer=$(asks "$from" "$4")
		advice > /tmp/advice
		rounds=$((rounds + 1))
	done
	cat /tmp/advice $plan /tmp/added/* /tmp/explained > /tmp/why.more || true
	is "$sentence: it passes after that" "$answer" hello
	[ "$answer" = hello ] || sed 's/^/# /' /tmp/why.more
}

mkdir /tmp/www /tmp/added
echo hello > /tmp/www/index.html
printf 'GET / HTTP/1.0\r\n\r\n' > /tmp/request
echo '; nothing is added' > /tmp/added/nothing.cil
/sbin/ip netns add client
/sbin/ip netns add server
/sbin/ip link add eth0 netns client type veth peer name eth0 netns server
/sbin/ip -n client addr add 192.0.2.2/24 dev eth0
/sbin/ip -n server addr add 192.0.2.3/24 dev eth0
/sbin/ip netns add far
/sbin/ip link add eth1 netns server type veth peer name eth0 netns far
/sbin/ip -n server addr add 198.51.100.3/24 dev eth1
/sbin/ip -n far addr add 198.51.100.4/24 dev eth0
for ns in $namespaces; do
	/sbin/ip -n "$ns" link set eth0 up
	/sbin/ip -n "$ns" link set lo up
done
/sbin/ip -n server link set eth1 up
/sbin/ip -n client route add default via 192.0.2.3
/sbin/ip -n far route add default via 198.51.100.3
in_ns server sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'

lines='server web_server_packet_t tcp PORT
client web_client_packet_t tcp PORT'

begin "$lines"
serves server web_server_t
is "what is allowed passes" "$(asks client web_client_t)" hello
is "and leaves no record" "$(advice)" ""

load="|secmarkctl policy --load $plan|"
begin "$lines"
heals "a client that may not send" server web_server_t web_client_nosend_t \
	"client web_client_packet_t tcp PORT allow web_client_nosend_t$load"
begin "$lines"
heals "a client that may not receive" server web_server_t web_client_norecv_t \
	"client web_client_packet_t tcp PORT allow web_client_norecv_t$load"
begin "$lines"
heals "a server that may not receive" server web_server_norecv_t web_client_t \
	"server web_server_packet_t tcp PORT allow web_server_norecv_t$load"
begin "$lines"
heals "a server that may not send" server web_server_nosend_t web_client_t \
	"server web_server_packet_t tcp PORT allow web_server_nosend_t$load"
begin "$lines"
heals "a client of another domain" server web_server_t other_t \
	"client web_client_packet_t tcp PORT allow other_t$load"
begin 'server web_server_packet_t tcp PORT' 'server ping_packet_t icmp'
heals "a client without a line" server web_server_t other_t \
	"type other_PORT_client_packet_t|\
client other_PORT_client_packet_t tcp,udp PORT allow other_t|"
begin 'client web_client_packet_t tcp PORT' 'server ping_packet_t icmp'
heals "a server without a line" server other_t web_client_t \
	"type other_PORT_server_packet_t|\
server other_PORT_server_packet_t tcp,udp PORT allow other_t|"

begin 'server ping_packet_t icmp' 'client ping_packet_t icmp'
pings() {
	as ping_nosend_t client busybox ping -c 1 -W 2 "$to" > /tmp/pinged 2>&1
}
pings && passed=yes || passed=no
is "a ping that may not be sent: no answer" "$passed" no
advice > /tmp/advice
is "a ping that may not be sent: what to do" "$(tr '\n' '|' < /tmp/advice)" \
	"client ping_packet_t icmp allow ping_nosend_t$load"
follow
pings && passed=yes || passed=no
is "a ping that may not be sent: it is answered after that" "$passed" yes

# Of two plans, the one of the server is missing, and the client's label comes along.
labeled=client
begin "$lines"
serves server web_server_t
is "no rules at the server: nothing comes" "$(asks client web_client_t)" ""
is "no rules at the server: what to do" "$(advice | tr '\n' '|')" "secmarkctl apply $plan|"
labeled='client server'
apply
is "no rules at the server: it passes after that" "$(asks client web_client_t)" hello

# Rules by hand that give each connection one label, over loopback
begin "$lines"
in_ns server secmarkctl remove > /dev/null
cat > /tmp/by-hand <<-END
	table inet hand {
		secmark web { "system_u:object_r:web_server_packet_t:s0" }
		chain in {
			type filter hook input priority 50
			tcp dport $port ct state new meta secmark set "web"
			ct state new ct secmark set meta secmark
			ct state established meta secmark set ct secmark
		}
		chain out {
			type filter hook output priority 50
			tcp dport $port ct state new meta secmark set "web"
			ct state established meta secmark set ct secmark
		}
	}
END
in_ns server nft -f /tmp/by-hand
serves server web_server_t
from=server
is "one label over loopback: nothing comes" "$(asks server web_client_t)" ""
advice > /tmp/advice
is "one label over loopback: why" \
	"$(grep -c '^  why      Both ends are on this host' /tmp/explained)" 1
# without options, it asks what is loaded here
explained() { # NS: the origin of the label
	in_ns "$1" secmarkctl explain /tmp/records 2>&1 | sed -n 's/^  label    //p' | sort -u
}
is "the rule by hand is named" "$(explained server)" \
	"A rule that is not secmark2's gives it: a secmark object of nft (nft)"
in_ns server nft delete table inet hand
apply
is "one label over loopback: it passes with a plan" "$(asks server web_client_t)" hello
from=client

# Through a host that has a label for what it forwards
labeled='server'
to=198.51.100.4
begin 'forward other_packet_t tcp PORT' 'default server server_packet_t'
printf '(allow plain_t other_packet_t (packet (send recv)))\n' > /tmp/added/rule.cil
load_policy
heals "forwarded packets" far plain_t plain_t \
	"forward other_packet_t tcp PORT allow unlabeled_t$load"
# shellcheck source=tests/guest/guest-learn.sh
. $files/guest-learn.sh
labeled='client server'
to=192.0.2.3

# Who loads rules
begin "$lines"
in_ns client nft delete table inet secmark2
loads() {
	as iptables_norelabel_t client iptables-nft -t security -A OUTPUT -p tcp --dport 1 \
		-j SECMARK --selctx system_u:object_r:web_client_packet_t:s0 > /tmp/loaded 2>&1
}
loads && loaded=yes || loaded=no
is "who may not load a label" "$loaded" no
advice > /tmp/advice
is "who may not load a label: what to do" "$(cat /tmp/advice)" \
	"corenet_relabelto_web_client_packets(iptables_norelabel_t)"
cil_of_rule "$(sed -n 's/^ *\(allow .*;\)$/\1/p' /tmp/explained)" > /tmp/added/rule.cil
load_policy
loads && loaded=yes || loaded=no
is "who may not load a label: it may after that" "$loaded" yes
in_ns client iptables-nft -t security -F

# As they come
begin "$lines"
secmarkctl explain --follow --plan $plan --policy $policy > /tmp/followed 2>&1 &
follower=$!
serves server web_server_t
followed() {
	asks client other_t > /tmp/nothing
	grep -q . /tmp/followed
}
poll followed || true
is "--follow says what to do" "$(sed 's/^[^ ]* [^ ]* UTC //; s/port [1-6][0-9]* to/port N to/; q' \
	/tmp/followed)" "denied: other_t sends a packet with the label web_client_packet_t \
(192.0.2.2 port N to 192.0.2.3 port $port); to allow it: \
client web_client_packet_t tcp $port allow other_t; secmarkctl policy --load $plan"
# a shell that is no terminal's ignores SIGINT for it
kill $follower
wait $follower && status=0 || status=$?
is "and ends by a signal" "$status" 143
secmarkctl explain --boot --plan $plan --policy $policy > /tmp/recent 2>&1 || true
is "without auditd, --boot reads the log of the kernel" \
	"$(grep -c "^  packet .* to 192.0.2.3 port $port\$" /tmp/recent)" 1

advice > /tmp/advice
sed -i '1i # a comment' $plan
is "the loaded plan tells the line, even if a comment is new" "$(explained client | tail -n 1)" \
	"$plan:3 gives it: client web_client_packet_t tcp $port"
sed -i '1i client other_packet_t udp 1' $plan
is "if the file differs, the copy of the plan does" "$(explained client | tail -n 1)" \
	"the loaded plan, as secmarkctl show prints it:2 gives it: client web_client_packet_t"

# shellcheck source=tests/guest/guest-follow.sh
. $files/guest-follow.sh
# shellcheck source=tests/guest/guest-traffic.sh
. $files/guest-traffic.sh

echo "1..$tests"
