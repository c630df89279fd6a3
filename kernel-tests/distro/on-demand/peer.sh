# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A firewall for each program, from the plan to the proof, with another machine at the other end:
# its packets bring no label. semodule takes minutes in this guest:
# "distro/run --timeout 3000 distro/on-demand/peer.sh".
#
#   curl (an application), nc, a copy of curl -> peer port 80
#   peer -> nginx port 80, sshd port 22
#   both -> peer port 7: no line of the plan is for it, so its packets have no label
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

MINE=/etc/secmark2/mine
OPEN=/etc/secmark2/open
COPY=/usr/local/bin/curl-copy
SERVES='HTTP/1.1 200 OK'
cp /usr/bin/curl $COPY
cp /usr/sbin/nginx /usr/local/bin/nginx-copy

cat >$MINE <<END
type intranet_packet_t
type front_packet_t
application curl /usr/bin/curl
unlabeled audit
client intranet_packet_t tcp 80 only curl allow curl
server front_packet_t tcp 80 only httpd_t allow httpd_t
server ssh_server_packet_t tcp 22
END
# the same with a label of the policy
sed 's/^server front_packet_t/server http_server_packet_t/; /^type front/d' $MINE >$OPEN

# What a program gets from the other machine: what it prints, and its exit status.
fetch() { # CURL
	local status=0 said
	said=$("$1" -sf -m 60 http://$PEER/) || status=$?
	echo "$said $status"
}

# The first word of the other machine's answer.
knock() { printf 'GET / HTTP/1.0\r\n\r\n' | nc -w 60 $PEER 80 2>/dev/null | head -c 4; }

denies() { # SENTENCE WANT
	is "$1" "$(denied_now 'tclass=packet|_net_t')" "$2"
	access_of denied </tmp/new | grep ':packet ' >>/tmp/all
}
: >/tmp/all

# Who may use the labels of the plan, in lines "DOMAIN TYPE:packet PERMISSION".
may() {
	secmarkctl who $MINE | awk '
		/^[^ ]/ { label = $1; sub(":$", "", label) }
		/^  [^ ]+  .*  allow / {
			for (i = 2; $i != "allow"; i++)
				print $1, label ":packet", $i
		}' | sort -u
}

# What a plan changes, and its module. iptables leaves empty tables.
traces() {
	types /usr/bin/curl /usr/sbin/nginx
	semanage fcontext -l -C
	semodule -lfull | grep secmark2
	secmarkctl who | sha256sum
	nft list tables | grep -v ' security$'
	for save in ip{,6}tables-{nft,legacy}-save; do
		"$save" 2>/dev/null | grep -e ^-A -e '^:.* -'
	done
	ls /run/secmark2 /var/lib/secmark2 2>&1
}

rules_of() { # BACKEND
	is "$1: apply loads the plan" "$(says secmarkctl apply --backend "$1" $MINE)" \
		"$MINE: loaded by $1: 0"
	denied_now . >/dev/null
	is "$1: curl reaches the other machine" "$(fetch curl)" 'hello 0'
	is "$1: the other machine reaches nginx" "$(peer http)" "$SERVES"
	is "$1: and sshd" "$(peer ssh)" in
	denies "$1: nothing is denied" ''
	is "$1: nc does not reach the other machine" "$(knock)" ''
	denies "$1: because it is unconfined" 'unconfined_t intranet_packet_t:packet send'
	is "$1: nor does a copy of curl" "$(fetch $COPY)" ' 7'
	denies "$1: for the same reason" 'unconfined_t intranet_packet_t:packet send'
}

systemctl -q disable --now secmark2
secmarkctl remove >/dev/null
poll 60 systemctl is-active -q nginx ssh
traces >/tmp/before
is "without rules, all reach the other machine" "$(fetch curl), $(fetch $COPY), $(knock)" \
	'hello 0, hello 0, HTTP'
is "and it reaches nginx" "$(peer http)" "$SERVES"
is "and sshd" "$(peer ssh)" in

is "a label of the policy is not only for nginx" "$(code secmarkctl check $OPEN)" 1
is "check says for whom else" "$(grep -c 'gives this label to other domains' /tmp/said)" \
	"$(secmarkctl who http_server_packet_t | sed -n 's/^.*  \(allow .*;\)$/\1/p' | sort -u |
		grep -vc -e '^allow httpd_t' -e ' relabelto;$' -e '^allow kernel_t')"
is "and what to do" "$(grep -o 'give the line a type of its own' /tmp/said | sort -u)" \
	'give the line a type of its own'
is "apply says so as well" "$(code secmarkctl apply $OPEN)" 1
is "and loads nothing" "$(code secmarkctl show)" 1

started=$SECONDS
is "policy --load loads the module of the plan with types of its own" \
	"$(says secmarkctl policy --load $MINE | sed 's/.*: //')" 0
sed 's/^/# /' /tmp/said
echo "# after $((SECONDS - started)) s"
is "curl has its label" "$(types /usr/bin/curl $COPY)" curl_net_exec_t,bin_t
is "now only is kept" "$(code secmarkctl check $MINE) $(grep -c 'only: kept' /tmp/said)" '0 2'
may >/tmp/may
is "who says beforehand for whom the labels of the plan are" \
	"$(sed -n '/^kernel_t/d; /intranet.* send/p; /front.* recv/p' /tmp/may | paste -sd ,)" \
	'curl_net_t intranet_packet_t:packet send,httpd_t front_packet_t:packet recv'

rules_of nft
is "curl uses packets without a label, too" "$(code curl -s -m 60 -o /dev/null http://$PEER:7/)" 1
is "as the plan says; the audit log has it" \
	"$(grep 'granted.*tclass=packet' "$AUDIT" | grep curl_net_t | access_of granted |
		sort -u | paste -sd ,)" \
	'curl_net_t unlabeled_t:packet recv,curl_net_t unlabeled_t:packet send'
denies "and nothing is denied" ''

systemctl stop nginx
nginx-copy
is "the other machine does not reach an nginx of another domain" \
	"$(ps -C nginx-copy -o label= | cut -d : -f 3 | sort -u) $(peer http)" \
	'unconfined_t nothing'
denies "because its domain may not receive the label" 'unconfined_t front_packet_t:packet recv'
kill "$(cat /run/nginx.pid)"
poll 30 [ ! -e /run/nginx.pid ]
systemctl start nginx
# until then, the other machine may have tried again
denied_now . >/dev/null
is "in its own domain it serves again" "$(peer http)" "$SERVES"
denies "and nothing is denied" ''

rules_of iptables-nft
rules_of iptc

sort -u /tmp/all >/tmp/denied.all
is "the audit log has denials of both labels" "$(paste -sd , /tmp/denied.all)" \
	'unconfined_t front_packet_t:packet recv,unconfined_t intranet_packet_t:packet send'
is "who says of none of them that it is allowed" "$(comm -12 /tmp/denied.all /tmp/may)" ''
is "who has not changed its mind" "$(may | diff - /tmp/may)" ''

is "remove takes the rules away" "$(says secmarkctl remove)" 'removed: 0'
started=$SECONDS
is "policy --unload removes the module" "$(says secmarkctl policy --unload | sed 's/.*: //')" 0
sed 's/^/# /' /tmp/said
echo "# after $((SECONDS - started)) s"
is "and nothing is left of the plan" "$(traces | diff /tmp/before -)" ''
denied_now . >/dev/null
is "all reach the other machine again" "$(fetch curl), $(fetch $COPY), $(knock)" \
	'hello 0, hello 0, HTTP'
is "and it reaches nginx" "$(peer http)" "$SERVES"
denies "nothing is denied any more" ''
# the next boot loads the first plan again
secmarkctl apply --backend nft "$PLAN" >/dev/null
systemctl -q enable --now secmark2
