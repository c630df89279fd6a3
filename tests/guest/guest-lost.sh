#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest-traffic.sh reads this, for its functions: the kernel has more records than a program reads,
# and leaves some out. "secmarkctl explain --follow" and "secmarkctl top" say so.
# shellcheck shell=sh
# shellcheck disable=SC2154 # guest-explain.sh and guest-traffic.sh have these variables

# A queue for a few records: audit leaves out what does not fit. Only sockets that are made
# meanwhile have it.
memory=/proc/sys/net/core/rmem_default
rmem=$(cat $memory)

# While the program does not run, come more denials than its queue has room for.
is_late() { # PID
	kill -STOP "$1"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		is_denied
	done
	kill -CONT "$1"
}

says_lost() {
	grep -q 'records are missing' /tmp/followed.err
}

# Starts it; it has told a first denial then.
begins_to_follow() { # COMMAND...
	: > /tmp/followed
	: > /tmp/followed.err
	"$@" secmarkctl explain --follow --plan "$plan" --policy "$policy" \
		> /tmp/followed 2> /tmp/followed.err &
	follower=$!
	poll follows
}

follows() {
	is_denied
	[ -s /tmp/followed ]
}

ends_to_follow() {
	kill $follower
	wait $follower 2> /dev/null || true
}

warning="secmarkctl: warning: records are missing here"
echo 4608 > $memory
begins_to_follow env
echo "$rmem" > $memory
is "explain --follow says nothing while it has all records" "$(cat /tmp/followed.err)" ""
is_late $follower
poll says_lost || true
ends_to_follow
is "explain --follow says that audit left records out" "$(cat /tmp/followed.err)" "$warning"

echo 4608 > $memory
secmarkctl top --once --json --interval 8 > /tmp/top.json 2> /tmp/top.err &
top=$!
poll is_waiting $top
echo "$rmem" > $memory
is_late $top
wait $top && status=0 || status=$?
is "top says that audit left records out" "$status|$(grep '"lost"' /tmp/top.json)|$(
	cat /tmp/top.err)" "0|  \"lost\": 1,|secmarkctl: 1 time, the kernel left records out: \
there are more denials"

# Who may not ask audit reads the kernel's log, in which new records overwrite old ones.
echo on > /proc/sys/kernel/printk_devkmsg
begins_to_follow "$files/guest-flows" without audit_read
kill -STOP $follower
line=$(printf '%0900d' 0)
for _ in $(seq 1000); do
	echo "<7>$line"
done > /dev/kmsg
kill -CONT $follower
poll says_lost || true
ends_to_follow
is "explain --follow says that the kernel's log has lost records" "$(cat /tmp/followed.err)" \
	"$warning"
