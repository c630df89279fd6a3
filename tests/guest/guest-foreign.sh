#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/promises): rules of others that iptables cannot
# print, because nft made them, keep nobody from loading, judging and removing ours. Prints TAP.
set -eu
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

hide_module
plans
seed=${SEED:-1}

# All chains that iptables makes, so that only rules differ later.
tables() {
	nft flush ruleset
	for family in iptables ip6tables; do
		"$family-nft-restore" <<-END
			*filter
			:THEIRS - [0:0]
			COMMIT
			*security
			:THEIRS - [0:0]
			-A INPUT -p icmp -j THEIRS
			COMMIT
			*mangle
			:THEIRS - [0:0]
			COMMIT
		END
		for chain in INPUT OUTPUT; do
			for table in filter security mangle; do
				"$family-nft" -t $table -A $chain -p sctp
			done
		done
		"$family-nft" -t mangle -A PREROUTING -p sctp
	done
}

# What nf_tables has, line by line with its chain: ours, or all else. No program translates it.
listed() { # ours or theirs
	nft list ruleset 2> /dev/null | awk -v ours="$([ "$1" = ours ] && echo 1 || echo 0)" '
		/^#/ { next }
		/^table/ { table = $2 " " $3 }
		/^\tchain/ { chain = $2 }
		/^\t\t/ && !/^\t\ttype/ {
			gsub(/packets [0-9]+ bytes [0-9]+/, "")
			sub(/^\t\t/, "")
			is = table ~ /^ip6? (security|mangle)$/ &&
				(chain ~ /^SECMARK2-/ || /jump SECMARK2-/)
			if (is == ours)
				print table, chain ":", $0
		}' | sort -s -k 1,3
}

same_as() { # FILE: ours
	listed ours > /tmp/ours
	if diff "$1" /tmp/ours; then echo same; fi
}

quietly() { # what fails is told
	"$@" > /tmp/quiet 2>&1 || { echo "$*: status $?"; cat /tmp/quiet; }
}

# Plan b is loaded, but nobody confirms it. Prints what became of it; other words are in /tmp/quiet.
unconfirmed() {
	status=0
	secmarkctl apply --confirm 1 /tmp/b > /tmp/quiet 2>&1 < /dev/null || status=$?
	echo "status $status: $(sed -n -e 's/.* not confirmed; \(the old ones are back\)$/\1/p' \
		-e '/^\/tmp\/b: loaded by /p' /tmp/quiet | tr '\n' ';')"
}

is_back() { # BACKEND
	echo "status 1: /tmp/b: loaded by $1;the old ones are back;"
}

# All that secmarkctl does with rules. Prints what is not as it should be.
life() { # REFERENCE-A REFERENCE-B
	listed theirs > /tmp/theirs
	quietly secmarkctl apply --backend iptables-nft /tmp/b
	[ "$(same_as "$2")" = same ] || same_as "$2"
	quietly secmarkctl apply /tmp/a
	[ "$(same_as "$1")" = same ] || same_as "$1"
	quietly secmarkctl apply /tmp/a
	grep -q 'already loaded by iptables-nft' /tmp/quiet || cat /tmp/quiet
	quietly secmarkctl diff /tmp/a
	quietly secmarkctl show
	grep -q '^server web_server_packet_t tcp 80,443$' /tmp/quiet || cat /tmp/quiet
	quietly secmarkctl status
	grep -q '^  label rules: iptables-nft 9, ip6tables-nft 9 (ours), others none$' \
		/tmp/quiet || cat /tmp/quiet
	[ "$(unconfirmed)" = "$(is_back iptables-nft)" ] || cat /tmp/quiet
	[ "$(same_as "$1")" = same ] || { cat /tmp/quiet; same_as "$1"; }
	quietly secmarkctl remove
	grep -qx removed /tmp/quiet || cat /tmp/quiet
	listed ours
	listed theirs | diff /tmp/theirs -
}

# The same for rules that nft keeps: nothing of iptables-nft matters to them.
life_of_nft() {
	listed theirs > /tmp/theirs
	quietly secmarkctl apply --backend nft /tmp/a
	quietly secmarkctl diff /tmp/a
	[ "$(unconfirmed)" = "$(is_back nft)" ] || cat /tmp/quiet
	quietly secmarkctl diff /tmp/a
	quietly secmarkctl remove
	listed theirs | diff /tmp/theirs -
}

# How ours look without any trouble.
reference() { # FILE PLAN
	quietly secmarkctl apply --backend iptables-nft "$2"
	listed ours > "$1"
	quietly secmarkctl remove
}

# Rules that iptables misreads, leaves out, or dies of.
rules() {
	cat <<-'END'
		ip filter INPUT meta skuid 1000 accept
		ip filter INPUT meta mark set 3
		ip6 filter INPUT ip6 dscp 3 accept
		ip filter INPUT th dport 22 accept
		ip filter OUTPUT meta cgroup 3 accept
		ip security INPUT ct state established counter
		ip security INPUT meta skuid 1000 counter
		ip6 security OUTPUT meta mark set 3
		ip security THEIRS ip dscp 3 counter
		ip security INPUT tcp dport { 80, 443 } counter
		ip6 mangle PREROUTING th dport 22 counter
		ip mangle OUTPUT meta cgroup 3 counter
	END
}

each() {
	tables
	reference /tmp/ref.a /tmp/a
	reference /tmp/ref.b /tmp/b
	rules > /tmp/rules
	while read -r rule; do
		tables
		# shellcheck disable=SC2086 # words
		nft insert rule $rule
		life /tmp/ref.a /tmp/ref.b > /tmp/life || true
		is "$rule, before ours" "$(cat /tmp/life)" ""
	done < /tmp/rules
	while read -r rule; do
		# shellcheck disable=SC2086 # words
		nft add rule $rule
	done < /tmp/rules
	life /tmp/ref.a /tmp/ref.b > /tmp/life || true
	is "all of these at once" "$(cat /tmp/life)" ""
	life_of_nft > /tmp/life || true
	is "all of these at once, beside the nft table" "$(cat /tmp/life)" ""
}

# random COUNT: commands of nft for random rules, before or behind what is there
random() {
	seed=$((seed + 1))
	awk -v seed="$seed" -v count="$1" '
		function one(list,    n, word) {
			n = split(list, word, "|")
			return word[1 + int(rand() * n)]
		}
		BEGIN {
			srand(seed)
			match_ = "meta skuid 1000|meta mark 7|ip dscp 3|ip6 dscp 3|th dport 22" \
				"|tcp dport { 80, 443 }|meta cgroup 3|ct state established,new" \
				"|ct mark and 0xf == 3|ip ttl 64|iifname { \"eth8\", \"eth9\" }" \
				"|meta l4proto { tcp, udp }|udp length > 99|meta length 60-90" \
				"|rt classid 3|fib daddr type local|tcp flags syn / syn,ack" \
				"|socket transparent 1|limit rate 5/second" \
				"|ct original proto-dst 80|meta hour \"9:00\"-\"17:00\""
			do_ = "counter|accept|return|meta mark set 5|ct mark set meta mark" \
				"|log prefix \"x\"|jump THEIRS|meta priority set 1:2" \
				"|ip dscp set 4|notrack|counter log|queue num 3"
			for (i = 0; i < count; i++)
				print one("add|insert"), "rule", one("ip|ip6"), \
					one("filter|security|security|mangle"), \
					one("INPUT|OUTPUT|THEIRS"), one(match_), one(do_)
		}'
}

known() { # makes random rules; those that nft knows are in /tmp/known
	random 6 > /tmp/random
	while read -r rule; do
		! nft "$rule" 2> /dev/null || echo "$rule" >> /tmp/known
	done < /tmp/random
}

# With what is random before ours are loaded and afterwards, ours are whole and go wholly.
random_round() {
	tables
	: > /tmp/known
	known
	quietly secmarkctl apply --backend iptables-nft /tmp/b
	known
	[ -s /tmp/known ] || echo "nft knows none of these rules"
	listed theirs > /tmp/theirs
	quietly secmarkctl apply /tmp/a
	[ "$(same_as /tmp/ref.a)" = same ] || same_as /tmp/ref.a
	quietly secmarkctl diff /tmp/a
	quietly secmarkctl remove
	listed ours
	listed theirs | diff /tmp/theirs - || cat /tmp/known
}

at_random() {
	for round in 1 2 3 4 5 6; do
		random_round > /tmp/life || true
		is "rules at random, $round (SEED=$seed)" "$(cat /tmp/life)" ""
	done
}

# A rule of others in a chain of ours is a change of ours.
inside_ours() {
	tables
	secmarkctl apply --backend iptables-nft /tmp/a > /dev/null
	nft insert rule ip security SECMARK2-INPUT meta mark set 3
	runs "a rule of nft in a chain of ours is noticed" 1 \
		"the loaded rules differ from what apply would load now: the rules or this machine\
 have changed" "" secmarkctl diff /tmp/a
	runs "a rule of nft in a chain of ours: the same plan mends it" 0 \
		"/tmp/a: loaded by iptables-nft" "" secmarkctl apply /tmp/a
	is "a rule of nft in a chain of ours is away" "$(same_as /tmp/ref.a)" same
	nft insert rule ip security SECMARK2-INPUT meta mark set 3
	runs "a rule of nft in a chain of ours is no obstacle to remove" 0 removed "" \
		secmarkctl remove
	is "a rule of nft in a chain of ours: nothing is left" "$(listed ours)" ""
}

# The kernel deletes no chain that an element of a map leads to.
map_to_ours() {
	secmarkctl apply --backend iptables-nft /tmp/a > /dev/null
	nft 'insert rule ip security INPUT meta mark vmap { 1 : jump SECMARK2-INPUT }'
	said="secmarkctl: warning: IPv4, table security:"
	runs "a map decides before ours" 0 "/tmp/a: already loaded by iptables-nft" \
		"$said packets that match rule 1 of INPUT do not reach SECMARK2-INPUT and are not\
 labeled" \
		secmarkctl apply /tmp/a
	runs "a map that leads to ours" 0 "removed" \
		"$said chain SECMARK2-INPUT stays without rules: a map of others leads to it" \
		secmarkctl remove
	is "a map that leads to ours: no rule is left" \
		"$(listed ours | sed 's/mark vmap .*/vmap/')" "ip security INPUT: meta vmap"
	nft flush chain ip security INPUT
	runs "the map is gone" 0 "removed" "" secmarkctl remove
}

# The kernel refuses each of many deletions, and all that it says has to be heard.
map_to_many() {
	nft flush ruleset
	{
		echo "add table ip security"
		echo "add chain ip security INPUT { type filter hook input priority 50; }"
		seq 1000 | sed 's/.*/add chain ip security SECMARK2-&\
add rule ip security SECMARK2-& counter/'
		echo "add rule ip security INPUT meta mark vmap { $(seq 1000 |
			sed 's/.*/& : jump SECMARK2-&,/') }"
	} > /tmp/many
	nft -f /tmp/many
	secmarkctl remove > /tmp/quiet 2>&1 || cat /tmp/quiet
	is "a map that leads to a thousand chains: remove says so of each" \
		"$(grep -c 'IPv4, table security: chain SECMARK2-[0-9]* stays' /tmp/quiet)" 1000
	is "a map that leads to a thousand chains: no rule of ours is left" \
		"$(nft list ruleset | grep -c counter)" 0
	nft flush ruleset
	tables
}

# They are named like ours, but are in other tables.
named_like_ours() {
	tables
	nft "add table ip secmark2; add table inet secmark22;
		add chain inet secmark22 SECMARK2-INPUT;
		add rule inet secmark22 SECMARK2-INPUT counter; add chain ip filter SECMARK2-INPUT;
		add rule ip filter SECMARK2-INPUT counter; add table inet security;
		add chain inet security SECMARK2-INPUT"
	nft list ruleset > /tmp/named
	runs "what only has names like ours is not removed" 0 "nothing is loaded" "" \
		secmarkctl remove
	is "what only has names like ours is still there" \
		"$(nft list ruleset | diff /tmp/named -)" ""
	runs "a name that iptables cannot have" 0 "" "" nft add chain ip security \
		SECMARK2-THIS-NAME-IS-TOO-LONG-FOR-IPTABLES
	runs "a name that iptables cannot have is no obstacle" 0 \
		"/tmp/a: loaded by iptables-nft" "" secmarkctl apply --backend iptables-nft /tmp/a
	is "and it is gone" "$(same_as /tmp/ref.a)" same
	secmarkctl remove > /dev/null
}

# Only the process that owns a table may change it.
owned() {
	nft flush ruleset
	mkfifo /tmp/owner
	nft -i < /tmp/owner > /dev/null 2>&1 &
	owner=$!
	exec 7> /tmp/owner
	echo "add table ip security { flags owner; }" >&7
	poll nft list table ip security > /dev/null 2>&1
	runs "a table that is owned is no obstacle to nft" 0 "/tmp/a: loaded by nft" "" \
		secmarkctl apply --backend nft /tmp/a
	runs "a table that is owned is no obstacle to remove" 0 "removed" "" secmarkctl remove
	state > /tmp/state.before
	secmarkctl apply --backend iptables-nft /tmp/a 2> /tmp/said && echo "loaded" >> /tmp/said
	is "a table that is owned, and has to be changed" \
		"$(sed 's/.*(\(needs root\)/\1/' /tmp/said)" \
		"needs root, and that no other program owns the table)"
	state | diff /tmp/state.before - > /tmp/why && right=0 || right=1
	result "$right" "a table that is owned, and has to be changed: nothing is changed"
	exec 7>&-
	wait $owner || true
}

# Only rules that change the destination of packets are a reason to warn of it.
dnat() {
	nft flush ruleset
	said="/tmp/m: warning: forward lines do not label connections to an address of this host"
	said="$said that DNAT sends on (use nft)"
	while IFS='|' read -r warned table hook rule; do
		nft "table $table theirs { chain c { type nat hook $hook priority 0; }
			chain d { $rule; }; }"
		runs "nat by nft: $table $rule" 0 "/tmp/m: loaded by iptables-legacy" \
			"${warned:+$said}" secmarkctl apply --backend iptables-legacy /tmp/m
		nft delete table "$table" theirs
		secmarkctl remove > /dev/null
	done <<-END
		yes|ip|prerouting|ip daddr 192.0.2.1 dnat to 192.0.2.2
		yes|ip6|prerouting|dnat to 2001:db8::1
		yes|inet|prerouting|tcp dport 80 redirect to :8080
		yes|ip|prerouting|dnat to ip daddr map { 192.0.2.1 : 192.0.2.2 }
		|ip|postrouting|snat to 192.0.2.2
		|inet|postrouting|masquerade
	END
}

# What legacy tables have of ours, and of others in our table. iptables prints it.
legacy_rules() { # ours or theirs
	for family in iptables ip6tables; do
		"$family-legacy-save" -t security | sed "s/^[-:]/$family &/"
	done > /tmp/legacy
	if [ "$1" = ours ]; then grep -e SECMARK2- /tmp/legacy; else
		grep -e ' -A ' /tmp/legacy | grep -v SECMARK2-
	fi
}

# Rules of others that iptables cannot print, because a plugin of theirs is gone. From here on
# legacy tables exist, so this comes behind all of nf_tables.
no_plugin() {
	nft flush ruleset
	plugins=$(find / -xdev -name libxt_mark.so | sed 's,/[^/]*$,,')
	iptables-legacy -A INPUT -m mark --mark 7 -j ACCEPT
	mv "$plugins/libxt_mark.so" /tmp/
	runs "a rule of another table has no plugin: apply" 0 "/tmp/a: loaded by iptables-legacy" \
		"" secmarkctl apply --backend iptables-legacy /tmp/a
	runs "a rule of another table has no plugin: apply again" 0 \
		"/tmp/a: already loaded by iptables-legacy" "" secmarkctl apply /tmp/a
	is "a rule of another table has no plugin: status" \
		"$(secmarkctl status | grep 'label rules')" \
		"  label rules: iptables-legacy 9, ip6tables-legacy 9 (ours), others none"
	runs "a rule of another table has no plugin: remove" 0 "removed" "" secmarkctl remove
	mv /tmp/libxt_mark.so "$plugins"
	iptables-legacy -F INPUT
}

# In our own table, libiptc does what iptables cannot. All of it is as if iptables had done it.
no_plugin_for_ours() {
	for family in iptables ip6tables; do
		$family-legacy -t security -A FORWARD -m mark --mark 7 -j ACCEPT
		$family-legacy -t security -A INPUT -m mark --mark 8
	done
	legacy_rules theirs > /tmp/legacy.theirs
	secmarkctl apply --backend iptables-legacy /tmp/a > /dev/null
	legacy_rules ours > /tmp/legacy.ours
	is "iptables lists our rules" "$([ -s /tmp/legacy.ours ] && echo yes)" yes
	secmarkctl remove > /dev/null
	mv "$plugins/libxt_mark.so" /tmp/
	said="secmarkctl: warning: reading the rules: iptables-legacy-save failed with status 1:"
	said="$said Can't find library for match \`mark' (libiptc is used instead)"
	runs "a rule of our table has no plugin: apply" 0 "/tmp/b: loaded by iptables-legacy" \
		"$said" secmarkctl apply --backend iptables-legacy /tmp/b
	runs "a rule of our table has no plugin: another plan" 0 \
		"/tmp/a: loaded by iptables-legacy" "$said" secmarkctl apply /tmp/a
	runs "a rule of our table has no plugin: apply again" 0 \
		"/tmp/a: already loaded by iptables-legacy" "$said" secmarkctl apply /tmp/a
	runs "a rule of our table has no plugin: diff" 0 "" "" secmarkctl diff /tmp/a
	is "a rule of our table has no plugin: status" \
		"$(secmarkctl status | grep 'label rules')" \
		"  label rules: iptables-legacy 9, ip6tables-legacy 9 (ours), others none"
	is "a rule of our table has no plugin: nobody confirms" "$(unconfirmed)" \
		"$(is_back iptables-legacy)"
	runs "a rule of our table has no plugin: the old plan is back" 0 "" "" \
		secmarkctl diff /tmp/a
	mv /tmp/libxt_mark.so "$plugins"
	is "the plugin is back: the old rules are, too" \
		"$(legacy_rules ours | diff /tmp/legacy.ours -)" ""
	runs "the plugin is back: all is as it should be" 0 \
		"/tmp/a: already loaded by iptables-legacy" "" secmarkctl apply /tmp/a
	is "the plugin is back: rules of others are as before" \
		"$(legacy_rules theirs | diff /tmp/legacy.theirs -)" ""
	mv "$plugins/libxt_mark.so" /tmp/
	runs "a rule of our table has no plugin: remove" 0 "removed" "" secmarkctl remove
	mv /tmp/libxt_mark.so "$plugins"
	is "nothing of ours is left, and all of the others" \
		"$(legacy_rules ours; legacy_rules theirs | diff /tmp/legacy.theirs -)" ""
	for family in iptables ip6tables; do $family-legacy -t security -F; done
}

# An older iptables has made a jump to our chain. This one can print it, but not read it again.
old_revision() {
	printf 'table mangle\nserver web_server_packet_t tcp 80\n' > /tmp/t
	secmarkctl apply --backend iptables-legacy /tmp/a > /dev/null
	/etc/secmark2/files/old-rule INPUT SECMARK2-INPUT
	/etc/secmark2/files/old-rule FORWARD ACCEPT
	old="-A INPUT -m conntrack [unsupported revision] -j SECMARK2-INPUT"
	is "a jump of an old revision: iptables prints it" \
		"$(iptables-legacy -t security -S INPUT | tail -n 1)" "$old"
	said="secmarkctl: warning: reading the rules: iptables cannot print '$old'"
	runs "a jump of an old revision goes with its chain" 0 "/tmp/t: loaded by iptables-legacy" \
		"$said (libiptc is used instead)" secmarkctl apply /tmp/t
	is "a jump of an old revision: others stay" \
		"$(iptables-legacy-save -t security | grep -e -A)" \
		"-A FORWARD -m conntrack [unsupported revision] -j ACCEPT"
	runs "a rule of others of an old revision" 0 "/tmp/a: loaded by iptables-legacy" "" \
		secmarkctl apply /tmp/a
	secmarkctl remove > /dev/null
	iptables-legacy -t security -F
}

each
at_random
inside_ours
map_to_ours
map_to_many
named_like_ours
owned
dnat
no_plugin
no_plugin_for_ours
old_revision
echo "1..$tests"
