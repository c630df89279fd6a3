#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/promises): tests what secmarkctl apply, remove and
# diff promise about the rules of others, and about their own. Prints TAP.
set -eu
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

# not busybox's, which knows no namespaces
ip() { /sbin/ip "$@"; }

hide_module
plans
ip link set lo up
backends="nft iptables-legacy iptables-nft iptc"

place_of() {
	case $1 in
	nft) echo nft ;;
	iptables-nft) echo compat ;;
	*) echo legacy ;;
	esac
}

# Others' rules, in chains of theirs and in front of ours, with what they have counted.
others() { # -nft-restore or -legacy-restore
	for family in iptables ip6tables; do
		$family"$1" -c <<-END
			*security
			:OTHER - [0:0]
			[5:300] -A INPUT -i eth9 -j OTHER
			[7:700] -A OTHER -p udp -m udp --dport 9 -j MARK --set-xmark 0x1/0xffffffff
			COMMIT
			*mangle
			[6:600] -A POSTROUTING -p sctp -j ACCEPT
			COMMIT
		END
	done
}

# All that is not ours, with its counters; with an argument ours too.
saved() { # legacy or nft [all]
	{ iptables-"$1"-save -c; ip6tables-"$1"-save -c; } 2> /dev/null | sed '/^#/d' > /tmp/saved
	if [ -n "${2-}" ]; then cat /tmp/saved; else sed '/SECMARK2-/d' /tmp/saved; fi
}

twice() { # BACKEND
	runs "$1: a plan" 0 "/tmp/a: loaded by $1" "" secmarkctl apply --backend "$1" /tmp/a
	is "$1: the rules are where they belong" "$(places)" "$(place_of "$1") "
	ping -c 3 -i 0.1 127.0.0.1 > /dev/null
	case $1 in
	nft) before=$(nft -a list ruleset) ;;
	*) before=$(saved "$variant" all) ;;
	esac
	runs "$1: the same again" 0 "/tmp/a: already loaded by $1" "" secmarkctl apply /tmp/a
	case $1 in
	nft) is "$1: nothing has another handle" "$(nft -a list ruleset)" "$before" ;;
	*) is "$1: nothing that was counted is lost" "$(saved "$variant" all)" "$before" ;;
	esac
	runs "$1: no difference" 0 "" "" secmarkctl diff /tmp/a
	runs "$1: another plan" 0 "/tmp/b: loaded by $1" "" secmarkctl apply /tmp/b
	runs "$1: a difference" 1 \
		"-server web_server_packet_t tcp 80,8000-8010 from 192.0.2.0/24,2001:db8::/32
-client other_packet_t udp 53
-default server ping_packet_t
+server web_server_packet_t tcp 80,443
+client web_client_packet_t tcp 80" "" secmarkctl diff /tmp/a
	runs "$1: into the other table" 0 "/tmp/m: loaded by $1" "" secmarkctl apply /tmp/m
}

# Before and after: what secmarkctl leaves alone is everything.
no_trace() { # BACKEND
	state > /tmp/state.first
	twice "$1"
	runs "$1: away" 0 "removed" "" secmarkctl remove
	state > /tmp/state.last
	diff /tmp/state.first /tmp/state.last > /tmp/why && right=0 || right=1
	result "$right" "$1: no trace is left"
	is "$1: nor a folder" "$(find /run/secmark2 2> /dev/null)" ""
	runs "$1: away twice" 0 "nothing is loaded" "" secmarkctl remove
}

# The user's own jump, to the front and for some packets only.
move_jump() { # COMMAND: says how it looks now
	jump=$("$1-save" -t security | sed -n 's/^-A INPUT -j \(SECMARK2-[^ ]*\)$/\1/p')
	"$1" -t security -D INPUT -j "$jump"
	"$1" -t security -I INPUT 1 -i lo -j "$jump"
	echo "-A INPUT -i lo -j $jump"
}

conditions() { # what is said of that jump
	matched="'-A INPUT -i lo -j SECMARK2-INPUT'"
	[ "$1" != iptc ] || matched='a condition in INPUT'
	echo "secmarkctl: warning: IPv4, table security: only packets that match $matched" \
		"reach SECMARK2-INPUT and are labeled"
}

# A jump of the user's own, in a chain of the user's own that a hook leads to.
through_a_chain() { # BACKEND
	for family in iptables ip6tables; do
		$family-$variant -t security -N THEIRS
		$family-$variant -t security -A INPUT -j THEIRS
		$family-$variant -t security -A THEIRS -p udp
	done
	runs "$1: beside a chain of the user's own" 0 "/tmp/a: loaded by $1" "" \
		secmarkctl apply --backend "$1" /tmp/a
	for family in iptables ip6tables; do
		$family-$variant -t security -D INPUT -j SECMARK2-INPUT
		$family-$variant -t security -A THEIRS -j SECMARK2-INPUT
	done
	theirs=$(iptables-$variant-save -t security | grep -E '^-A (INPUT|THEIRS)')
	runs "$1: with the jump in that chain" 0 "/tmp/a: already loaded by $1" "" \
		secmarkctl apply /tmp/a
	runs "$1: another plan with the jump in that chain" 0 "/tmp/b: loaded by $1" "" \
		secmarkctl apply /tmp/b
	is "$1: the jump stays in that chain" \
		"$(iptables-$variant-save -t security | grep -E '^-A (INPUT|THEIRS)')" \
		"$theirs"
	runs "$1: removed from that chain" 0 "removed" "" secmarkctl remove
	is "$1: that chain stays" \
		"$(iptables-$variant-save -t security | grep -E '^-A (INPUT|THEIRS)')" \
		"$(echo "$theirs" | grep -v SECMARK2)"
	clear_others
}

among_others() { # BACKEND
	others -$variant-restore
	theirs=$(saved $variant)
	runs "$1: among others' rules" 0 "/tmp/a: loaded by $1" "" \
		secmarkctl apply --backend "$1" /tmp/a
	is "$1: others' rules and what they counted" "$(saved $variant)" "$theirs"
	is "$1: where others have rules ours end nothing" \
		"$(grep -c 'A SECMARK2-.*ACCEPT' /tmp/saved || true)" "0"
	is "$1: the jump comes last" \
		"$(iptables-$variant-save -t security | grep '^-A INPUT' | tail -n 1 |
			grep -c SECMARK2-)" 1
	moved=$(move_jump iptables-$variant)
	warning=$(conditions "$1")
	runs "$1: with a jump that was moved" 0 "/tmp/a: already loaded by $1" "$warning" \
		secmarkctl apply /tmp/a
	runs "$1: another plan with it" 0 "/tmp/b: loaded by $1" "$warning" secmarkctl apply /tmp/b
	is "$1: it stays where it is" \
		"$(iptables-$variant-save -t security | grep '^-A INPUT' | head -n 1)" \
		"$moved"
	is "$1: others' rules and what they counted, with another plan" \
		"$(saved $variant)" "$theirs"
	runs "$1: removed among others' rules" 0 "removed" "" secmarkctl remove
	is "$1: others' rules and what they counted, without ours" "$(saved $variant all)" "$theirs"
	clear_others
}

# A rule before ours keeps packets from them: the sentence names it if the command could print it.
warned() { # BACKEND RULE-OR-HOOK
	for family in iptables ip6tables; do
		$family-$variant -t security -A INPUT -p udp -j ACCEPT
	done
	runs "$1: a rule that ends the table before ours" 0 "/tmp/a: loaded by $1" "$2" \
		secmarkctl apply --backend "$1" /tmp/a
	runs "$1: removed behind it" 0 "removed" "" secmarkctl remove
	clear_others
}

ends() { # what is said of both families
	for family in 4 6; do
		if [ "$1" = iptc ]; then
			echo "secmarkctl: warning: IPv$family, table security:" \
				"packets that a rule of INPUT matches do not reach" \
				"SECMARK2-INPUT and are not labeled"
		else
			echo "secmarkctl: warning: IPv$family, table security:" \
				"packets that match '-A INPUT -p udp -j ACCEPT' do not reach" \
				"SECMARK2-INPUT and are not labeled"
		fi
	done
}

# Tables with all chains that rules of ours may need: as others' use of them would leave them.
make_tables() { # -nft-restore or -legacy-restore
	for family in iptables ip6tables; do
		printf '*%s\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n%sCOMMIT\n' \
			security '' mangle ':PREROUTING ACCEPT
:POSTROUTING ACCEPT
' | $family"$1"
	done
}

# Loads the printed text into a namespace of its own: its two halves by iptables-restore and
# ip6tables-restore, or all of it by nft.
load_printed() { # BACKEND
	if [ "$1" = nft ]; then
		nsenter --net=/run/netns/other nft -f /tmp/printed
	else
		sed '/^# IPv6/,$d' /tmp/printed |
			nsenter --net=/run/netns/other iptables-$variant-restore --noflush
		sed '1,/^# IPv6/d' /tmp/printed |
			nsenter --net=/run/netns/other ip6tables-$variant-restore --noflush
	fi
}

rules_in() { # NAMESPACE: ours, without what was counted, and nft's seal
	nsenter --net="$1" sh -c "iptables-$variant-save; ip6tables-$variant-save" 2> /dev/null |
		awk '
		/^\*/ { table = $0 }
		/SECMARK2-/ { sub(/ \[[0-9:]*\]$/, ""); print table, $0 }'
	nsenter --net="$1" nft list ruleset 2> /dev/null | awk '
		/^table/ { ours = /^table inet secmark2 / }
		/^\tchain loaded / { skip = 1 }
		ours && !skip && NF
		/^\t}/ { skip = 0 }'
}

# What is printed is what is loaded.
printed() { # BACKEND
	ip netns add other
	for plan in a b m; do
		state > /tmp/state.before
		secmarkctl apply --dry-run --backend "$1" /tmp/$plan > /tmp/printed 2> /tmp/why
		state > /tmp/state.after
		diff /tmp/state.before /tmp/state.after > /tmp/why && right=0 || right=1
		result "$right" "$1, $plan: --dry-run changes nothing"
		load_printed "$1"
		secmarkctl apply --backend "$1" /tmp/$plan > /dev/null
		rules_in /proc/self/ns/net > /tmp/rules.here
		rules_in /run/netns/other > /tmp/rules.there
		diff /tmp/rules.here /tmp/rules.there > /tmp/why && right=0 || right=1
		result "$right" "$1, $plan: --dry-run prints what is loaded"
		secmarkctl remove > /dev/null
		ip netns del other
		ip netns add other
	done
	ip netns del other
}

# A new one that has the old one's inode: that is free once the kernel has cleared up.
is_reborn() {
	ip netns del other
	ip netns add other
	[ "$(stat -L -c %i /run/netns/other)" = "$inode" ]
}

# Each namespace has rules and a record of its own, and the next one gets nobody's.
namespaces() {
	ip netns add other
	there="nsenter --net=/run/netns/other"
	secmarkctl apply --backend nft /tmp/a > /dev/null
	state > /tmp/state.before
	# shellcheck disable=SC2086 # words
	{
		runs "another namespace: nothing is loaded there" 1 "" \
			"secmarkctl: no plan is loaded in this network namespace" \
			$there secmarkctl diff /tmp/a
		runs "another namespace: a plan of its own" 0 "/tmp/b: loaded by iptc" "" \
			$there secmarkctl apply --backend iptc /tmp/b
		runs "another namespace: it stays" 0 "" "" $there secmarkctl diff /tmp/b
		runs "another namespace: and ours here" 0 "" "" secmarkctl diff /tmp/a
		runs "another namespace: removed there" 0 "removed" "" $there secmarkctl remove
	}
	state > /tmp/state.after
	diff /tmp/state.before /tmp/state.after > /tmp/why && right=0 || right=1
	result "$right" "another namespace: nothing has changed here"
	$there secmarkctl apply --backend nft /tmp/b > /dev/null
	inode=$(stat -L -c %i /run/netns/other)
	poll is_reborn || true
	# shellcheck disable=SC2086 # words
	runs "a new namespace does not inherit the record of one that is gone" 1 "" \
		"secmarkctl: no plan is loaded in this network namespace" \
		$there secmarkctl diff /tmp/b
	ip netns del other
	secmarkctl remove > /dev/null
	is "the record of a namespace that is gone goes too" "$(find /run/secmark2 2> /dev/null)" ""
}

records() { # how many there are after the next run here
	secmarkctl apply /tmp/a > /dev/null
	find /run/secmark2 -name loaded | wc -l
}

# A record stays as long as somebody can get into its namespace.
kept_records() {
	ip netns add other
	$there secmarkctl apply --backend nft /tmp/b > /dev/null
	secmarkctl apply --backend nft /tmp/a > /dev/null
	is "a record stays while its namespace has a name" "$(records)" 2
	$there tail -f /dev/null &
	inhabitant=$!
	poll is_inside $inhabitant
	ip netns del other
	is "a record stays while a process is in its namespace" "$(records)" 2
	exec 6< /proc/$inhabitant/ns/net
	kill $inhabitant
	wait $inhabitant 2> /dev/null || true
	is "a record stays while a process has its namespace open" "$(records)" 2
	runs "a record that has stayed is still right" 0 "" "" \
		nsenter --net=/proc/self/fd/6 secmarkctl diff /tmp/b
	exec 6<&-
	is "a record goes when nobody can get into its namespace" "$(records)" 1
	secmarkctl remove > /dev/null
}

is_inside() { [ "$(stat -L -c %i /proc/"$1"/ns/net)" = "$(stat -L -c %i /run/netns/other)" ]; }

# Before Linux 5.14 a namespace has no number of its own, SO_NETNS_COOKIE: then its inode has to do.
without_cookies() {
	old="$there strace -qq -o /dev/null -e inject=getsockopt:error=ENOPROTOOPT"
	ip netns add other
	inode=$(stat -L -c %i /run/netns/other)
	# shellcheck disable=SC2086 # words
	{
		runs "without cookies: a plan" 0 "/tmp/b: loaded by nft" "" \
			$old secmarkctl apply --backend nft /tmp/b
		is "without cookies: the record has the inode" "$(ls /run/secmark2)" "inode-$inode"
		runs "without cookies: no difference" 0 "" "" $old secmarkctl diff /tmp/b
		poll is_reborn
		runs "without cookies: a new namespace does not inherit a record" 1 "" \
			"secmarkctl: no plan is loaded in this network namespace" \
			$old secmarkctl diff /tmp/b
		runs "without cookies: nor what to remove" 0 "nothing is loaded" "" \
			$old secmarkctl remove
	}
	ip netns del other
	is "without cookies: no folder is left" "$(find /run/secmark2 2> /dev/null)" ""
}

# The other backend's rules go once the new ones are there.
change() { # FROM TO
	secmarkctl apply --backend "$1" /tmp/a > /dev/null || true
	said="loaded by"
	[ "$(place_of "$1")" != "$(place_of "$2")" ] || said="already loaded by"
	runs "$1, then $2" 0 "/tmp/a: $said $2" "" secmarkctl apply --backend "$2" /tmp/a
	is "$1, then $2: only those are left" "$(places)" "$(place_of "$2") "
}

all_of() { # BACKEND
	case $1 in iptables-nft) variant=nft ;; *) variant=legacy ;; esac
	printed "$1"
	[ "$1" = nft ] || make_tables -$variant-restore
	no_trace "$1"
	[ "$1" != nft ] || return 0
	among_others "$1"
	through_a_chain "$1"
	warned "$1" "$(ends "$1")"
}

for backend in $backends; do
	all_of "$backend"
done
for one in $backends; do
	for two in $backends; do
		[ "$one" = "$two" ] || change "$one" "$two"
	done
done
runs "whoever has loaded them" 0 "removed" "" secmarkctl remove
clear_others
namespaces
kept_records
without_cookies
echo "1..$tests"
