#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (run --script, with plan_rules in --files): loads a plan by each
# backend, and lets domains talk, over loopback and with another network namespace. Prints TAP.
set -eu

ip() { /sbin/ip "$@"; }
tests=0

plan() {
	cat <<-END
	table $1
	server web_server_packet_t tcp 8000-8999
	client web_client_packet_t tcp 8000-8999
	END
}

result() { # OK SENTENCE
	tests=$((tests + 1))
	if [ "$1" = yes ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		dmesg | grep avc: | tail -n 3 | sed 's/^/# /'
	fi
}

in_domain() { # TYPE COMMAND...
	printf 'system_u:system_r:%s:s0' "$1" > /proc/self/attr/current
	shift
	exec "$@"
}

serve() { # COMMAND...
	"$@" &
	server=$!
}

stop_server() {
	kill $server
	{ wait $server || true; } 2> /dev/null
}

ask() { # COMMAND...: does the web server answer?
	printf 'GET / HTTP/1.0\r\n\r\n' | "$@" > /tmp/answer 2>&1 || true
	if grep -q Hello /tmp/answer; then echo yes; else echo no; fi
}

opposite() {
	if [ "$1" = yes ]; then echo no; else echo yes; fi
}

# conntrack's label of the flow to an address
label_is() { # ADDRESS LABEL
	if grep "dst=$1 .*dport=$port" /proc/net/nf_conntrack |
		grep -q "secctx=[^ ]*:$2:"; then
		echo yes
	else
		echo no
	fi
}

wait_for_server() { # PREFIX...
	until "$@" netstat -ltn | grep -q ":$port "; do :; done
}

# A port of its own for each time, so that no earlier connection can answer for a later one.
port=8000

talks() { # HOW
	port=$((port + 1))
	serve in_domain web_server_t httpd -f -p $port -h /srv
	wait_for_server env
	result "$(ask in_domain web_client_t nc -w 2 127.0.0.1 $port)" "$1: over loopback, IPv4"
	result "$(label_is 127.0.0.1 web_client_packet_t)" \
		"$1: the flow over loopback has the client's label"
	result "$(ask in_domain web_client_t nc -w 2 ::1 $port)" "$1: over loopback, IPv6"
	result "$(ask nsenter --net=/run/netns/world nc -w 2 192.0.2.1 $port)" "$1: from elsewhere"
	result "$(label_is 192.0.2.1 web_server_packet_t)" \
		"$1: the flow from elsewhere has the server's label"
	stop_server
	serve in_domain web_server_norecv_t httpd -f -p $port -h /srv
	wait_for_server env
	result "$(opposite "$(ask in_domain web_client_t nc -w 1 127.0.0.1 $port)")" \
		"$1: a server that may not receive"
	stop_server
	serve nsenter --net=/run/netns/world httpd -f -p $port -h /srv
	wait_for_server nsenter --net=/run/netns/world
	result "$(ask in_domain web_client_t nc -w 2 192.0.2.2 $port)" "$1: to elsewhere"
	result "$(opposite "$(ask in_domain plain_t nc -w 1 192.0.2.2 $port)")" \
		"$1: a client that may not send"
	stop_server
}

try() { # BACKEND WORD...
	how="$*"
	for table in security mangle; do
		# "keep": kernel_t may not give the unlabeled context in this policy
		plan $table | /etc/secmark2/files/plan_rules apply keep "$@" > /tmp/said || true
		result "$(grep -qx changed /tmp/said && echo yes || echo no)" \
			"$table, $how: is loaded"
		plan $table | /etc/secmark2/files/plan_rules apply keep "$@" > /tmp/said || true
		result "$(grep -qx 'the same' /tmp/said && echo yes || echo no)" \
			"$table, $how: is left alone"
		talks "$table, $how"
	done
	/etc/secmark2/files/plan_rules remove "$@" > /tmp/said || true
	for save in iptables-legacy-save ip6tables-legacy-save \
		iptables-nft-save ip6tables-nft-save; do
		$save
	done > /tmp/saved 2> /dev/null
	result "$(grep -q SECMARK2 /tmp/saved && echo no || echo yes)" "$how: nothing is left"
}

mkdir -p /srv /run/netns
echo '<p>Hello</p>' > /srv/index.html
ip link set lo up
ip netns add world
ip link add eth0 type veth peer name eth0 netns world
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip -n world addr add 192.0.2.2/24 dev eth0
ip -n world link set eth0 up

for backend in legacy nft iptc; do
	for words in "" accept "fast=eth0"; do
		# shellcheck disable=SC2086 # a list of words
		try $backend $words
	done
done
if modprobe xt_secmark2 2> /dev/null; then
	for backend in legacy nft iptc; do
		try $backend module
		try $backend module accept
	done
fi
echo "1..$tests"
