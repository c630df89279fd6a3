# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# An ssh session that is older than the rules lives on, also over a bridge, which no backend trusts.
# The rules begin with a packet of sshd: for conntrack, the server has opened the session.
#
#   host -- ssh -- eth0 -- br0 10.0.2.15 -- sshd
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

systemctl stop secmark2
ip link add br0 type bridge
ip link set br0 address "$(cat /sys/class/net/eth0/address)" up
ip addr del 10.0.2.15/24 dev eth0
ip link set eth0 master br0
ip addr add 10.0.2.15/24 dev br0
ip route replace default via 10.0.2.2

number() { cut -d ' ' -f 1 /run/session 2>/dev/null; }

count() { cut -d ' ' -f 2 /run/session 2>/dev/null; }

# Is it the session of that number, and has it heard more than so much?
hears() { [ "$(number)" = "$1" ] && [ "$(count)" -gt "$2" ]; }

begins() { [ "$(number)" != "$1" ] && [ "$(count)" -gt 2 ]; }

denied() { grep -c 'tclass=packet' "$AUDIT"; }

# speaks_on SENTENCE COMMAND...: the session gets answers after a command. Packets may be denied
# until then: the kernel begins to check before the first rule is in force, and goes on until the
# last one is gone for good. Whoever sent them sends them again.
speaks_on() {
	local sentence=$1 session heard before
	shift
	session=$(number)
	"$@" >/tmp/said 2>&1
	heard=$(count)
	# the second one: auditd has written by then what was denied before the first
	poll 30 hears "$session" $((heard + 1))
	before=$(denied)
	poll 30 hears "$session" $((heard + 3))
	is "$sentence" "$(hears "$session" $((heard + 3)) && echo 'it lives')" 'it lives'
	is "$sentence: from then on nothing is denied" $(($(denied) - before)) 0
}

# The kernel lets go of removed rules some time after the removal. Until then it tracks connections,
# and a session that it knows without a label would stay without one.
is_unknown() {
	local heard
	conntrack -F >/dev/null 2>&1
	heard=$(count)
	poll 5 hears "$(number)" "$heard"
	[ "$(cat /proc/sys/net/netfilter/nf_conntrack_count)" -eq 0 ]
}

echo '# session'
is "the session begins" "$(poll 120 begins '' && echo yes)" yes
for backend in "${BACKENDS[@]}"; do
	for flows in '' --reset-flows; do
		speaks_on "$backend: apply $flows" \
			secmarkctl apply $flows --backend "$backend" "$PLAN"
		speaks_on "$backend: remove" secmarkctl remove
		poll 30 is_unknown
		is "$backend: conntrack knows nothing of it" "$(is_unknown && echo yes)" yes
	done
done
ip addr del 10.0.2.15/24 dev br0
ip link del br0
ip addr add 10.0.2.15/24 dev eth0
systemctl start secmark2
# what speaks_on() says of denied packets is no matter of the next script
heard=$(count)
poll 30 hears "$(number)" $((heard + 3))
forget_denials
