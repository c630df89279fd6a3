# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# "application" of a plan, with Debian's whole policy: curl as an application reaches a port with a
# label of the plan; a copy of it, and nc, do not. Run by scripts/check with the module of
# application.plan, and with curl and runcon of this machine.
set -u
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

plan=/etc/secmark2/application.plan
url=http://127.0.0.1:3128/
seen=0

# as COMMAND: a shell of an administrator runs it. Its output is in /tmp/out.
as() {
	runcon unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023 \
		/bin/sh -c "exec > /tmp/out 2>&1 < /dev/null; $1"
}

# gets COMMAND: what it prints, and its exit status
gets() {
	as "$1"
	echo "$(cat /tmp/out): $?"
}

# The denials since the last call: "DOMAIN TYPE:CLASS PERMISSION", each once.
denied() {
	context='[a-z_]*:[a-z_]*:\([a-z_]*\)[^ ]*'
	dmesg | sed -n "s/.*avc:  denied  { \(.*\) } .*scontext=$context tcontext=$context \
tclass=\([a-z0-9_]*\) .*/\2 \3:\4 \1/p" > /tmp/denied
	tail -n +$((seen + 1)) /tmp/denied | sort -u | tr '\n' ,
	seen=$(wc -l < /tmp/denied)
	echo "$seen" > /tmp/seen
}

# denies SENTENCE WANT
denies() {
	[ ! -e /tmp/seen ] || seen=$(cat /tmp/seen)
	is "$1" "$(denied)" "$2"
}

echo 0 > /proc/sys/kernel/printk_ratelimit
ip link set lo up
mkdir /tmp/www
echo hello > /tmp/www/index.html
as "exec busybox httpd -p 3128 -h /tmp/www"
as "cp /usr/bin/curl /tmp/curl-copy"
cat > /usr/bin/report << 'END'
#!/bin/sh
printf 'GET / HTTP/1.0\r\n\r\n' | busybox nc -w 5 127.0.0.1 3128 2> /dev/null | tail -n 1
END
chmod 755 /usr/bin/report
as "setfiles /etc/selinux/default/contexts/files/file_contexts /usr/bin/report"
denied > /dev/null

is "the policy is enforced" "$(cat /sys/fs/selinux/enforce)" 1
is "applications finds all of them" "$(gets "secmarkctl applications $plan")" \
	"curl: curl_net_t
  /usr/bin/curl: labeled
report: report_net_t
  /usr/bin/report: labeled: 0"
# it reads until we end to write
cat > /tmp/waits << 'END'
sh -c 'echo $$ > /tmp/pid; exec curl -s file:///tmp/pipe'
echo > /tmp/ended
END
as "mkfifo /tmp/pipe /tmp/ended; sh /tmp/waits &"
exec 3> /tmp/pipe
pid=$(cat /tmp/pid)
is "applications shows a process that runs" "$(gets "secmarkctl applications $plan")" \
	"curl: curl_net_t
  /usr/bin/curl: labeled
  process $pid: curl
report: report_net_t
  /usr/bin/report: labeled: 0"
is "as JSON, too, and only in its application" \
	"$(gets "secmarkctl applications --json $plan" | tr -d ' \n' |
		grep -o '"name":"[a-z]*","domain"\|"processes":[^]]*]' | tr '\n' ' ')" \
	"\"name\":\"curl\",\"domain\" \"processes\":[{\"pid\":$pid,\"name\":\"curl\"}] \
\"name\":\"report\",\"domain\" \"processes\":[] "
exec 3>&-
cat /tmp/ended > /dev/null
is "and no more when it has ended" "$(gets "secmarkctl applications $plan" | grep -c process)" 0
is "without rules, all of them reach the server" \
	"$(gets "curl -s $url; /tmp/curl-copy -s $url")" 'hello
hello: 0'
as "cat /proc/self/attr/current; curl -s file:///proc/self/attr/current"
is "curl runs in its domain" "$(tr '\0' '\n' < /tmp/out)" \
	'unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023
unconfined_u:unconfined_r:curl_net_t:s0-s0:c0.c1023'
denies "nothing is denied" ''

is "apply loads the plan, whose promise the policy keeps" \
	"$(gets "secmarkctl apply --backend nft $plan" | tail -n 1)" "$plan: loaded by nft: 0"
denies "nothing is denied then" ''
is "curl reaches the server" "$(gets "curl -s -m 10 $url")" 'hello: 0'
denies "nothing is denied to it" ''
is "a copy of curl does not" "$(gets "/tmp/curl-copy -s -m 10 $url")" ': 7'
denies "as an unconfined process" 'unconfined_t proxy_packet_t:packet send,'
is "nor does nc" "$(gets 'busybox nc -w 5 127.0.0.1 3128')" \
	'nc: can'\''t connect to remote host (127.0.0.1): Connection refused: 1'
denies "which is unconfined, too" 'unconfined_t proxy_packet_t:packet send,'
is "nc cannot be given the domain" "$(gets 'runcon -t curl_net_t busybox nc -w 5 127.0.0.1 3128' |
	sed 's/.*: Permission/Permission/')" 'Permission denied: 126'
denies "because only curl is an entry to it" 'curl_net_t bin_t:file entrypoint,'
# Bash connects by itself, and does not execute another program: that would end what it asks for its
# sockets. It looks at the file first, because it would create it otherwise.
cat > /tmp/sockets << 'END'
: < /proc/self/attr/sockcreate
printf unconfined_u:unconfined_r:curl_net_t:s0 > /proc/self/attr/sockcreate
exec 3<> /dev/tcp/127.0.0.1/3128
END
is "nor can a socket be given it" "$(gets 'bash /tmp/sockets' | head -n 1)" \
	'/tmp/sockets: socket: Permission denied'
denies "because only curl makes such a socket" 'unconfined_t curl_net_t:tcp_socket create,'
is "a script can be an application" "$(gets /usr/bin/report)" 'hello: 0'
denies "nothing is denied to what it runs" ''
is "its interpreter with its name is not" "$(gets 'sh /usr/bin/report')" ': 0'
denies "but unconfined" 'unconfined_t proxy_packet_t:packet send,'
is "curl uses no other label" "$(gets 'curl -s -m 5 http://127.0.0.1:3129/')" ': 7'
denies "not even none" 'curl_net_t unlabeled_t:packet send,'
is "remove takes the rules away" "$(gets 'secmarkctl remove')" 'removed: 0'
is "and all reach the server again" "$(gets "/tmp/curl-copy -s $url")" 'hello: 0'
denies "nothing is denied any more" ''
echo "1..$tests"
