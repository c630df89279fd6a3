# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A plan that would cut off ssh: preflight names the sessions, and apply refuses, also over ssh. Run
# it alone: what other scripts leave behind (containers) keeps connection tracking on.
#
#   host -- ssh -- 10.0.2.15 -- sshd        guest -- ssh -- lo -- sshd
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

cut=/root/cut.plan
line='server http_server_packet_t tcp 22'
echo "$line" >$cut

heard() { cut -d ' ' -f 2 /run/session 2>/dev/null || :; }
hears() { [ "$(heard)" -gt "$1" ]; }
lives() { # the session gets three more answers
	local before
	before=$(heard)
	poll 60 hears $((before + 3)) && echo 'it lives'
}

# The first lines that a command prints, without what varies, and its exit status.
prints() { # LINES COMMAND...
	local lines=$1 status
	shift
	status=$(code "$@")
	head -n "$lines" /tmp/said |
		sed 's/port [0-9]*:/port P:/; s/pid [0-9]*/pid N/; s/: sshd-session /: sshd /'
	echo "$status"
}

# What sshd lacks, and why.
lacks() { echo "sshd (pid N, sshd_t) may not send or receive $1"; }

# Connection tracking forgets: it would keep the labels of earlier rules.
forget() { conntrack -F >/dev/null 2>&1; }

loaded() { nft list table inet secmark2 >/dev/null 2>&1 && echo loaded || echo 'not loaded'; }

systemctl stop secmark2
forget
echo '# session'
is "the session begins" "$(poll 120 test -s /run/session && echo yes)" yes
forget
nft add table inet track
nft add chain inet track in '{ type filter hook input priority 0; }'
nft add rule inet track in ct state new counter
is "connection tracking knows it" "$(lives)" 'it lives'
older="it is older than the rules; with --reset-flows, $cut:1: $line"
is "preflight names it, which has no label" "$(secmarkctl preflight $cut |
	sed -n 's/port [0-9]*:/port P:/; s/pid [0-9]*/pid N/; s/sshd-session /sshd /
		/^login from 10.0.2.2 /p')" \
	"login from 10.0.2.2 port P: $(lacks unlabeled_t): $older"
nft delete table inet track
# the kernel lets go of removed rules some time after the removal
is_unknown() {
	forget
	poll 5 hears $(($(heard) + 1))
	[ "$(cat /proc/sys/net/netfilter/nf_conntrack_count)" -eq 0 ]
}
poll 60 is_unknown
by_line="$(lacks http_server_packet_t): $cut:1: $line"
is "what connection tracking does not know gets the label of its line" \
	"$(prints 99 secmarkctl preflight $cut | grep '^login from 10.0.2.2 ')" \
	"login from 10.0.2.2 port P: $by_line"
is "apply refuses" "$(prints 1 secmarkctl apply --backend nft $cut)" \
	"secmarkctl: login from 10.0.2.2 port P: $by_line
1"
is "and has loaded nothing" "$(loaded)" 'not loaded'
is "the session does not notice" "$(lives)" 'it lives'

ssh-keygen -q -t ed25519 -N '' -f /root/key
cat /root/key.pub >>/root/.ssh/authorized_keys
over_ssh() { # COMMAND: in a session of its own
	ssh -i /root/key -o BatchMode=yes -o StrictHostKeyChecking=no -o LogLevel=ERROR \
		-o UserKnownHostsFile=/dev/null root@10.0.2.15 "$@"
}
is "over ssh, apply names one's own session first" \
	"$(prints 1 over_ssh secmarkctl apply --backend nft $cut)" \
	"secmarkctl: your login from 10.0.2.15 port P: $by_line
1"
is "without the variable of sshd, too" \
	"$(prints 1 over_ssh env -u SSH_CONNECTION secmarkctl apply --backend nft $cut)" \
	"secmarkctl: your login from 10.0.2.15 port P: $by_line
1"
is "and with a terminal, after su" "$(prints 1 over_ssh -tt \
	setsid -w env -u SSH_CONNECTION secmarkctl apply --backend nft $cut | tr -d '\r')" \
	"secmarkctl: your login from 10.0.2.15 port P: $by_line
1"
is "a plan that does not cut it off is loaded" \
	"$(prints 1 over_ssh secmarkctl apply --backend nft "$PLAN")" "$PLAN: loaded by nft
0"
secmarkctl remove >/dev/null
poll 60 is_unknown
is "with --force, apply warns" "$(prints 1 secmarkctl apply --backend nft --force $cut)" \
	"secmarkctl: warning: cut off: login from 10.0.2.2 port P: $by_line
0"
is "and loads it" "$(loaded)" loaded
before=$(heard)
poll 4 false
is "the session is cut off" "$(hears $((before + 2)) && echo 'it lives')" ''
secmarkctl remove >/dev/null
forget
rm -f $cut /root/key /root/key.pub
poll 60 is_unknown
secmarkctl apply --backend nft "$PLAN" >/dev/null
systemctl start secmark2
poll 60 lives >/dev/null
forget_denials
