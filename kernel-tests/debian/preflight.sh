# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# "preflight", with Debian's whole policy: a plan cuts off a program called sshd that has a
# connection, and apply refuses it. Run by scripts/check with the module of preflight.plan, and with
# hold-sockets, runcon, setpriv and nft of this machine.
set -u
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

plan=/etc/secmark2/files/preflight.plan
line="server admin_packet_t tcp 22 allow sshd_t"
user=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023

# as COMMAND: a shell of an administrator runs it. Its output is in /tmp/out.
as() {
	runcon $user /bin/sh -c "exec > /tmp/out 2>&1 < /dev/null; $1"
}

# gets COMMAND: what it prints, and its exit status. Process numbers and clients' ports vary.
gets() {
	as "$1"
	status=$?
	sed 's/pid [0-9]*/pid N/; s/port [3-6][0-9][0-9][0-9][0-9]/port P/
		s/ of [0-9]* sockets/ of N sockets/' /tmp/out | grep -v '^not judged\|^$'
	echo "$status"
}

# hold NAME ARGUMENT...: a program of that name has sockets
hold() {
	cp /etc/secmark2/files/hold-sockets "/tmp/$1"
	name=$1
	shift
	rm -f /tmp/held
	runcon $user /bin/sh -c "exec > /tmp/held 2>&1 < /dev/null; exec /tmp/$name $*" &
	held=$!
	poll grep -qs ready /tmp/held
}

rules() { nft list tables | grep -c secmark2; }

sum_of() { sed -n "s/.*\"$1\": \([0-9a-z]*\).*/\1/p"; }

echo 0 > /proc/sys/kernel/printk_ratelimit
/sbin/ip link set lo up
as "mkdir -p /run/secmark2"
is "the policy is enforced" "$(cat /sys/fs/selinux/enforce)" 1
hold sshd 22 1 0
sshd=$held
cut="sshd (pid N, unconfined_t) may not send or receive admin_packet_t: $plan:3: $line"
is "preflight names the login and the server, and the line" "$(gets "secmarkctl preflight $plan")" \
	"2 of N sockets would be cut off
login from 127.0.0.1 port P: $cut
tcp packets to port 22: $cut
1"
ports=$(sed -n 's/^login from 127.0.0.1 port \([0-9]*\):.*/\1/p' /tmp/out)
is "SSH_CONNECTION tells which one is one's own" \
	"$(gets "SSH_CONNECTION='127.0.0.1 $ports 127.0.0.1 22' secmarkctl preflight $plan" |
		sed -n 2p)" "your login from 127.0.0.1 port P: $cut"
as "secmarkctl preflight --json $plan"
wanted='"kind":"login","own":false,"partly":false,"reason":"line","protocol":"tcp","pid":N,'
wanted=$wanted'"command":"sshd","domain":"unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023",'
wanted=$wanted'"label":"system_u:object_r:admin_packet_t:s0","permissions":["recv","send"],'
wanted=$wanted'"namespace":null,"local":"127.0.0.1","local_port":22,"remote":"127.0.0.1",'
wanted=$wanted'"remote_port":P,"file":"/etc/secmark2/files/preflight.plan","line":3,'
wanted=$wanted'"text":"serveradmin_packet_ttcp22allowsshd_t"'
is "so does JSON" "$(tr -d ' \n' < /tmp/out | sed 's/"pid":[0-9]*/"pid":N/
	s/.*"cut":\[{\([^}]*\)}.*/\1/; s/"remote_port":[0-9]*/"remote_port":P/')" "$wanted"
echo "server ssh_server_packet_t tcp 22" > /tmp/good.plan
is "a plan whose label all may use cuts off nobody" \
	"$(gets 'secmarkctl preflight /tmp/good.plan')" '0 of N sockets would be cut off
0'
is "without root, only what is one's own is seen" \
	"$(gets "/usr/bin/setpriv --reuid 65534 --clear-groups secmarkctl preflight $plan" |
		grep -c 'root is needed')" 1

refusal="secmarkctl: login from 127.0.0.1 port P: $cut
secmarkctl: nothing is loaded: this remote login would be cut off (--force loads the plan all the \
same; --confirm SECONDS, too, and puts the old rules back unless you confirm)
1"
is "apply refuses" "$(gets "secmarkctl apply --backend nft $plan")" "$refusal"
is "and has loaded nothing" "$(rules)" 0
warning="secmarkctl: warning: cut off: login from 127.0.0.1 port P: $cut"
is "with --confirm, it warns" "$(gets "secmarkctl apply --backend nft --confirm 1 $plan" |
	head -n 1)" "$warning"
is "and the old rules are back" "$(rules)" 0
is "it also warns that nobody could log in" "$(sed -n 2p /tmp/out | sed 's/pid [0-9]*/pid N/')" \
	"secmarkctl: warning: new logins are cut off: tcp packets to port 22: $cut"
as "echo 0 > /sys/fs/selinux/enforce"
is "if nothing is enforced, it warns" "$(gets "secmarkctl apply --backend nft $plan" |
	sed -n '1p;$p')" "$warning
0"
as "secmarkctl remove; echo 1 > /sys/fs/selinux/enforce"
is "with --force, it warns and loads" "$(gets "secmarkctl apply --backend nft --force $plan" |
	sed -n '1p;$p')" "$warning
0"
is "it is loaded" "$(rules)" 1
as "secmarkctl remove"
is "at boot, nobody is asked" "$(gets "secmarkctl apply --boot" | tail -n 1)" 0
is "and it is loaded again" "$(rules)" 1
as "secmarkctl remove"

# Nobody can tell whether a login is cut off: apply says why, and loads.
untold="secmarkctl: warning: cannot tell whether the plan cuts off a remote login:"
undo="secmarkctl apply --confirm 60 PLAN puts the old rules back unless you confirm"
as "mount --bind /dev/tty /sys/fs/selinux/policy"
reason="cannot read /sys/fs/selinux/policy: No such device or address"
is "apply warns if the policy cannot be read" \
	"$(gets "secmarkctl apply --backend nft $plan" | sed -n '2p;$p')" "$untold $reason ($undo)
0"
is "it is loaded" "$(rules)" 1
as "secmarkctl remove"
is "with --force, it does not say how to be safe" \
	"$(gets "secmarkctl apply --backend nft --force $plan" | sed -n 2p)" "$untold $reason"
as "secmarkctl remove"
is "at boot, nothing is said" "$(gets "secmarkctl apply --boot")" "$plan: loaded by nft
0"
as "secmarkctl remove; umount /sys/fs/selinux/policy"

# A kernel without a module of sock_diag: modprobe does not find it.
hold waits 81 0 0 1
as "secmarkctl preflight --json /tmp/good.plan"
is "all sockets are listed" "$(sum_of udp_diag < /tmp/out)" 0
as "echo /none > /proc/sys/kernel/modprobe; busybox rmmod udp_diag"
is "preflight tells how many UDP sockets the kernel does not list" \
	"$(as "secmarkctl preflight /tmp/good.plan"; grep udp_diag /tmp/out)" \
	"not judged: 1 socket that the kernel does not list without udp_diag: try modprobe udp_diag"
as "secmarkctl preflight --json /tmp/good.plan"
is "so does JSON" "$(sum_of udp_diag < /tmp/out)" 1
is "and learn" "$(as "secmarkctl learn --now"; grep udp_diag /tmp/out)" "secmarkctl: note: the \
kernel does not list 1 socket without udp_diag: try modprobe udp_diag"
is "and init" "$(as "secmarkctl init"; grep udp_diag /tmp/out)" "secmarkctl: note: the kernel does \
not list 1 socket without udp_diag: try modprobe udp_diag"
kill $held
as "busybox rmmod tcp_diag raw_diag"
unlisted="cannot list the sockets: No such file or directory"
is "apply warns if the kernel does not list the TCP sockets" \
	"$(gets "secmarkctl apply --backend nft $plan" | sed -n '1p;$p')" \
	"$untold $unlisted (try modprobe tcp_diag; $undo)
0"
for words in "preflight $plan" "learn --now"; do
	is "$words names the module, too" "$(gets "secmarkctl $words")" \
		"secmarkctl: $unlisted (try modprobe tcp_diag)
1"
done
is "at boot, nothing is said of that either" "$(gets "secmarkctl apply --boot")" \
	"$plan: already loaded by nft
0"
as "secmarkctl remove; echo /sbin/modprobe > /proc/sys/kernel/modprobe"

# A connection from another network namespace, which connection tracking knows already.
cat > /tmp/far << 'END'
exec > /tmp/far.log 2>&1
echo $$ > /tmp/far.pid
until /sbin/ip link set far up; do :; done
/sbin/ip address add 10.9.0.2/24 dev far
tail -f /dev/null | busybox nc 10.9.0.1 22
END
runcon $user busybox unshare -n sh /tmp/far &
poll test -s /tmp/far.pid
as "nft add table inet track
	nft add chain inet track in '{ type filter hook input priority 0; }'
	nft add rule inet track in ct state new counter
	/sbin/ip link add near type veth peer name far
	/sbin/ip address add 10.9.0.1/24 dev near
	/sbin/ip link set near up
	/sbin/ip link set far netns $(cat /tmp/far.pid)"
poll grep -q 'ESTABLISHED src=10.9.0.2.*ASSURED' /proc/net/nf_conntrack
is "a connection that is older than the rules has no label" "$(gets "secmarkctl preflight $plan" |
	grep -v ' 127')" "2 of N sockets would be cut off
tcp packets to port 22: $cut
1 connection is older than the rules and has no label; --reset-flows labels it
1"
is "with --reset-flows, it has the label of its line" \
	"$(gets "secmarkctl preflight --reset-flows $plan" | grep 10.9)" \
	"login from 10.9.0.2 port P: $cut"
as "secmarkctl preflight --json $plan"
is "the other network namespace is looked at, too" "$(sum_of judged < /tmp/out)" 5
as "nsenter -t $(cat /tmp/far.pid) -n secmarkctl apply --backend nft /tmp/good.plan"
as "secmarkctl preflight --json $plan"
is "unless it has its own rules" "$(sum_of other_rules < /tmp/out)" 1
kill $sshd
as "nft delete table inet track; /sbin/ip link delete near"

# 300 network namespaces, and mounts among them that are none. To open a FIFO would wait for ever.
mkdir -p /run/netns
mkfifo /dev/fifo
for name in fifo null; do
	: > /run/netns/$name
	mount --bind /dev/$name /run/netns/$name
done
for name in uts net; do
	: > /run/netns/own-$name
	mount --bind /proc/self/ns/$name /run/netns/own-$name
done
i=0
while [ $i -lt 300 ]; do
	i=$((i + 1))
	: > /run/netns/n$i
	busybox unshare --net=/run/netns/n$i true
done
begun=$(cut -d ' ' -f 1 /proc/uptime)
as "timeout 60 secmarkctl preflight --json /tmp/good.plan"
ended=$(cut -d ' ' -f 1 /proc/uptime)
is "each of 300 namespaces is looked at, and nothing else" \
	"$(sum_of judged < /tmp/out) $(sum_of namespaces < /tmp/out)" "0 0"
echo "# from $begun to $ended seconds"
for name in fifo null own-uts own-net; do
	umount /run/netns/$name
done

hold many 80 4500 1000
begun=$(cut -d ' ' -f 1 /proc/uptime)
as "secmarkctl preflight --json $plan"
ended=$(cut -d ' ' -f 1 /proc/uptime)
is "10,000 sockets are judged" "$(sum_of judged < /tmp/out)" 10001
echo "# from $begun to $ended seconds"
kill $held
echo "1..$tests"
