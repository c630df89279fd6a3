#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/promises): tests secmarkctl apply --confirm,
# whatever becomes of the command and of its terminal; and signals while rules are being loaded.
# Prints TAP.
set -eu
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

hide_module
plans
ip link set lo up
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
terminal=/etc/secmark2/files/on-terminal
at_boot="secmarkctl: at boot, the plan that was kept before is loaded:"
back="secmarkctl: the new rules were not confirmed; the old ones are back
$at_boot"
waits="secmarkctl: new rules are waiting for confirmation"
waits="$waits (keep them with secmarkctl confirm, or wait until the old ones are back)"
busy="secmarkctl: another program holds /run/xtables.lock (waited for 10 seconds; try again)"
unkept="the rules are loaded, but the next boot does not load them"
removes='The new rules are removed in 1 seconds unless you run "secmarkctl confirm".
secmarkctl: the new rules were not confirmed; they are removed'
calls='The old rules come back in 300 seconds unless you run "secmarkctl confirm".'

loaded() { # the plan whose rules are there, and no others; "other" if that is not what diff says
	if [ -z "$(places)" ]; then echo none; return; fi
	for plan in a b m; do
		! secmarkctl diff /tmp/$plan > /dev/null 2>&1 || { echo $plan; return; }
	done
	echo other
}

loaded_is() { [ "$(loaded)" = "$1" ]; }

becomes() { # SENTENCE PLAN: the guard needs its time
	poll loaded_is "$2" || true
	is "$1" "$(loaded)" "$2"
}

busybox syslogd -n -S -O /tmp/log &
poll test -S /dev/log

fifos() { find /run/secmark2 -name confirm -o -name guard 2> /dev/null; }

nobody_waits() { [ -z "$(fifos)" ]; }

no_guard() { # SENTENCE
	poll nobody_waits || true
	is "$1: nobody waits any more" "$(fifos)" ""
}

# In the background: until it has asked.
start() { # OUTPUT COMMAND...
	into=$1
	shift
	: > "$into"
	"$@" > "$into" 2>&1 < /dev/null &
	asker=$!
	poll grep -q 'The old rules come back\|The new rules are removed\|Keep the new' "$into" ||
		echo "# it does not ask, but says: $(cat "$into")"
}

ends() { # SENTENCE STATUS TEXT: how the one in the background does
	status=0
	wait $asker 2> /dev/null || status=$?
	is "$1" "$(cat /tmp/asker)|$status" "$3|$2"
}

question() { # SECONDS ANSWER-AS-ECHOED
	printf '/tmp/b: loaded by %s\n' "$backend"
	printf 'Keep the new rules? Type y within %s seconds, or the old ones come back: %s' \
		"$1" "$2"
}

# Before or behind what the program says of it: that is the terminal's.
without_echo() {
	"$@" > /tmp/typed && typed=0 || typed=$?
	sed 's/\^C//' /tmp/typed
	return "$typed"
}

# on a terminal: ANSWER ECHOED STATUS PLAN
answers() {
	secmarkctl apply --backend $backend /tmp/a > /dev/null
	said="$(question 300 "$2")"
	[ "$3" -eq 0 ] || said="$said
$back /tmp/a"
	runs "$backend: a terminal answers '$1'" "$3" "$said" "" $terminal "$1
" secmarkctl apply --confirm 300 --backend $backend /tmp/b
	is "$backend: after '$1' the rules are those of" "$(loaded)" "$4"
	no_guard "$backend, '$1'"
}

by_terminal() {
	answers y y 0 b
	answers n n 1 a
	answers "" "" 1 a
	secmarkctl apply --backend $backend /tmp/a > /dev/null
	runs "$backend: Ctrl-C is a no" 1 "$(question 300 "")
$back /tmp/a" "" without_echo $terminal ^C secmarkctl apply --confirm 300 --backend $backend /tmp/b
	is "$backend: after Ctrl-C" "$(loaded)" a
	runs "$backend: nobody answers" 1 "$(question 2 "")
$back /tmp/a" "" $terminal nothing secmarkctl apply --confirm 2 --backend $backend /tmp/b
	is "$backend: after the time" "$(loaded)" a
	runs "$backend: the terminal hangs up" 129 "$(question 3 "")" "" \
		$terminal hangup secmarkctl apply --confirm 3 --backend $backend /tmp/b
	becomes "$backend: the old rules come back at the end of the time" a
	no_guard "$backend, at the end of the time"
	runs "$backend: the terminal hangs up long before" 129 "$(question 300 "")" "" \
		$terminal hangup secmarkctl apply --confirm 300 --backend $backend /tmp/b
	runs "$backend: and meanwhile nobody else removes" 1 "" "$waits" secmarkctl remove
	kill -TERM "$(child 1 secmarkctl)"
	becomes "$backend: the old rules come back when the guard is told to end" a
	no_guard "$backend, hangup"
}

by_command() {
	secmarkctl apply --backend $backend /tmp/a > /dev/null
	start /tmp/asker secmarkctl apply --confirm 300 /tmp/b
	refuses "$backend: another apply meanwhile" "$waits" secmarkctl apply /tmp/m
	refuses "$backend: another apply with --confirm meanwhile" "$waits" \
		secmarkctl apply --confirm 9 /tmp/m
	refuses "$backend: remove meanwhile" "$waits" secmarkctl remove
	runs "$backend: secmarkctl confirm" 0 "confirmed" "" secmarkctl confirm
	runs "$backend: right behind that an apply is welcome" 0 \
		"/tmp/b: already loaded by $backend" "" \
		secmarkctl apply /tmp/b
	ends "$backend: the one that waited ends" 0 "/tmp/b: loaded by $backend
$calls"
	refuses "$backend: confirm where nobody waits" \
		"secmarkctl: no new rules are waiting for confirmation" \
		secmarkctl confirm
}

# SIGKILL and SIGTERM of the command, and of the guard
by_force() {
	secmarkctl apply --backend $backend /tmp/a > /dev/null
	start /tmp/asker secmarkctl apply --confirm 300 /tmp/b
	kill -KILL $asker
	is "$backend: killed, and yet they wait" "$(loaded)" b
	kill -TERM "$(child 1 secmarkctl)"
	becomes "$backend: killed, and the guard told to end" a
	no_guard "$backend, killed and told to end"
	start /tmp/asker secmarkctl apply --confirm 3 /tmp/b
	kill -KILL $asker
	becomes "$backend: killed, and the old rules come back" a
	start /tmp/asker secmarkctl apply --confirm 300 /tmp/b
	kill -KILL $asker
	runs "$backend: killed, and confirmed" 0 "confirmed" "" secmarkctl confirm
	no_guard "$backend, killed and confirmed"
	is "$backend: confirmed all the same" "$(loaded)" b
	start /tmp/asker secmarkctl apply --confirm 300 /tmp/a
	guard=$(child $asker secmarkctl)
	kill -TERM "$guard"
	ends "$backend: SIGTERM to the guard ends the time" 1 "/tmp/a: loaded by $backend
$calls
$back /tmp/b"
	is "$backend: and the old rules are back" "$(loaded)" b
	start /tmp/asker secmarkctl apply --confirm 300 /tmp/a
	guard=$(child $asker secmarkctl)
	kill -KILL "$guard"
	ends "$backend: a guard that was killed is noticed" 1 "/tmp/a: loaded by $backend
$calls
secmarkctl: the new rules were not confirmed; the old ones could not be put back: the process that \
waits was killed, and the new rules are still loaded
$at_boot /tmp/b"
	runs "$backend: what it left is no obstacle" 0 "/tmp/b: loaded by $backend" "" \
		secmarkctl apply /tmp/b
}

# Nothing is loaded before: nothing is loaded after.
first() {
	secmarkctl remove > /dev/null
	runs "$backend: a first plan that nobody confirms" 1 "/tmp/b: loaded by $backend" \
		"$removes
$at_boot /tmp/b" secmarkctl apply --confirm 1 --backend $backend /tmp/b
	is "$backend: nothing is left of it" "$(places)$(find /run/secmark2 2> /dev/null)" ""
}

slow_programs() { # COMMAND, which they run first
	mkdir -p /tmp/slow
	for family in iptables ip6tables; do
		printf '#!/bin/sh\n%s\nsleep 1\nexec /sbin/%s-legacy-restore "$@"\n' \
			"$1" $family > /tmp/slow/$family-legacy-restore
		chmod +x /tmp/slow/$family-legacy-restore
	done
}

# What is being loaded when somebody wants it to end: it comes to its end first.
slowly() { # COMMAND...
	slow_programs 'touch /tmp/slow/began'
	rm -f /tmp/slow/began
	PATH=/tmp/slow:$PATH "$@" > /tmp/asker 2>&1 < /dev/null &
	asker=$!
	poll test -e /tmp/slow/began
}

# Ctrl-C is typed when a program has begun that changes rules.
ctrl_c() { # COMMAND...
	slow_programs 'case $* in *test*) ;; *) printf "loading: " > /dev/tty ;; esac'
	PATH=/tmp/slow:$PATH $terminal ^C "$@" > /tmp/typed && typed=0 || typed=$?
	grep -q 'loading: ' /tmp/typed || echo "no program has begun"
	sed 's/loading: //g; s/\^C//g' /tmp/typed
	return "$typed"
}

no_orphan() { ! grep -qE '^ip6?tables' /proc/[0-9]*/comm 2> /dev/null; }

signals() {
	secmarkctl remove > /dev/null
	for signal in TERM HUP; do
		slowly secmarkctl apply --backend iptables-legacy /tmp/b
		kill -$signal $asker
		status=$([ $signal = TERM ] && echo 143 || echo 129)
		ends "SIG$signal while rules are loaded: it waits" "$status" \
			"/tmp/b: loaded by iptables-legacy"
		is "SIG$signal: all is loaded, and on record" "$(loaded)" b
		secmarkctl remove > /dev/null
		is "SIG$signal: nothing is left after a removal" \
			"$(find /run/secmark2 2> /dev/null)" ""
	done
	secmarkctl apply --backend iptables-legacy /tmp/a > /dev/null
	runs "Ctrl-C while rules are loaded: it waits" 130 "/tmp/b: loaded by iptables-legacy" "" \
		ctrl_c secmarkctl apply --backend iptables-legacy /tmp/b
	is "Ctrl-C: all is loaded, and on record" "$(loaded)" b
	no_orphan && right=0 || right=1
	result "$right" "Ctrl-C: no program is left"
	secmarkctl apply --backend iptables-legacy /tmp/a > /dev/null
	slowly secmarkctl apply --backend iptables-legacy --confirm 2 /tmp/b
	kill -KILL $asker
	poll no_orphan || true
	becomes "killed before the guard is armed: the old rules come back" a
	no_guard "killed before the guard is armed"
	slowly secmarkctl apply --backend iptables-legacy /tmp/b
	kill -KILL $asker
	said="secmarkctl: an earlier run was interrupted while it loaded /tmp/b;"
	runs "killed, and iptables-restore still runs: the next one waits for that" 0 \
		"/tmp/a: loaded by iptables-legacy" \
		"$said this one finishes its work" \
		secmarkctl apply /tmp/a
	poll no_orphan || true
	is "killed, and iptables-restore still ran: nothing of that is left" "$(loaded)" a
	slowly $terminal nothing secmarkctl apply --confirm 300 /tmp/b
	kill -INT "$(child $asker secmarkctl)"
	ends "SIGINT while rules are loaded that are to be confirmed: a no" 1 \
		"/tmp/b: loaded by iptables-legacy
$(question 300 "" | sed 1d)
$back /tmp/a"
	is "SIGINT while rules are loaded: the old ones are back" "$(loaded)" a
	runs "all gone" 0 "removed" "" secmarkctl remove
}

guards() { pidof secmarkctl || true; }

no_guards() { [ -z "$(guards)" ]; }

# The load fails, so nobody is asked. What the guard has to do depends on what is left of the old
# rules.
failing() {
	secmarkctl apply --backend iptables-legacy /tmp/a > /dev/null
	mkdir -p /tmp/broken
	printf '#!/bin/sh\necho "ip6tables-restore: out of order" >&2\nexit 1\n' \
		> /tmp/broken/ip6tables-legacy-restore
	chmod +x /tmp/broken/ip6tables-legacy-restore
	said="secmarkctl: loading the rules for IPv6:"
	said="$said ip6tables-legacy-restore failed with status 1:"
	said="$said ip6tables-restore: out of order (IPv4 has its old rules back)"
	refuses "a load with --confirm fails, and the old rules are there" "$said" \
		env PATH="/tmp/broken:$PATH" secmarkctl apply --confirm 300 /tmp/b
	poll no_guards || true
	is "then the guard is told to go" "$(guards)" ""
	no_guard "a load with --confirm fails"

	# nft's new rules are loaded, the old ones cannot be removed, and the new ones go again
	hold /run/xtables.lock
	refuses "nft in place of locked rules, with --confirm" "$busy" \
		secmarkctl apply --confirm 300 --backend nft /tmp/b
	let_go
	poll no_guards || true
	is "nft in place of locked rules: the guard is told to go" "$(guards)" ""
	no_guard "nft in place of locked rules"
	secmarkctl remove > /dev/null
}

# What was flushed does not come back; jumps are enough to be gone.
flushed() {
	secmarkctl apply --backend $backend /tmp/a > /dev/null
	if [ $backend = nft ]; then
		nft flush table inet secmark2
	else
		iptables-legacy -t security -F
		ip6tables-legacy -t security -F
	fi
	runs "$backend: the rules had been flushed" 1 "/tmp/b: loaded by $backend" "$removes
$at_boot /tmp/a" secmarkctl apply --confirm 1 --backend $backend /tmp/b
	is "$backend: nothing is left, as before" \
		"$(places)$(find /run/secmark2 2> /dev/null)" ""
}

# The record needs no name that the plan has, and no file of it.
names() {
	printf 'web-test\t80/tcp\n' > /etc/services
	echo 'client web_client_packet_t tcp 80' > /tmp/included
	printf 'server web_server_packet_t tcp web-test,443\ninclude included\n' > /tmp/named
	runs "a plan with names" 0 "/tmp/named: loaded by nft" "" \
		secmarkctl apply --backend nft /tmp/named
	rm /etc/services /tmp/included
	runs "the names are gone" 1 "/tmp/b: loaded by nft" "$(echo "$calls" | sed 's/300/1/')
$back /tmp/named" secmarkctl apply --confirm 1 /tmp/b
	is "the names are gone: and the rules are back" "$(loaded)" a
	secmarkctl remove > /dev/null
}

logged() { grep -q "$1" /tmp/log; }

# What the guard logs, without its number and the time.
log() { sed 's/.*secmarkctl\[[0-9]*\]: //' /tmp/log; }

# A load of rules that breaks: IPv4 is new, IPv6 is old, and nothing can be loaded.
break_load() {
	printf '#!/bin/sh\necho "out of order" >&2\nexit 1\n' \
		> /tmp/broken/ip6tables-legacy-restore
	cat > /tmp/broken/iptables-legacy-restore <<-\END
		#!/bin/sh
		cp /tmp/broken/ip6tables-legacy-restore /tmp/broken/iptables-legacy-restore
		exec /sbin/iptables-legacy-restore "$@"
	END
	chmod +x /tmp/broken/*
	secmarkctl apply --backend iptables-legacy /tmp/a > /dev/null
	: > /tmp/log
	said="secmarkctl: loading the rules for IPv6:"
	said="$said ip6tables-legacy-restore failed with status 1:"
	said="$said out of order (the new rules stay loaded, because putting IPv4 back:"
	said="$said iptables-legacy-restore failed with status 1: out of order)"
	runs "a load with --confirm breaks: $1" 1 "" "$said" \
		env PATH="/tmp/broken:$PATH" secmarkctl apply --confirm 300 /tmp/b
}

again() { # PAUSE
	echo "the old rules cannot be put back yet: loading the rules for IPv4:" \
		"iptables-legacy-restore failed with status 1: out of order;" \
		"the next try is in $1 s"
}

# The guard tries again, and meanwhile nobody is told what is not so.
retries() {
	break_load "the old rules come back"
	# its tries change the record at any time, so that cannot be compared
	runs "the load is broken: nobody can confirm" 1 "" \
		"secmarkctl: it is too late: the old rules are being put back" secmarkctl confirm
	late="secmarkctl: the old rules are being put back"
	late="$late (wait for that, or remove all rules with secmarkctl remove)"
	runs "the load is broken: nobody applies" 1 "" "$late" secmarkctl apply /tmp/m
	poll logged 'in 2 s' || true
	rm /tmp/broken/*
	becomes "the load was broken: the old rules are back" a
	poll no_guards || true
	is "the load was broken: the guard says what it did" "$(log | sed -n '1,2p;$p')" "$(again 1)
$(again 2)
the new rules were not confirmed: what was loaded before is back"
	break_load "somebody removes all rules"
	# its first try has written the record
	poll logged 'in 1 s' || true
	runs "the load is broken: remove" 0 removed \
		"secmarkctl: an earlier run was interrupted while it loaded /tmp/a; this one \
finishes its work" secmarkctl remove
	poll no_guards || true
	is "the load was broken: the guard is gone" "$(guards)" ""
	is "the load was broken: nothing is left" "$(places)$(find /run/secmark2 2> /dev/null)" ""
	rm /tmp/broken/*
}

protected() {
	secmarkctl apply /tmp/a > /dev/null
	: > /tmp/log
	start /tmp/asker secmarkctl apply --confirm 300 /tmp/b
	guard=$(child $asker secmarkctl)
	is "the OOM killer leaves the guard alone" "$(cat "/proc/$guard/oom_score_adj")" -1000
	secmarkctl confirm > /dev/null
	poll no_guards || true
	is "the guard logs that the rules are confirmed" "$(log)" "the new rules are confirmed"
}

# Connections are counted after the answer, and reset before the question.
counts() {
	secmarkctl remove > /dev/null
	nft 'add table inet t; add chain inet t c { type filter hook output priority 0; };' \
		'add rule inet t c ct state new accept'
	timeout 1 nslookup a 127.0.0.1 > /dev/null 2>&1 || true
	older="unlabeled connection from before the rules"
	asks=$(echo "$removes" | sed '2d;s/ 1 / 300 /')
	start /tmp/asker secmarkctl apply --confirm 300 --backend nft /tmp/b
	secmarkctl confirm > /dev/null
	ends "older connections are counted after the question" 0 "/tmp/b: loaded by nft
$asks
1 $older: apply --reset-flows labels it"
	secmarkctl remove > /dev/null
	start /tmp/asker secmarkctl apply --reset-flows --confirm 300 --backend nft /tmp/b
	secmarkctl confirm > /dev/null
	ends "older connections are reset before the question" 0 "/tmp/b: loaded by nft
1 $older: the next packet gives it a label
$asks"
	nft delete table inet t
	secmarkctl remove > /dev/null
}

# The policy has lost a type of the old rules. From here on it stays lost.
last_resort() {
	echo 'server passing_packet_t tcp 80' > /tmp/passing
	secmarkctl apply --backend nft /tmp/passing > /dev/null
	cp /var/lib/secmark2/boot.plan /tmp/kept
	start /tmp/asker secmarkctl apply --confirm 300 /tmp/b
	dd if=/etc/secmark2/policy-reduced of=/sys/fs/selinux/load bs=4M 2> /dev/null
	: > /tmp/log
	kill -TERM "$(child $asker secmarkctl)"
	ends "the old rules cannot come back" 1 "/tmp/b: loaded by nft
$calls
secmarkctl: the new rules were not confirmed; the old ones could not be put back: all rules are \
removed (the system log says why)
$at_boot /tmp/passing"
	is "the old rules cannot come back: the new ones are gone" \
		"$(places)$(find /run/secmark2 2> /dev/null)" ""
	why="the policy no longer accepts the plan that was loaded: /tmp/passing:1:8: type"
	why="$why 'passing_packet_t' is not in the loaded policy: 'passing_packet_t'"
	is "the old rules cannot come back: the guard says what it did" "$(log)" "$(
		for pause in 1 2 4 8; do
			echo "the old rules cannot be put back yet: $why;" \
				"the next try is in $pause s"
		done)
the old rules cannot be put back: $why; tried 5 times, all rules are being removed
the new rules were not confirmed: all rules are removed, and no packet is labeled"
	said="/var/lib/secmark2/boot.plan:2:8: type 'passing_packet_t' is not in the loaded policy:"
	refuses "boot: the policy has lost a type" "$said 'passing_packet_t'" \
		secmarkctl apply --boot
}

kept() { sed 1d /var/lib/secmark2/boot.plan; }

# SENTENCE CHANGE...: what is kept is damaged by that
damaged() {
	sentence=$1
	shift
	cp /var/lib/secmark2/boot.plan /tmp/kept
	"$@"
	refuses "boot: $sentence" "$damage" secmarkctl apply --boot
	mv /tmp/kept /var/lib/secmark2/boot.plan
}

# The unit runs apply --boot.
boots() {
	etc=/etc/secmark2/plan
	hint="secmarkctl apply PLAN loads one, now and at each boot"
	damage="secmarkctl: /var/lib/secmark2/boot.plan is damaged"
	damage="$damage (secmarkctl apply PLAN writes it anew)"
	rm -rf /var/lib/secmark2
	refuses "boot: there is no plan" "$etc: No such file or directory" secmarkctl apply --boot
	cp /tmp/a $etc
	runs "boot: the first one loads the plan that was installed" 0 "$etc: loaded by nft" "" \
		secmarkctl apply --boot
	is "boot: and keeps it" "$(kept)" "$(cat /tmp/a)"
	is "boot: for root only" "$(stat -c %a /var/lib/secmark2 /var/lib/secmark2/*)" "700
600"
	cp /tmp/b $etc
	runs "boot: a removal keeps it" 0 removed "" secmarkctl remove
	changed="secmarkctl: warning: $etc has changed since it was applied: the changes are not"
	runs "boot: what was not applied is not loaded" 0 "$etc: loaded by nft" \
		"$changed loaded (secmarkctl apply $etc loads them)" secmarkctl apply --boot
	is "boot: the plan is the one that was kept" "$(loaded)" a
	runs "boot: it is loaded already" 0 "$etc: already loaded by nft" \
		"$changed loaded (secmarkctl apply $etc loads them)" secmarkctl apply --boot
	runs "boot: apply" 0 "$etc: loaded by iptables-legacy" "" \
		secmarkctl apply --backend iptables-legacy $etc
	is "boot: apply keeps the plan" "$(kept)" "$(cat /tmp/b)"
	secmarkctl remove > /dev/null
	runs "boot: and the backend" 0 "$etc: loaded by iptables-legacy" "" secmarkctl apply --boot
	runs "boot: another namespace loads another plan" 0 "/tmp/a: loaded by nft" "" \
		unshare -n secmarkctl apply --backend nft /tmp/a
	is "boot: and that is not kept" "$(kept)" "$(cat /tmp/b)"
	damaged "it is empty" sh -c ': > /var/lib/secmark2/boot.plan'
	damaged "a line is missing" sed -i 2d /var/lib/secmark2/boot.plan
	damaged "a letter has changed" sed -i '2s/t/T/' /var/lib/secmark2/boot.plan
	damaged "the first line is missing" sed -i 1d /var/lib/secmark2/boot.plan
	runs "boot: it cannot be kept" 1 "/tmp/a: loaded by iptables-legacy" \
		"secmarkctl: /var/lib/secmark2/boot.plan: Read-only file system ($unkept)" \
		unshare -m sh -c 'mount --bind /var/lib /var/lib &&
			mount -o remount,ro,bind /var/lib; exec secmarkctl apply /tmp/a'
	is "boot: and the old one stays" "$(kept)" "$(cat /tmp/b)"
	# a reboot before the answer, and one after "no"
	cp /tmp/b $etc
	runs "boot: not confirmed" 1 "$etc: loaded by iptables-legacy" \
		"$(echo "$calls" | sed 's/300/1/')
$back $etc" secmarkctl apply --confirm 1 $etc
	secmarkctl apply /tmp/a > /dev/null
	start /tmp/asker secmarkctl apply --confirm 300 $etc
	is "boot: to be confirmed" "$(kept)" "$(cat /tmp/a)"
	runs "boot: confirm" 0 "confirmed" "" secmarkctl confirm
	is "boot: confirm keeps the plan" "$(kept)" "$(cat /tmp/b)"
	ends "boot: the one that waited ends" 0 "$etc: loaded by iptables-legacy
$calls"
	secmarkctl apply /tmp/a > /dev/null
	$terminal "y
" secmarkctl apply --confirm 300 $etc > /dev/null
	is "boot: y keeps the plan" "$(kept)" "$(cat /tmp/b)"
	rm -r /var/lib/secmark2
	$terminal "n
" secmarkctl apply --confirm 300 /tmp/a > /dev/null || true
	is "boot: without a plan for it, the one that is loaded is kept" "$(kept)" "$(cat /tmp/b)"
	secmarkctl remove > /dev/null
	rm -r /var/lib/secmark2
	$terminal "n
" secmarkctl apply --confirm 300 $etc > /dev/null || true
	refuses "boot: no plan was ever confirmed" \
		"secmarkctl: no plan has been confirmed, so none is loaded ($hint)" \
		secmarkctl apply --boot
	rm $etc
}

for backend in nft iptables-legacy; do
	by_terminal
	by_command
	by_force
	first
	flushed
done
signals
failing
names
retries
protected
counts
boots
last_resort
echo "1..$tests"
