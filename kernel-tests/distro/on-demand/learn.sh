# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# From no rules to "unlabeled deny", by init and learn alone: nothing that was in use is denied on
# the way. Then explain --follow says the line for a client that is new. semodule takes minutes in
# this guest:
# "distro/run --timeout 3000 distro/on-demand/learn.sh".
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

MINE=/etc/secmark2/mine
WORKS=' curl 0 curl 0 ssh 0 busybox 0 nc 0 http 0 login 0'

# Two servers without a line in any plan: one that nginx asks, and one of an administrator.
cat >/etc/nginx/conf.d/learn.conf <<END
server {
	listen 8008;
	location / { proxy_pass http://127.0.0.1:8899; }
	location /far { proxy_pass http://$PEER/; }
}
END
setsebool httpd_can_network_connect on
mkdir -p /tmp/www
echo hello >/tmp/www/index.html
(cd /tmp/www && exec python3 -m http.server 8899 >/dev/null 2>&1) &
web=$!
nc -lk 7777 >/dev/null 2>&1 &
listener=$!
trap 'kill $web $listener' EXIT
systemctl restart nginx
ssh-keygen -q -t ed25519 -N '' -f /root/key
cat /root/key.pub >>/root/.ssh/authorized_keys

# Uses the machine; a number for each is its exit status.
use() {
	local all=''
	run() { "$@" >>/tmp/used 2>&1 && all+=" $1 0" || all+=" $1 $?"; }
	# shellcheck disable=SC2317 # run calls it
	http() { peer http | grep -q 200; }
	# shellcheck disable=SC2317 # as above
	login() { [ "$(peer ssh)" = in ]; }
	: >/tmp/used
	run curl -sf -m 20 -o /dev/null http://127.0.0.1/
	run curl -sf -m 20 -o /dev/null http://127.0.0.1:8008/
	run ssh -i /root/key -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null root@127.0.0.1 true
	run busybox ping -c 1 -W 10 127.0.0.1
	run nc -z -w 10 127.0.0.1 7777
	run http
	run login
	echo "$all"
}

uses() { # SENTENCE
	is "$1: all that was in use works" "$(use)" "$WORKS"
	is "$1: no packet is denied" "$(denied_now tclass=packet)" ''
}

load() { # SENTENCE
	local started=$SECONDS
	is "$1: the module is loaded" "$(code secmarkctl policy --load $MINE)" 0
	grep -v warning: /tmp/said | sed 's/^/# /'
	is "$1: the rules are loaded" "$(code secmarkctl apply --backend nft $MINE)" 0
	echo "# after $((SECONDS - started)) s"
}

labels() { sed -n 's/^\(server\|client\) \([^ ]*\) .*/\2/p' $MINE | sort -u | paste -sd ' '; }

systemctl -q disable --now secmark2
secmarkctl remove >/dev/null
poll 30 curl -sf -m 5 -o /dev/null http://127.0.0.1:8008/
uses "without rules"
is "init prints a plan" "$(code secmarkctl init)" 0
cp /tmp/said $MINE
is "ssh comes first" "$(grep -m 1 '^server\|^client' $MINE)" 'server ssh_server_packet_t tcp 22'
is "no statement denies anything" "$(grep '^unlabeled' $MINE)" 'unlabeled audit'
is "the web server has its line, with both ports" \
	"$(grep -c '^server http_server_packet_t tcp 80,8008$' $MINE)" 1
sed 's/^/# /' $MINE
load "init"
uses "init"

round=0
while [ $round -lt 4 ]; do
	auditd_has_written
	secmarkctl learn --now --since boot --merge $MINE >/tmp/mine.new 2>/tmp/notes
	sed 's/^/# /' /tmp/notes
	! cmp -s /tmp/mine.new $MINE || break
	round=$((round + 1))
	diff $MINE /tmp/mine.new | sed -n 's/^> /# + /p'
	cp /tmp/mine.new $MINE
	load "round $round"
	uses "round $round"
done
is "after at most four rounds there is nothing to learn" "$(cmp /tmp/mine.new $MINE)" ''
echo "# $round rounds: $(labels)"
is "what the web server asks for has a line, for this machine alone" \
	"$(grep -c '^client client_packet_t tcp 7777,8899 to 127.0.0.1$' $MINE)" 1
sed -i 's/^unlabeled audit$/unlabeled deny/' $MINE
load "unlabeled deny"
uses "unlabeled deny"

# The web server asks another machine, for the first time.
far() { curl -s -m 60 -o /dev/null -w '%{http_code}' http://127.0.0.1:8008/far; }

stamped() {
	local line
	while IFS= read -r line; do
		echo "$(now) $line" >>/tmp/followed
	done
}

# Is one denied, and does --follow see it? The first may be denied before it listens.
seen() {
	denied_now . >/dev/null
	far >/tmp/code
	poll 5 [ -s /tmp/followed ]
}

# Does what the line in /tmp/followed says.
follow() {
	local step steps
	steps=$(sed -n '1s/.*to allow it: //p' /tmp/followed)
	while IFS= read -r step; do
		case $step in
		'secmarkctl policy --load '*)
			is "it does" "$(code secmarkctl policy --load "${step##* }")" 0
			;;
		*) echo "$step" >>$MINE ;;
		esac
	done <<<"${steps//; /$'\n'}"
}

: >/tmp/followed
secmarkctl explain --follow > >(stamped) 2>&1 &
follower=$!
trap 'kill $web $listener $follower' EXIT
poll 60 seen
is "a client that is not in the plan gets no answer" "$(cat /tmp/code)" 502
is "because its packets have no label" "$(denied_now tclass=packet)" \
	'httpd_t unlabeled_t:packet send'
sed 's/^/# /' /tmp/followed
is "explain --follow says the line to add" \
	"$(sed 's/.*denied: //; s/port [1-6][0-9]* to/port N to/; s/, netif=[^)]*//
		s/\(tcp 80\).*/\1/; q' /tmp/followed)" \
	"httpd_t sends a packet with the label unlabeled_t (10.0.2.15 port N to $PEER port 80); \
to allow it: client http_client_packet_t tcp 80"
record=$(sed -n 's/.*audit(\([0-9]*\)\.\([0-9]*\):.*/\1\2/p' /tmp/new | head -n 1)
took=$(($(sed 's/ .*//; q' /tmp/followed) - record))
is "it says so within a second ($took ms)" "$((took >= 0 && took <= 1000))" 1
follow
is "with that line, the rules are loaded" "$(code secmarkctl apply --backend nft $MINE)" 0
denied_now . >/dev/null
is "the client gets its answer" "$(far)" 200
is "and no packet is denied" "$(denied_now tclass=packet)" ''
