#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/promises): rules that somebody removes or changes
# are noticed by secmarkctl status, and loaded again by secmarkctl watch. Prints TAP.
set -eu
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

hide_module
plans
ip link set lo up
busybox syslogd -n -S -O /tmp/log &
poll test -S /dev/log

missing() { # what status says: true, false or null, and its exit status
	status=0
	secmarkctl status --json > /tmp/status 2>&1 || status=$?
	sed -n 's/^ *"missing": \([a-z]*\),*$/\1/p' /tmp/status | tr '\n' ' '
	echo "exit $status"
}

load() { # BACKEND PLAN
	secmarkctl apply --backend "$1" "$2" > /dev/null
}

a_chain() { nft list chains | awk '/chain/ && /out/ { print $2; exit }'; }

# What somebody does to the rules of a backend; one line each.
losses() { # BACKEND
	case $1 in
	nft)
		cat <<-'END'
			nft flush ruleset
			nft delete table inet secmark2
			nft flush table inet secmark2
			nft flush chain inet secmark2 $(a_chain)
			nft add rule inet secmark2 $(a_chain) counter
		END
		;;
	iptables-nft)
		cat <<-'END'
			nft flush ruleset
			nft delete table ip6 security
			iptables-nft -t security -F
			iptables-nft -t security -D INPUT -j SECMARK2-INPUT
			ip6tables-nft -t security -A SECMARK2-OUTPUT -j ACCEPT
		END
		;;
	*)
		cat <<-'END'
			iptables-legacy -t security -F
			ip6tables-legacy -t security -F; ip6tables-legacy -t security -X
			iptables-legacy -t security -D INPUT -j SECMARK2-INPUT
			iptables-legacy -t security -A SECMARK2-OUTPUT -j ACCEPT
			iptables-legacy -t security -R SECMARK2-OUTPUT 1 -j ACCEPT
		END
		;;
	esac
}

# What others do to their own rules.
others() { # BACKEND
	case $1 in
	nft | iptables-nft)
		cat <<-'END'
			nft add table ip other
			iptables-nft -A INPUT -j ACCEPT
			iptables-nft -t security -I INPUT -s 192.0.2.1 -j ACCEPT
			iptables-nft-save -t filter | iptables-nft-restore
		END
		;;
	*)
		cat <<-'END'
			iptables-legacy -A INPUT -j ACCEPT
			iptables-legacy -t security -I INPUT -s 192.0.2.1 -j ACCEPT
			iptables-legacy-save -t filter | iptables-legacy-restore
			iptables-legacy -t security -Z
		END
		;;
	esac
}

is "nothing is recorded: nothing is missing" "$(missing)" "false exit 0"
# systemd runs, but does not answer
mkdir -p /run/systemd/system /tmp/silent
is "without systemctl it is unknown whether anything is missing" "$(missing)" "null exit 0"
printf '#!/bin/sh\nexit 1\n' > /tmp/silent/systemctl
chmod +x /tmp/silent/systemctl
is "and if it fails" "$(PATH=/tmp/silent:$PATH missing)" "null exit 0"
is "with the reason" "$(PATH=/tmp/silent:$PATH secmarkctl status | grep -c \
	'systemctl show secmark2.service failed with status 1')" 1
rmdir /run/systemd/system
for backend in nft iptables-nft iptables-legacy iptc; do
	load $backend /tmp/a
	is "$backend: what was loaded is there" "$(missing)" "false exit 0"
	others $backend > /tmp/losses
	while IFS= read -r what; do
		eval "$what"
		is "$backend: $what: not ours" "$(missing)" "false exit 0"
	done < /tmp/losses
	losses $backend > /tmp/losses
	while IFS= read -r what; do
		load $backend /tmp/a
		eval "$what" > /dev/null 2>&1 || echo "# $what: $?"
		is "$backend: $what: something is missing" "$(missing)" "true exit 1"
	done < /tmp/losses
	load $backend /tmp/a
	is "$backend: apply loads it again" "$(missing)" "false exit 0"
	secmarkctl remove > /dev/null
	is "$backend: after a removal nothing is missing" "$(missing)" "false exit 0"
	clear_others
done
sed -n '/^  rules of this plan/p' /tmp/status
load nft /tmp/a
nft flush ruleset
secmarkctl status > /tmp/status || true
is "status says how to mend it" "$(grep gone /tmp/status)" \
	"  rules of this plan are gone or changed (secmarkctl apply loads them again)"
secmarkctl remove > /dev/null

# To ask for the revision of a target loads its module.
load iptc /tmp/a
clear_others
rmmod xt_SECMARK 2> /dev/null || true
modules=$(ls /sys/module)
is "rules and modules are gone: something is missing" "$(missing)" "true exit 1"
is "status loads no module" "$(ls /sys/module)" "$modules"
secmarkctl remove > /dev/null

now() { awk '{ print int($1 * 1000) }' /proc/uptime; }

# An apply that begins and ends while status looks: strace stops status before it reads the rules.
load iptables-nft /tmp/a
{
	status=0
	strace -o /dev/null -e trace=sendto -e inject=sendto:delay_enter=20000000:when=1 \
		secmarkctl status --json > /tmp/stopped || status=$?
	echo "exit $status" >> /tmp/stopped
} &
stopped=$!
since=$(now)
until [ $(($(now) - since)) -gt 5000 ]; do poll true; done
load iptables-nft /tmp/b
kill -0 $stopped && early=yes || early=no
wait $stopped
said=$(sed -n 's/^ *"missing": \([a-z]*\),*$/\1/p; /^exit/p' /tmp/stopped | tr '\n' ' ')
is "an apply while status looks is no loss" "$early $said" "yes false exit 0 "
secmarkctl remove > /dev/null

# Rules that are lost before the load has ended, and what watch makes of that.
mkdir /tmp/hasty
for variant in legacy nft; do
	for family in iptables ip6tables; do
		cat > /tmp/hasty/$family-$variant-restore <<-END
			#!/bin/sh
			/sbin/$family-$variant-restore "\$@" || exit
			case "\$*" in *--test*) exit ;; esac
			! mv /tmp/$family-hasty /tmp/was-hasty 2> /dev/null ||
				$family-$variant -t security -F
		END
		chmod +x /tmp/hasty/$family-$variant-restore
		: > /tmp/$family-hasty
		PATH=/tmp/hasty:$PATH secmarkctl apply --backend iptables-$variant /tmp/a > /tmp/out
		is "$family-$variant: a flush during the load: apply" "$(cat /tmp/out)" \
			"/tmp/a: loaded by iptables-$variant"
		is "$family-$variant: a flush during the load: something is missing" \
			"$(missing)" "true exit 1"
		secmarkctl watch < /dev/null &
		watcher=$!
		there() { [ "$(missing)" = "false exit 0" ]; }
		poll there || true
		jumps=$($family-$variant -t security -S INPUT | grep -c SECMARK2-)
		is "$family-$variant: watch loads it again" "$jumps" 1
		kill $watcher
		wait $watcher || true
		secmarkctl remove > /dev/null
	done
done

runs "watch ends if it cannot be told of transactions" 1 "" \
	"secmarkctl: cannot watch nf_tables: Permission denied" \
	busybox timeout 30 strace -f -o /dev/null -e inject=socket:error=EACCES secmarkctl watch

# From here on somebody watches. Rules that are removed are there again at once, and the log says by
# whom they were removed.
secmarkctl watch < /dev/null &
watcher=$!

intact() { [ "$(missing)" = "false exit 0" ] && secmarkctl diff "$1" > /dev/null 2>&1; }

# The line in the log, without its date.
said() { sed -n 's/.*secmarkctl\[[0-9]*\]: //p' /tmp/log | tail -n 1; }

# The same; processes have no numbers.
logged() {
	said | sed 's/process [0-9]*\( of [^)]*\)\{0,1\}/process N/'
}

lines() { grep -c ': they are loaded again' /tmp/log || true; }

# back SENTENCE WHO COMMAND [MS]: the rules of plan a are lost, and come back in time
back() {
	before=$(lines)
	since=$(now)
	intact /tmp/a || true
	slow=$((($(now) - since) * 20))
	eval "$3" > /dev/null 2>&1 || true
	since=$(now)
	pause=0.05
	poll intact /tmp/a || true
	took=$(($(now) - since))
	is "$1: they are back" "$(missing)" "false exit 0"
	# This guest is some ten times as slow as a machine, and slower if this machine has more to
	# do: guest-second.sh asserts a second.
	is "$1: in time ($took ms)" \
		"$([ $took -lt "${4-5000}" ] || [ $took -lt $slow ] && echo yes)" yes
	polled() { [ "$(lines)" -gt "$before" ]; }
	poll polled || true
	is "$1: the log says who it was" "$(logged)" \
		"$2 removed or changed rules of /tmp/a: they are loaded again"
}

for backend in nft iptables-nft iptables-legacy iptc; do
	load $backend /tmp/a
	case $backend in
	nft) back "$backend" "nft (process N)" "nft flush ruleset"
		back "$backend, a part" "nft (process N)" "nft flush table inet secmark2" ;;
	iptables-nft) back "$backend" "nft (process N)" "nft flush ruleset"
		back "$backend, a part" "iptables-nft (process N)" "iptables-nft -t security -F" ;;
	*) back "$backend" "it is unknown who" "iptables-legacy -t security -F"
		back "$backend, a rule of the same size" "it is unknown who" \
			"iptables-legacy -t security -R INPUT 1 -s 192.0.2.1 -j ACCEPT" 20000 ;;
	esac
	secmarkctl remove > /dev/null
	clear_others
	# as long as it could take to notice
	since=$(now)
	until [ $(($(now) - since)) -gt 2000 ]; do poll true; done
	is "$backend: a removal stays" "$(places)$(find /run/secmark2 2> /dev/null)" ""
done

# Others may be slow, but are not disturbed.
load nft /tmp/a
secmarkctl apply --confirm 3 /tmp/b > /tmp/asker 2>&1 &
asker=$!
asks() { grep -q 'come back' /tmp/asker; }
poll asks
before=$(lines)
nft flush ruleset
wait $asker || true
is "an unconfirmed plan is not put back before the old one is" "$(lines)" "$before"
poll intact /tmp/a || true
is "the old plan is back" "$(missing)" "false exit 0"

kill -0 $watcher && alive=yes || alive=no
is "it still watches" "$alive" yes
kill $watcher
wait $watcher || true

# Audit tells who changes legacy tables. The watch is open for its records before it is on.
secmarkctl watch < /dev/null &
watcher=$!
printf '*security\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n' > /tmp/restore
cp "$(readlink -f "$(command -v iptables-legacy)")" "/tmp/my firewall"

# named SENTENCE NAME COMMAND...: it takes rules away, and the log has its name and its number
named() {
	sentence=$1 name=$2
	shift 2
	before=$(lines)
	sh -c 'echo $$ > /tmp/pid; exec "$@"' sh "$@" < /tmp/restore > /dev/null 2>&1
	polled() { [ "$(lines)" -gt "$before" ]; }
	poll polled || true
	is "$sentence: the log says who it was" "$(said)" \
		"$name (process $(cat /tmp/pid)) removed or changed rules of /tmp/a: they are\
 loaded again"
	is "$sentence: they are back" "$(poll intact /tmp/a && echo yes)" yes
}

/etc/secmark2/files/audit-enabled 1
for backend in iptables-legacy iptc; do
	load $backend /tmp/a
	named "$backend, audited" iptables-legacy iptables-legacy -t security -F
	# the kernel keeps fifteen bytes of a name
	named "$backend, audited, a restore" ip6tables-legac ip6tables-legacy-restore
	# a record has such a name in hexadecimal digits
	named "$backend, audited, another program" "my firewall" \
		"/tmp/my firewall" iptables -t security -D INPUT -j SECMARK2-INPUT
	secmarkctl remove > /dev/null
	clear_others
done
/etc/secmark2/files/audit-enabled 0
kill $watcher
wait $watcher || true
load nft /tmp/a

# Somebody that flushes in a loop. After eight times he has to wait. One more is saved up each ten
# seconds, and a slow machine needs some of them.
secmarkctl watch < /dev/null &
watcher=$!
again='nft (process N) removed or changed rules of /tmp/a: they are loaded again'
slowly='the rules are removed again and again: from now on they are loaded again only once in'
before=$(lines)
flushes=0
started=$(now)
while ! grep -q 'again and again' /tmp/log && [ $flushes -lt 40 ]; do
	nft flush ruleset
	flushes=$((flushes + 1))
	poll intact /tmp/a || true
done
is "each time they are back at once" $(($(lines) - before)) $flushes
most=$((9 + ($(now) - started) / 10000))
is "after eight times it is enough" \
	"$([ $flushes -ge 8 ] && [ $flushes -le $most ] || echo "$flushes, not 8 to $most")" ''
is "then the log says so" "$(logged)" "$slowly 10 seconds"
ticks() { awk '{ print $14 + $15 }' /proc/$watcher/stat; }
used=$(ticks)
since=$(now)
while [ $(($(now) - since)) -lt 4000 ]; do nft flush ruleset; done
used=$(($(ticks) - used))
is "it waits without work ($used ticks in 4 s)" "$([ $used -lt 100 ] && echo yes)" yes
is "in the end they are back, once" "$(poll intact /tmp/a && echo yes)" yes
is "and the log says by whom they were lost" "$(logged)" "$again"
# two, if a pause ended in the four seconds
is "they were not loaded more often" "$([ $(($(lines) - before - flushes)) -le 2 ] && echo yes)" yes
kill $watcher
wait $watcher || true
secmarkctl remove > /dev/null

# A load that breaks half-way: it is tried again.
mkdir -p /tmp/broken
cat > /tmp/broken/ip6tables-legacy-restore <<-\END
	#!/bin/sh
	[ ! -e /tmp/out-of-order ] || { echo "out of order" >&2; exit 1; }
	exec /sbin/ip6tables-legacy-restore "$@"
END
cat > /tmp/broken/iptables-legacy-restore <<-\END
	#!/bin/sh
	! mv /tmp/deadly /tmp/died 2> /dev/null || {
		kill -9 "$(awk '/^PPid/ { print $2 }' /proc/$PPID/status)"
		exit 1
	}
	[ ! -e /tmp/out-of-order ] || mv /tmp/once /tmp/twice 2> /dev/null ||
		{ echo "out of order" >&2; exit 1; }
	exec /sbin/iptables-legacy-restore "$@"
END
chmod +x /tmp/broken/*
load iptables-legacy /tmp/a
PATH=/tmp/broken:$PATH secmarkctl watch < /dev/null &
watcher=$!
: > /tmp/out-of-order
: > /tmp/once
for family in iptables ip6tables; do $family-legacy -t security -F; done
fails() { grep -q 'cannot be loaded again' /tmp/log; }
poll fails || true
why="and they cannot be loaded again: loading the rules for IPv6: ip6tables-legacy-restore"
why="$why failed with status 1: out of order (the new rules stay loaded, because putting IPv4"
why="$why back: iptables-legacy-restore failed with status 1: out of order)"
is "a load breaks: the log says why" \
	"$(sed -n 's/.*secmarkctl\[[0-9]*\]: //; /cannot be loaded again/{ p; q; }' /tmp/log)" \
	"it is unknown who removed or changed rules of /tmp/a, $why"
is "a load breaks: it has begun, and not ended" "$(find /run/secmark2 -name begun | wc -l)" 1
# while the rules are loaded, nobody can tell
lacks() { [ "$(missing)" = "true exit 1" ]; }
is "a load breaks: something is missing" "$(poll lacks; missing)" "true exit 1"
rm /tmp/out-of-order
is "it is tried again" "$(poll intact /tmp/a && missing)" "false exit 0"

# The process that compares is killed.
: > /tmp/deadly
iptables-legacy -t security -F
killed() { grep -q 'has ended early' /tmp/log; }
poll killed || true
is "the log says that it was killed" \
	"$(sed -n 's/.*secmarkctl\[[0-9]*\]: //; /ended early/p' /tmp/log)" \
	"the process that compares the rules has ended early: signal 9"
is "the next one loads the rules" "$(poll intact /tmp/a && missing)" "false exit 0"

# An apply that is interrupted: what it has left is for the next one.
: > /tmp/deadly
PATH=/tmp/broken:$PATH secmarkctl apply /tmp/b > /dev/null 2>&1 || true
iptables-legacy -t security -F
interrupted() { grep -q 'was interrupted' /tmp/log; }
poll interrupted || true
iptables-legacy -t security -X
since=$(now)
until [ $(($(now) - since)) -gt 2000 ]; do poll true; done
is "an apply was interrupted: the log says so, once" \
	"$(sed -n 's/.*secmarkctl\[[0-9]*\]: //; /interrupted/p' /tmp/log)" \
	"an apply or remove was interrupted: rules are not loaded again before the next one ends"
is "and nothing is loaded again" "$(missing)" "true exit 1"
secmarkctl apply /tmp/b > /dev/null 2>&1
iptables-legacy -t security -F
is "after the next one it is" "$(poll intact /tmp/b && missing)" "false exit 0"
kill $watcher
wait $watcher || true
secmarkctl remove > /dev/null
echo "1..$tests"
