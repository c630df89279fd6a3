#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# scripts/demo runs this in the guest. A web server can serve only in its own domain. The rest of
# the world is "kernel_t" in a network namespace of its own.
set -eu

# without this the shell, which is busybox, runs its own ip
ip() { /sbin/ip "$@"; }
iptables() { iptables-nft "$@"; }

say() {
	printf '\n--- %s\n' "$*"
}

show() {
	printf '# %s\n' "$*"
	eval "$*"
}

# in_domain TYPE COMMAND...: runs it in that domain, like runcon
in_domain() {
	printf 'system_u:system_r:%s:s0' "$1" > /proc/self/attr/current
	shift
	exec "$@"
}

# serve TYPE: starts a web server in that domain, in the background
serve() {
	(in_domain "$1" httpd -f -p 80 -h /srv) &
	server=$!
	until netstat -ltn | grep -q ':80 '; do :; done
}

stop_server() {
	kill $server
	# without this the shell prints that it was terminated
	{ wait $server || true; } 2> /dev/null
}

# fetch EXPECTED: asks the web server from the other namespace, and fails without that answer
fetch() {
	echo "# nsenter --net=/run/netns/world nc 192.0.2.1 80 < request"
	printf 'GET / HTTP/1.0\r\n\r\n' | nsenter --net=/run/netns/world nc -w 2 192.0.2.1 80 > /tmp/answer 2>&1 || true
	sed -n '1p; 1!{$p}' /tmp/answer
	grep -q "$1" /tmp/answer
}

# expect PATTERN FILE: shows the first match, and fails if there is none
expect() {
	grep -q "$1" "$2"
	grep -o "$1" "$2" | head -n 1 | tr -s ' '
}

# refused PATTERN COMMAND...: shows a command that must fail with this message
refused() {
	pattern=$1
	shift
	if show "$@" > /tmp/refusal 2>&1; then
		echo 'It was not refused.'
		exit 1
	fi
	cat /tmp/refusal
	grep -q "$pattern" /tmp/refusal
}

mkdir -p /srv /run/netns
echo '<p>Hello from the web server</p>' > /srv/index.html
ip netns add world
ip link add eth0 type veth peer name eth0 netns world
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip -n world addr add 192.0.2.2/24 dev eth0
ip -n world link set eth0 up
printf 'Linux %s, SELinux %s, context of this shell: %s\n' "$(uname -r)" \
	"$(sed 's/1/enforcing/; s/0/permissive/' /sys/fs/selinux/enforce)" "$(tr -d '\0' < /proc/self/attr/current)"

say 'A plan: our port 80 is for web servers, port 80 elsewhere is for web clients:'
cat > /tmp/web.plan <<'END'
server web_server_packet_t tcp 80
client web_client_packet_t tcp 80
END
show cat /tmp/web.plan
show secmarkctl apply -v /tmp/web.plan

say 'In its own domain, web_server_t, the web server can serve:'
serve web_server_t
fetch 'Hello from the web server'
stop_server
expect 'tcp .*secctx=system_u:object_r:web_server_packet_t:s0' /proc/net/nf_conntrack

say 'In another domain, other_t, the same program cannot:'
dmesg -c > /dev/null
serve other_t
fetch 'timed out'
stop_server
dmesg > /tmp/dmesg
expect 'avc:  denied  { recv }.*scontext=system_u:system_r:other_t:s0.*' /tmp/dmesg

say 'A mistyped type: secmarkctl says where it is, and changes nothing:'
sed -i 's/web_client/web_cleint/' /tmp/web.plan
refused 'web.plan:2:8: type .web_cleint_packet_t. is not in the loaded policy' secmarkctl apply /tmp/web.plan
show secmarkctl remove

if modprobe xt_secmark2 2> /dev/null; then
	say 'By hand: one rule labels, saves the label with the connection, and accepts:'
	show iptables -t security -A INPUT -j CONNSECMARK2 --restore --accept
	show iptables -t security -A OUTPUT -j CONNSECMARK2 --restore --accept
	show iptables -t security -A INPUT -p tcp --dport 80 -j SECMARK2 --seltype web_server_packet_t --save --accept
else
	say 'By hand: label, and save the label with the connection; later packets get it back:'
	show iptables -t security -A INPUT -j CONNSECMARK2 --restore
	show iptables -t security -A OUTPUT -j CONNSECMARK2 --restore
	new='-p tcp --dport 80 -m conntrack --ctstate NEW'
	show "iptables -t security -A INPUT $new -j SECMARK2 --seltype web_server_packet_t"
	show "iptables -t security -A INPUT $new -j CONNSECMARK2 --save"
fi

say 'The web server can serve, and a mistyped context is refused when you write the rule:'
serve web_server_t
fetch 'Hello from the web server'
stop_server
refused "type 'web_servre_packet_t' is not in the loaded policy" \
	iptables -t security -A INPUT -j SECMARK2 --selctx system_u:object_r:web_servre_packet_t:s0
