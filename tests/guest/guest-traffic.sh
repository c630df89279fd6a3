#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest-explain.sh reads this at its end, for its functions: what "secmarkctl top" and "secmarkctl
# metrics" say of connections and denials. guest-flows and on-screen are in $files.
#
#     world eth0 --- veth0 (this, the first network namespace)
#     203.0.113.2    203.0.113.1
# shellcheck shell=sh
# shellcheck disable=SC2154 # guest-explain.sh has plan and files

export TERM=vt100 TERMINFO="$files/terminfo"
here=203.0.113.1
there=203.0.113.2

# The lines of the JSON that are alike each time, one row a line.
rows_of() { # FILE
	tr -d ' \n' < "$1" | sed -e 's/.*"rows":\[//' -e 's/\].*//' -e 's/},{/}\n{/g' |
		sed 's/,"\(packets\|bytes\|denials\)_per_second":[0-9.]*//g'
}

# sum_of FILE MEMBER: of its rows, times the seconds: what there was in the interval
sum_of() {
	awk -v member="\"$2_per_second\":" '
		$1 == "\"milliseconds\":" { ms = $2 + 0 }
		$1 == member { sum += $2 }
		END { printf "%.1f\n", sum * ms / 1000 }' "$1"
}

# Is that the text format of Prometheus, as strict as it can be? HELP, TYPE, values, family by
# family; no value twice.
is_exposition() { # FILE
	awk '
	function fault(why) { print NR ": " why ": " $0; bad = 1 }
	function has_family() { return name in type }
	BEGIN {
		id = "[a-zA-Z_][a-zA-Z0-9_]*"
		string = "\"([^\"\\\\]|\\\\[\\\\\"n])*\""
		labels = "([{]" id "=" string "(," id "=" string ")*[}])?"
	}
	/^# HELP / {
		name = $3
		if (has_family() || helped == name) fault("a second HELP")
		helped = name
		next
	}
	/^# TYPE / {
		if ($3 != helped) fault("TYPE without HELP")
		if ($4 != "gauge" && $4 != "counter") fault("no such type")
		if (($4 == "counter") != ($3 ~ /_total$/)) fault("a counter ends in _total")
		type[$3] = $4
		next
	}
	{
		if (!match($0, "^" id)) { fault("no name"); next }
		if (substr($0, 1, RLENGTH) != helped) fault("another family")
		if ($0 !~ "^" id labels " [0-9]+$") fault("no value")
		series = $0; sub(/ [0-9]+$/, "", series)
		if (series in seen) fault("twice")
		seen[series] = 1
	}
	END { exit bad }' "$1"
}

value_of() { # FILE SERIES: "none" if it is missing
	awk -v series="$2" 'index($0, series " ") == 1 { print $NF; found = 1 }
		END { if (!found) print "none" }' "$1"
}

# An echo server here, and somebody in the world who talks to it; the talk goes on by "says NAME".
talk() { # NAME DOMAIN tcp|udp PORT
	as "$2" here "$files/guest-flows" echo "$3" $here "$4" &
	talkers="$talkers $!"
	poll listens "$4"
	mkfifo "/tmp/$1.in"
	: > "/tmp/$1.out"
	in_ns world "$files/guest-flows" talk "$3" $here "$4" < "/tmp/$1.in" > "/tmp/$1.out" &
	talkers="$talkers $!"
	tail -f /dev/null > "/tmp/$1.in" &
	talkers="$talkers $!"
	says "$1"
}

listens() { # PORT
	netstat -lntu | grep -q ":$1 "
}

says() { # NAME: and has its answer
	lines=$(wc -l < "/tmp/$1.out")
	echo hello > "/tmp/$1.in"
	until [ "$(wc -l < "/tmp/$1.out")" -gt "$lines" ]; do :; done
}

# Nobody lets other_t send what the plan labels for clients: one record each time.
is_denied() {
	as other_t here busybox nc $there 3003 < /dev/null > /dev/null 2>&1 || true
}

# top waits for the second reading when it is in poll(), system call 7 of x86
is_waiting() { # PID
	grep -q '^7 ' "/proc/$1/syscall"
}

talkers=
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
: > /run/netns/here
mount --bind /proc/self/ns/net /run/netns/here
/sbin/ip netns add world
/sbin/ip link add veth0 type veth peer name eth0 netns world
/sbin/ip addr add $here/24 dev veth0
/sbin/ip -n world addr add $there/24 dev eth0
/sbin/ip link set veth0 up
/sbin/ip link set lo up
/sbin/ip -n world link set eth0 up
echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct
cat > "$plan" <<-END
	server web_server_packet_t tcp,udp 3001-3002
	client web_client_packet_t tcp 3003
END
# shellcheck disable=SC2034 # for apply
labeled=here
rm -f /tmp/added/*
echo '; nothing is added' > /tmp/added/nothing.cil
load_policy
apply
talk tcp web_server_t tcp 3001
talk udp web_server_t udp 3002
talk plain kernel_t udp 3004

secmarkctl metrics > /tmp/metrics.before
secmarkctl top --once --json --interval 5 > /tmp/top.json 2> /tmp/top.err &
top=$!
poll is_waiting $top
for _ in 1 2 3; do
	is_denied
	says udp
done
wait $top && status=0 || status=$?
is "top --once: its status, and what it does not know" "$status|$(cat /tmp/top.err)" "0|"
is "top --once --json: rows, in the order of connections" "$(rows_of /tmp/top.json)" \
'{"label":"web_server_packet_t","domain":"web_server_t","connections":2,"counted":2,"denials":0}
{"label":null,"domain":"kernel_t","connections":1,"counted":1,"denials":0}
{"label":"web_client_packet_t","domain":"other_t","connections":0,"counted":0,"denials":3}'
is "top: three questions and their answers are six packets" "$(sum_of /tmp/top.json packets)" 6.0
is "top: of as many bytes" "$(sum_of /tmp/top.json bytes)" 204.0
is "top: three denials in the interval" "$(sum_of /tmp/top.json denials)" 3.0
is "top: the rules are intact" "$(grep -c '"missing": false' /tmp/top.json)" 1
is "top: and its numbers are whole" \
	"$(grep -E '"(lost|denials_left_out|domains_complete)"' /tmp/top.json)" '  "lost": 0,
  "denials_left_out": 0,
  "domains_complete": true,'
secmarkctl top --once --interval 1 --sort label > /tmp/top.txt 2>&1
is "top --once: a table" "$(sed -n '1,3p' /tmp/top.txt | cut -c 1-32)
$(awk 'NR > 4 { print $1, $2, $3 }' /tmp/top.txt)" "plan  /tmp/plan (nft)
rules intact
total 3 connections, 0.0 packets
label domain connections
web_server_packet_t web_server_t 2
unlabeled kernel_t 1"

secmarkctl metrics --output /tmp/a.prom > /tmp/metrics.out 2>&1 && status=0 || status=$?
is "metrics: its status" "$status|$(cat /tmp/metrics.out)" "0|"
is_exposition /tmp/a.prom > /tmp/why && right=0 || right=1
result "$right" "metrics: node_exporter can read it"
denials='secmark2_denials{label="web_client_packet_t",domain="other_t"}'
before=$(value_of /tmp/metrics.before "$denials")
after=$(value_of /tmp/a.prom "$denials")
[ "$before" != none ] || before=0
[ "$after" = none ] || after="$((after - before)) more"
is "metrics: three more denials" "$after" "3 more"
is "metrics: what is wrong with the log" "$(grep '^secmark2_\(log\|denials_left\)' /tmp/a.prom)" \
'secmark2_denials_left_out 0
secmark2_log_faults{fault="lost"} 0
secmark2_log_faults{fault="unreadable"} 0
secmark2_log_faults{fault="forged"} 0
secmark2_log_faults{fault="undated"} 0'
# auditd has written one of these records, and then it ended
mkdir -p /var/log/audit
{
	dmesg | grep 'avc:  denied  { send } .*web_client_packet_t' | tail -n 1 |
		sed 's/.*audit: type=1400 /type=AVC msg=/'
	echo 'type=AVC msg=audit(1500000000.100:7): avc:  denied  { send } for ' \
		'scontext=a:b:other_t tcontext=a:b:web_client_packet_t tclass=packet'
	echo 'type=AVC msg=audit(1500000000.100:8): avc:  denied  { se'
} > /var/log/audit/audit.log
secmarkctl metrics > /tmp/two.prom 2>&1
is "metrics: what auditd did not write is in the kernel's log" \
	"$(grep -c '' /var/log/audit/audit.log) $(
	value_of /tmp/two.prom "$denials")" "3 $(value_of /tmp/a.prom "$denials")"
is "metrics: an unreadable record of auditd" \
	"$(value_of /tmp/two.prom 'secmark2_log_faults{fault="unreadable"}')" 1
rm -r /var/log/audit
in_ns world secmarkctl top --once --json --interval 1 > /tmp/world.json 2> /tmp/world.err || true
is "top: in another network namespace nothing is known of denials" \
	"$(grep -E '"(lost|denials_left_out)"' /tmp/world.json)|$(grep denials /tmp/world.err)" \
	"  \"lost\": null,
  \"denials_left_out\": null,|secmarkctl: \
denials are unknown: the kernel sends records to its first network namespace only"
in_ns world secmarkctl metrics > /tmp/world.prom 2> /tmp/world.err && status=0 || status=$?
is "metrics: the denials are told in the first network namespace" \
	"$status|$(cat /tmp/world.err)|$(
		grep -c '^secmark2_\(denials\|log\)' /tmp/world.prom)" "0||0"
is "metrics: connections" "$(grep '^secmark2_connections{' /tmp/a.prom)" \
'secmark2_connections{label="web_server_packet_t",domain="web_server_t"} 2
secmark2_connections{label="unlabeled",domain="kernel_t"} 1
secmark2_connections{label="unlabeled",domain=""} 0'
packets='secmark2_connection_packets{label="unlabeled",domain="kernel_t"}'
is "metrics: packets of the connection that is not labeled" \
	"$(value_of /tmp/a.prom "$packets")" 2
is "metrics: the plan" \
	"$(sed -n 's/hash="[0-9a-f]\{16\}"/hash=""/; /^secmark2_\(plan\|rules\)/p' /tmp/a.prom)" \
'secmark2_plan_loaded 1
secmark2_plan_info{plan="/tmp/plan",backend="nft",hash=""} 1
secmark2_rules_intact 1'
applied=$(value_of /tmp/a.prom secmark2_last_apply_timestamp_seconds)
case $applied in
none) recent=missing ;;
*) [ $(($(date +%s) - applied)) -lt 600 ] && recent=yes || recent=no ;;
esac
is "metrics: when it was loaded" "$recent" yes

screen() { # STEP...
	"$files/on-screen" "$@" -- secmarkctl top --interval 1
}
is "the screen: sorted by another column, and q" \
	"$(screen 'denials/s  denials' l 'label' rp 'packets/s' q)" "0 restored"
is "the screen: another size, and Ctrl-C" \
	"$(screen 'denials/s  denials' @50x9 'label' ^C)" "130 restored"
is "the screen: SIGTERM" "$(screen 'denials/s  denials' @TERM)" "143 restored"
is "the screen: a signal that was ignored before stays ignored" \
	"$("$files/on-screen" 'denials/s  denials' ^C '' l 'label' q -- \
		sh -c 'trap "" INT && exec secmarkctl top --interval 1')" "0 restored"
is "the screen: all of it is there again after a stop" \
	"$(screen 'denials/s  denials' @STOP '' @CONT 'denials/s  denials' q)" "0 restored"

# A reading that does not end: open() waits for somebody who writes. A signal ends the first one
# of these waits, and then comes the second one.
settings=/proc/sys/net/netfilter
mkfifo /tmp/endless
cat > /tmp/reads <<-END
	mount --bind /tmp/endless $settings/nf_conntrack_count
	mount --bind /tmp/endless $settings/nf_conntrack_acct
	until grep -q '^257 ' /proc/\$(pidof secmarkctl)/syscall; do :; done
END
is "the screen: SIGTERM during a reading" \
	"$(screen 'denials/s  denials' '!sh /tmp/reads' '' @TERM)" "143 restored"
umount -l $settings/nf_conntrack_acct $settings/nf_conntrack_count
is "the screen: Ctrl-C during a reading" \
	"$(screen 'denials/s  denials' '!sh /tmp/reads' '' ^C)" "130 restored"
umount -l $settings/nf_conntrack_acct $settings/nf_conntrack_count

# The kernel loses the module that tells of connections.
modprobe=$(cat /proc/sys/kernel/modprobe)
cat > /tmp/breaks <<-END
	echo /bin/false > /proc/sys/kernel/modprobe
	rmmod nf_conntrack_netlink
END
is "the screen: after a reading that fails, it goes on" \
	"$(screen 'denials/s  denials' '!sh /tmp/breaks' 'it has no ctnetlink' l '' q)" "0 restored"
echo "$modprobe" > /proc/sys/kernel/modprobe
modprobe nf_conntrack_netlink

weak() { # COMMAND...
	"$files/guest-flows" without net_admin "$@"
}
why="no permission to read the kernel's connections (needs root, or CAP_NET_ADMIN)"
runs "without CAP_NET_ADMIN, top says so" 1 "" "secmarkctl: $why" \
	weak secmarkctl top --once
weak secmarkctl metrics > /tmp/weak.prom 2> /tmp/weak.err && status=0 || status=$?
is "without CAP_NET_ADMIN, metrics leaves the connections out" \
	"$status $(grep -c connections /tmp/weak.prom) $(grep connections /tmp/weak.err)" \
	"1 0 secmarkctl: the connections are left out: $why"
is_exposition /tmp/weak.prom > /tmp/why && right=0 || right=1
result "$right" "without CAP_NET_ADMIN, metrics prints the rest"

# shellcheck source=tests/guest/guest-lost.sh
. "$files/guest-lost.sh"

for pid in $talkers; do
	kill "$pid" 2> /dev/null || true
	wait "$pid" 2> /dev/null || true
done
echo 0 > /proc/sys/net/netfilter/nf_conntrack_acct
nft delete table inet secmark2
secmarkctl metrics > /tmp/lost.prom 2>&1
is "metrics: lost rules" "$(value_of /tmp/lost.prom secmark2_rules_intact)" 0
secmarkctl remove > /dev/null
secmarkctl metrics > /tmp/none.prom 2>&1
is "metrics: no plan" "$(grep -c '^secmark2_\(rules\|plan_info\|last\)' /tmp/none.prom)$(
	value_of /tmp/none.prom secmark2_plan_loaded)" 00
secmarkctl top --once --interval 1 > /tmp/top.txt 2>&1
is "top: what to type to count packets" "$(tail -n 1 /tmp/top.txt)" \
	"secmarkctl: packets of new connections are not counted (to count them: sysctl \
net.netfilter.nf_conntrack_acct=1)"
