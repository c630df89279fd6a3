#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest-explain.sh reads this, for its functions and its far host: what a router forwards without a
# label, "secmarkctl learn" makes a forward line of, and then it is forwarded with that label.
# shellcheck shell=sh
# shellcheck disable=SC2154 # guest-explain.sh has these variables

# Records of the router: those of the two ends are of other hosts in the world.
forwarded() {
	dmesg | grep 'avc: .*{ forward_' > /tmp/records || true
	secmarkctl learn --policy "$policy" "$@" /tmp/records 2> /tmp/learned.notes
}

begin 'server web_server_packet_t tcp 1' 'unlabeled audit'
load_module
serves far plain_t
is "unlabeled audit: forwarded packets pass" "$(asks client plain_t)" hello
# of both directions
is "unlabeled audit: their records" "$(dmesg | sed -n \
	"s/.*avc:  \\([a-z]*  { forward_in }\\) .* \\([ds]\\)\\(es\\)*[a-z]*=$port .*/\\1 \\2/p" |
	sort -u)" 'granted  { forward_in } d
granted  { forward_in } s'
line="# N packets, unlabeled_t, last TIME UTC; the records do not name the protocol
type unlabeled_forward_packet_t
forward unlabeled_forward_packet_t tcp,udp $port to $to allow unlabeled_t"
is "learn: a forward line" "$(forwarded | sed -e 's/^# [1-9][0-9]* packets/# N packets/' \
	-e 's/last [0-9].* UTC/last TIME UTC/')|$(cat /tmp/learned.notes)" "$line|"
forwarded --merge "$plan" > /tmp/plan.new
mv /tmp/plan.new "$plan"
# a label goes along to other network namespaces, where the two ends are
echo '(allow plain_t unlabeled_forward_packet_t (packet (send recv)))' > /tmp/added/rule.cil
load_module || cat /tmp/why
apply
dmesg -c > /dev/null
is "learn: with that line, they pass" "$(asks client plain_t)" hello
is "learn: and nothing is left to learn" "$(forwarded)" \
	"# no packets without a label that need a line"
is "learn: they have the label of the line" "$(in_ns server grep -c \
	"dport=$port .*secctx=.*:unlabeled_forward_packet_t" /proc/net/nf_conntrack)" 1
