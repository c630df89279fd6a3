# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For scripts that run in the guest of kernel-tests: TAP, and what commands say, to the letter.
tests=0

result() { # STATUS SENTENCE: what went wrong is in /tmp/why
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		sed 's/^/# /' /tmp/why
	fi
}

is() { # SENTENCE HAVE WANT
	printf 'have: %s\nwant: %s\n' "$2" "$3" > /tmp/why
	[ "$2" = "$3" ] && right=0 || right=1
	result "$right" "$1"
}

# The number of the folder says nothing.
numberless() {
	sed 's|/run/secmark2/[0-9][0-9]*|/run/secmark2/N|g' "$1"
}

# runs SENTENCE STATUS OUT ERR COMMAND...: what it prints, and how it exits
runs() {
	sentence=$1 want_status=$2 want_out=$3 want_err=$4
	shift 4
	status=0
	"$@" > /tmp/out 2> /tmp/err < "${stdin:-/dev/null}" || status=$?
	is "$sentence" "$(numberless /tmp/out)|$(numberless /tmp/err)|$status" \
		"$want_out|$want_err|$want_status"
}

# Prints all rules and chains, without their counters, and what is on record. A table without any of
# them counts as no table. Tables of iptables-nft are dropped from nft's list: iptables-nft-save has
# printed them already, and nft lists them in the order in which they came.
state() {
	for save in iptables-legacy-save ip6tables-legacy-save \
		iptables-nft-save ip6tables-nft-save; do
		echo "$save"
		$save 2> /dev/null | awk '
			/^\*/ { table = $1 }
			/^-A/ || / - \[/ { sub(/ \[[0-9:]*\]$/, ""); print table, $0 }'
	done
	nft list ruleset 2> /dev/null | awk '/^table/ { show = $2 !~ /^ip/ } show'
	# digest is a hash of the rules above, with handles that differ after each load
	[ ! -e /run/secmark2 ] || find /run/secmark2 -type f ! -name digest -exec md5sum {} +
}

# The same, and what the next boot loads.
state_and_boot() {
	state
	md5sum /var/lib/secmark2/* 2> /dev/null || true
}

# refuses SENTENCE ERR COMMAND...: it fails, says that, and has changed nothing
refuses() {
	state_and_boot > /tmp/state.before
	refusal=$1 reason=$2
	shift 2
	runs "$refusal" 1 "" "$reason" "$@"
	state_and_boot > /tmp/state.after
	diff /tmp/state.before /tmp/state.after > /tmp/why && right=0 || right=1
	result "$right" "$refusal: nothing is changed"
}

# Which of the places of rules has some of ours: words of "nft legacy compat".
places() {
	! nft list table inet secmark2 > /dev/null 2>&1 || printf 'nft '
	! { iptables-legacy-save; ip6tables-legacy-save; } | grep -q SECMARK2- || printf 'legacy '
	! { iptables-nft-save; ip6tables-nft-save; } 2> /dev/null | grep -q SECMARK2- ||
		printf 'compat '
}

# All rules go, ours as well.
clear_others() {
	nft flush ruleset
	for family in iptables ip6tables; do
		for table in security mangle; do
			$family-legacy -t $table -F
			$family-legacy -t $table -X
		done
	done
}

# Rules for the kernel's own targets, unless a script wants to have it otherwise.
hide_module() {
	find /lib/modules -name xt_secmark2.ko -exec mv {} {}.hidden \;
}

# Plans that have little in common.
plans() {
	cat > /tmp/a <<-END
		server web_server_packet_t tcp 80,443
		client web_client_packet_t tcp 80
	END
	cat > /tmp/b <<-END
		server web_server_packet_t tcp 80,8000-8010 from 192.0.2.0/24,2001:db8::/32
		client other_packet_t udp 53
		default server ping_packet_t
	END
	cat > /tmp/m <<-END
		table mangle
		forward web_server_packet_t tcp 80 to 192.0.2.0/24,2001:db8::/32
		server web_server_packet_t tcp 80
	END
}

pause=0.1
poll() { # COMMAND...: until it is true, for two minutes at most
	polls=0
	until "$@"; do
		[ $polls -lt 1200 ] || return 1
		polls=$((polls + 1))
		sleep "$pause"
	done
}

# PID NAME: its child of that name. awk fails if any process ends while it reads.
child() {
	awk -v parent="$1" -v name="$2" '
		FNR == 1 { is = $2 == name }
		/^PPid:/ && is && $2 == parent { split(FILENAME, path, "/"); print path[3] }' \
		/proc/[0-9]*/status 2> /dev/null || true
}

is_locked() { ! flock -n "$1" true; }

hold() { # FILE: keeps it locked until $holder is killed
	flock "$1" tail -f /dev/null &
	holder=$!
	poll is_locked "$1"
}

let_go() {
	kill "$(child "$holder" tail)" "$holder" 2> /dev/null || true
	wait "$holder" 2> /dev/null || true
}
