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
back="secmarkctl: the new rules were not confirmed; the old ones are back"
waits="secmarkctl: new rules are waiting for confirmation"
waits="$waits (keep them with secmarkctl confirm, or wait until the old ones are back)"
busy="secmarkctl: another program holds /run/xtables.lock (waited for 10 seconds; try again)"
unkept="the rules are loaded, but the next boot does not load them"
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

nobody_waits() { ! ls /run/secmark2/*/confirm > /dev/null 2>&1; }

no_guard() { # SENTENCE
	poll nobody_waits || true
	is "$1: nobody waits any more" "$(find /run/secmark2 -name confirm)" ""
}

# In the background: until it has asked.
start() { # OUTPUT COMMAND...
	into=$1
	shift
	: > "$into"
	"$@" > "$into" 2>&1 < /dev/null &
	asker=$!
	poll grep -q 'The old rules come back\|Keep the new' "$into"
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
$back"
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
$back" "" without_echo $terminal ^C secmarkctl apply --confirm 300 --backend $backend /tmp/b
	is "$backend: after Ctrl-C" "$(loaded)" a
	runs "$backend: nobody answers" 1 "$(question 2 "")
$back" "" $terminal nothing secmarkctl apply --confirm 2 --backend $backend /tmp/b
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
$back"
	is "$backend: and the old rules are back" "$(loaded)" b
	start /tmp/asker secmarkctl apply --confirm 300 /tmp/a
	guard=$(child $asker secmarkctl)
	kill -KILL "$guard"
	ends "$backend: a guard that was killed is noticed" 1 "/tmp/a: loaded by $backend
$calls
secmarkctl: the new rules were not confirmed, and the old ones could not be put back"
	runs "$backend: what it left is no obstacle" 0 "/tmp/b: loaded by $backend" "" \
		secmarkctl apply /tmp/b
}

# Nothing is loaded before: nothing is loaded after.
first() {
	secmarkctl remove > /dev/null
	runs "$backend: a first plan that nobody confirms" 1 "/tmp/b: loaded by $backend" \
		"$(echo "$calls" | sed 's/300/1/')
$back" secmarkctl apply --confirm 1 --backend $backend /tmp/b
	is "$backend: nothing is left of it" "$(places)$(find /run/secmark2 2> /dev/null)" ""
}

# What is being loaded when somebody wants it to end: it comes to its end first.
slowly() { # COMMAND...
	mkdir -p /tmp/slow
	for family in iptables ip6tables; do
		printf '#!/bin/sh\n%s\nsleep 1\nexec /sbin/%s-legacy-restore "$@"\n' \
			'touch /tmp/slow/began' $family \
			> /tmp/slow/$family-legacy-restore
		chmod +x /tmp/slow/$family-legacy-restore
	done
	rm -f /tmp/slow/began
	PATH=/tmp/slow:$PATH "$@" > /tmp/asker 2>&1 < /dev/null &
	asker=$!
	poll test -e /tmp/slow/began
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
$back"
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
$back" secmarkctl apply --confirm 1 $etc
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
done
signals
failing
boots
echo "1..$tests"
