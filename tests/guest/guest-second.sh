#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/promises, with --icount): how soon secmarkctl watch
# has lost rules back, and what it costs while nothing is lost. The guest's clock counts
# instructions, one a nanosecond. Most machines are faster. Prints TAP.
set -eu
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

hide_module
plans
ip link set lo up
busybox syslogd -n -S -O /tmp/log &
poll test -S /dev/log
: > /tmp/log

now() { sed -n 's/^now at \([0-9]*\)[0-9]\{6\} nsecs/\1/p' /proc/timer_list; } # milliseconds

lines() { grep -c ': they are loaded again' /tmp/log || true; }

more() { [ "$(lines)" -gt "$before" ]; }

# back SENTENCE COMMAND: the line comes after the load has ended
back() {
	before=$(lines)
	eval "$2" > /dev/null 2>&1
	since=$(now)
	poll more || true
	took=$(($(now) - since))
	is "$1: back within a second ($took ms)" "$([ $took -lt 1000 ] && echo yes)" yes
	is "$1: all of them" "$(secmarkctl status > /dev/null 2>&1; echo $?)" 0
}

pause=0.02
secmarkctl watch < /dev/null &
watcher=$!
for backend in nft iptables-nft iptables-legacy iptc; do
	secmarkctl apply --backend $backend /tmp/a > /dev/null
	case $backend in
	*nft) loss='nft flush ruleset' ;;
	*) loss='iptables-legacy -t security -F' ;;
	esac
	back "$backend" "$loss"
	back "$backend, once more" "$loss"
done

# What it costs to watch. The first look at new rules is over when the log has nothing new.
secmarkctl apply --backend nft /tmp/a > /dev/null
nft add table ip other
nft add set ip other s '{ type ipv4_addr; }'
pause=3
used() { awk '{ print int($1 / 1000) }' /proc/$watcher/schedstat; } # microseconds
sleep "$pause"
before=$(used)
sleep "$pause"
idle=$(($(used) - before))
is "3 seconds without a change cost less than a millisecond ($idle us)" \
	"$([ $idle -lt 1000 ] && echo yes)" yes
before=$(used)
awk 'BEGIN {
	for (i = 0; i < 500; i++) {
		print "add element ip other s { 192.0.2.1 }"
		print "delete element ip other s { 192.0.2.1 }"
	}
}' | nft -i > /dev/null 2>&1
busy=$(($(used) - before))
is "1,000 changes by others, one by one, cost less than 30 milliseconds ($busy us)" \
	"$([ $busy -gt 0 ] && [ $busy -lt 30000 ] && echo yes)" yes
kill $watcher
wait $watcher || true
echo "1..$tests"
