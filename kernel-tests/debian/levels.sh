# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# "level" of a plan, with Debian's whole policy: two web servers of one domain, each with a category
# of its own. Each gets the packets of its port, and not those of the other port. Run by
# scripts/check with levels.cil and the module of levels.plan, and with curl and runcon of
# this machine.
set -u
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

plan=/etc/secmark2/levels.plan
user=unconfined_u:unconfined_r
seen=0

# serve PORT LEVEL: a server of that level, at that port
serve() {
	runcon "$user:rooms_net_t:$2" /srv/httpd -p "$1" -h /srv
}

stop() {
	killall httpd
	while pidof httpd > /dev/null; do :; done
}

contexts() { # PROGRAM: of its processes
	for process in $(pidof "$1"); do
		tr '\0' '\n' < "/proc/$process/attr/current"
	done | sort
}

# What the ports answer.
pages() {
	for port in 8081 8082; do
		runcon $user:unconfined_t:s0-s0:c0.c1023 \
			curl -s -m 5 http://127.0.0.1:$port/ || echo nothing
	done | tr '\n' ' '
}

# The denials since the last call: "DOMAIN:LEVEL TYPE:LEVEL:CLASS PERMISSION", each once.
denied() {
	context='[a-z_]*:[a-z_]*:\([^ ]*\)'
	dmesg | sed -n "s/.*avc:  denied  { \(.*\) } .*scontext=$context tcontext=$context \
tclass=\([a-z0-9_]*\) .*/\2 \3:\4 \1/p" > /tmp/denied
	tail -n +$((seen + 1)) /tmp/denied | sort -u | tr '\n' ,
	wc -l < /tmp/denied > /tmp/seen
}

# denies SENTENCE WANT
denies() {
	[ ! -e /tmp/seen ] || seen=$(cat /tmp/seen)
	is "$1" "$(denied)" "$2"
}

# who LEVEL-OF-THE-PROCESS LEVEL-OF-THE-PACKETS: what the policy lets the process do
who() {
	secmarkctl who "system_u:object_r:rooms_packet_t:$2" --domain "$user:rooms_net_t:$1" |
		sed -n '/^  rules allow/q; s/^  rooms_packet_t  \(.*\)  allow .*/\1/p'
}

echo 0 > /proc/sys/kernel/printk_ratelimit
ip link set lo up
mkdir -p /srv
echo hello > /srv/index.html
cp /bin/busybox /srv/httpd
setfiles /etc/selinux/default/contexts/files/file_contexts /srv/httpd
denied > /dev/null

is "the policy is enforced" "$(cat /sys/fs/selinux/enforce)" 1
serve 8081 s0:c1
serve 8082 s0:c2
is "two servers of one domain run" "$(contexts httpd)" \
	"$user:rooms_net_t:s0:c1
$user:rooms_net_t:s0:c2"
is "without rules, both answer" "$(pages)" 'hello hello '
is "apply loads the plan" "$(secmarkctl apply --backend nft $plan 2>&1 | tail -n 1)" \
	"$plan: loaded by nft"
denied > /dev/null
is "each may receive what its port gets" "$(who s0:c1 s0:c1), $(who s0:c2 s0:c2)" \
	'recv send, recv send'
is "both answer" "$(pages)" 'hello hello '
denies "nothing is denied" ''
stop
is "neither may receive what the other's port gets" "$(who s0:c1 s0:c2), $(who s0:c2 s0:c1)" \
	'send, send'
serve 8081 s0:c2
serve 8082 s0:c1
is "at the other's port, neither answers" "$(pages)" 'nothing nothing '
denies "because of the category" 'rooms_net_t:s0:c1 rooms_packet_t:s0:c2:packet recv,'\
'rooms_net_t:s0:c2 rooms_packet_t:s0:c1:packet recv,'
stop
is "a server with both categories may receive both" \
	"$(who s0:c1,c2 s0:c1), $(who s0:c1,c2 s0:c2)" 'recv send, recv send'
serve 8081 s0:c1,c2
serve 8082 s0:c1,c2
is "and answers at both ports" "$(pages)" 'hello hello '
denies "nothing is denied to it" ''
stop
serve 8081 s0
serve 8082 s0
is "one without a category answers at neither" "$(pages)" 'nothing nothing '
denies "because of both" 'rooms_net_t:s0 rooms_packet_t:s0:c1:packet recv,'\
'rooms_net_t:s0 rooms_packet_t:s0:c2:packet recv,'
stop
is "remove takes the rules away" "$(secmarkctl remove)" 'removed'
serve 8081 s0:c2
serve 8082 s0:c1
is "then all answer again" "$(pages)" 'hello hello '
denies "and nothing is denied any more" ''
stop
echo "1..$tests"
