#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/promises): makes secmarkctl apply and remove fail,
# and tests what they say then, and that they change nothing. Prints TAP.
set -eu
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

hide_module
plans
setpriv=/usr/bin/setpriv

no_right="secmarkctl: cannot read the nft table inet secmark2: Operation not permitted"
no_right="$no_right (needs root, or CAP_NET_ADMIN)"
not_asked="/tmp/a: 2 of 2 labels cannot be checked:"
not_asked="$not_asked the running policy does not allow this process to ask"
no_relabel="the policy does not allow this process to give packets this label"
needs_relabel="it needs the permission relabelto of class packet"
busy="secmarkctl: another program holds /run/xtables.lock (waited for 10 seconds; try again)"

in_domain() { # TYPE COMMAND...
	(
		printf 'system_u:system_r:%s:s0' "$1" > /proc/self/attr/current
		shift
		exec "$@"
	)
}

nobody() { $setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
powerless() { $setpriv --bounding-set -net_admin,-net_raw --inh-caps -net_admin,-net_raw "$@"; }

# in a mount namespace of its own: shell text, then a command
elsewhere() {
	text=$1
	shift
	unshare -m sh -c "$text; exec \"\$@\"" sh "$@"
}

read_only_run() { elsewhere 'mount -o remount,ro,bind /run' "$@"; }

rights() {
	refuses "nobody may not apply" \
		"secmarkctl: /run/secmark2/N: Permission denied (root is needed)" \
		nobody secmarkctl apply /tmp/a
	refuses "nobody may not remove" \
		"secmarkctl: /run/secmark2/N: Permission denied (root is needed)" \
		nobody secmarkctl remove
	refuses "nobody may not confirm" \
		"secmarkctl: /run/secmark2/N: Permission denied (root is needed)" \
		nobody secmarkctl confirm
	for backend in nft iptables-legacy iptc; do
		refuses "$backend: root without CAP_NET_ADMIN" "$no_right" \
			powerless secmarkctl apply --backend $backend /tmp/a
	done
	said="secmarkctl: reading the rules of iptables-nft: Operation not permitted"
	refuses "iptables-nft: root without CAP_NET_ADMIN" \
		"$said (needs root, or CAP_NET_ADMIN)" \
		powerless secmarkctl apply --backend iptables-nft /tmp/a
	refuses "root without CAP_NET_ADMIN removes nothing" "$no_right" powerless secmarkctl remove
}

policy() {
	refuses "a domain that may not ask" "$not_asked" \
		in_domain iptables_noask_t secmarkctl apply /tmp/a
	refuses "a domain that may not give packets the labels" \
		"/tmp/a:1:8: $no_relabel: 'web_server_packet_t' ($needs_relabel)
/tmp/a:2:8: $no_relabel: 'web_client_packet_t' ($needs_relabel)
secmarkctl: nft cannot load this plan" \
		in_domain iptables_norelabel_t secmarkctl apply /tmp/a
	refuses "a domain that may nothing of that" "$not_asked" \
		in_domain plain_t secmarkctl apply /tmp/a
	echo 'server passing_packet_t tcp 80' > /tmp/passing
	runs "a type that the policy has" 0 "/tmp/passing: loaded by nft" "" \
		secmarkctl apply /tmp/passing
	dd if=/etc/secmark2/policy-reduced of=/sys/fs/selinux/load bs=4M 2> /dev/null
	said="/tmp/passing:1:8: type 'passing_packet_t' is not in the loaded policy:"
	refuses "a type that the policy has lost" \
		"$said 'passing_packet_t'" \
		secmarkctl apply /tmp/passing
	runs "another plan can be loaded" 0 "/tmp/a: loaded by nft" "" secmarkctl apply /tmp/a
	dd if=/etc/secmark2/policy of=/sys/fs/selinux/load bs=4M 2> /dev/null
}

plans_that_are_none() {
	refuses "no such plan" "/tmp/none: No such file or directory" secmarkctl apply /tmp/none
	refuses "a folder for a plan" "/tmp: Is a directory" secmarkctl apply /tmp
	chmod 0 /tmp/b
	refuses "a plan that cannot be read" "/tmp/b: Permission denied" \
		nobody secmarkctl apply /tmp/b
	chmod 644 /tmp/b
	refuses "a binary for a plan" \
		"/bin/busybox:1:1: control character \\x7f (a plan is plain text)" \
		secmarkctl apply /bin/busybox
	printf 'server web_server_packet_t tcp 80\0' > /tmp/zero
	refuses "a zero byte in a plan" \
		"/tmp/zero:1:34: control character \\x00 (a plan is plain text)" \
		secmarkctl apply /tmp/zero
}

streams() {
	refuses "standard output is closed: apply" \
		"secmarkctl: standard output: Bad file descriptor" \
		sh -c 'exec secmarkctl apply /tmp/b >&-'
	refuses "standard output is closed: remove" \
		"secmarkctl: standard output: Bad file descriptor" \
		sh -c 'exec secmarkctl remove >&-'
	refuses "standard input is closed" "<stdin>: Bad file descriptor" \
		sh -c 'exec secmarkctl apply - <&-'
	refuses "standard error is closed" "" sh -c 'exec secmarkctl apply /tmp/none 2>&-'
	runs "standard error is closed, and all is well" 0 "/tmp/b: loaded by nft" "" \
		sh -c 'exec secmarkctl apply /tmp/b 2>&-'
	runs "standard output is full" 1 "" "secmarkctl: standard output: No space left on device" \
		sh -c 'exec secmarkctl apply /tmp/a > /dev/full'
	runs "standard output was full, but the rules are loaded" 0 "" "" secmarkctl diff /tmp/a
}

disk() {
	refuses "/run is read-only" \
		"secmarkctl: /run/secmark2/N/new: Read-only file system" \
		read_only_run secmarkctl apply /tmp/b
	refuses "/run is read-only: remove" \
		"secmarkctl: /run/secmark2/N/new: Read-only file system" \
		read_only_run secmarkctl remove
	dd if=/dev/zero of=/run/fill bs=1M 2> /dev/null || true
	refuses "/run is full" \
		"secmarkctl: /run/secmark2/N/new: No space left on device" \
		secmarkctl apply /tmp/b
	refuses "/run is full: remove" \
		"secmarkctl: /run/secmark2/N/new: No space left on device" \
		secmarkctl remove
	rm -f /run/fill
	folder=$(echo /run/secmark2/*)
	echo '{' > "$folder/loaded"
	damaged="secmarkctl: /run/secmark2/N/loaded is damaged"
	damaged="$damaged (secmarkctl remove deletes it, and the rules)"
	refuses "a damaged record" "$damaged" secmarkctl apply /tmp/b
	refuses "a damaged record: diff" "$damaged" secmarkctl diff /tmp/b
	runs "a damaged record is no obstacle to remove" 0 "removed" "" secmarkctl remove
	is "nothing is left of it" "$(places)$(find /run/secmark2 2> /dev/null)" ""
}

locks() {
	secmarkctl apply --backend iptables-legacy /tmp/a > /dev/null
	hold /run/xtables.lock
	said="secmarkctl: loading the rules for IPv4: iptables-legacy-restore failed with status 4:"
	said="$said Can't lock /run/xtables.lock: Resource temporarily unavailable"
	said="$said Another app is currently holding the xtables lock. Stopped waiting after 10s."
	said="$said (another program is changing rules; try again)"
	refuses "iptables-legacy: somebody has the xtables lock" "$said" secmarkctl apply /tmp/b
	refuses "iptc: somebody has the xtables lock" "$busy" secmarkctl apply --backend iptc /tmp/b
	refuses "remove: somebody has the xtables lock" "$busy" secmarkctl remove
	refuses "nft in place of them: somebody has the xtables lock" "$busy" \
		secmarkctl apply --backend nft /tmp/b
	let_go
	secmarkctl apply --backend nft /tmp/a > /dev/null
	hold /run/xtables.lock
	runs "nft does not need the xtables lock" 0 "/tmp/b: loaded by nft" "" \
		secmarkctl apply /tmp/b
	let_go
	hold "$(echo /run/secmark2/*)"
	said="secmarkctl: another secmarkctl is changing rules: it holds /run/secmark2/N"
	refuses "another secmarkctl changes rules" \
		"$said (waited for 10 seconds; try again)" \
		secmarkctl apply /tmp/a
	let_go
	secmarkctl remove > /dev/null
}

# IPv4 is committed when IPv6 fails.
second_family() {
	mkdir -p /tmp/broken
	printf '#!/bin/sh\necho "ip6tables-restore: out of order" >&2\nexit 1\n' \
		> /tmp/broken/ip6tables-legacy-restore
	cp /tmp/broken/ip6tables-legacy-restore /tmp/broken/ip6tables-nft-restore
	chmod +x /tmp/broken/*
	for backend in iptables-legacy iptables-nft; do
		said="secmarkctl: loading the rules for IPv6:"
		said="$said ip6$(echo $backend | sed s/ip//)-restore failed with status 1:"
		said="$said ip6tables-restore: out of order (IPv4 has its old rules back)"
		for plan in none a m; do
			[ $plan = none ] || secmarkctl apply --backend $backend /tmp/$plan \
				> /dev/null
			refuses "$backend: IPv6 fails, $plan was loaded" "$said" \
				env PATH="/tmp/broken:$PATH" \
				secmarkctl apply --backend $backend /tmp/b
		done
		# libiptc removes the rules of legacy tables, and netlink those of nf_tables
		runs "$backend: removing needs no command that works" 0 "removed" "" \
			env PATH="/tmp/broken:$PATH" secmarkctl remove
	done
}

# Which call of setsockopt(2) loads the table for IPv6: 0x40 is IP6T_SO_SET_REPLACE. Applies /tmp/b.
call_of_ipv6() {
	strace -o /tmp/calls -e trace=setsockopt secmarkctl apply --backend iptc /tmp/b > /dev/null
	grep -nE 'SOL_IPV6, (IP6T_SO_SET_REPLACE|0x40)' /tmp/calls | sed 's/:.*//;q'
}

# The kernel takes the table of IPv4 from libiptc, and not that of IPv6.
second_commit() {
	clear_others
	said="secmarkctl: loading the rules, IPv6, table security: Memory allocation problem"
	for plan in none a m; do
		secmarkctl remove > /dev/null
		[ $plan = none ] || secmarkctl apply --backend iptc /tmp/$plan > /dev/null
		call=$(call_of_ipv6)
		secmarkctl remove > /dev/null
		[ $plan = none ] || secmarkctl apply --backend iptc /tmp/$plan > /dev/null
		refuses "iptc: the kernel refuses the table of IPv6, $plan was loaded" \
			"$said (the tables that were changed before have their old rules back)" \
			strace -o /dev/null -e inject=setsockopt:error=ENOMEM:when="$call" \
			secmarkctl apply --backend iptc /tmp/b
	done
	secmarkctl remove > /dev/null
}

missing() {
	nft flush ruleset
	mkdir /tmp/away
	mv /sbin/iptables* /sbin/ip6tables* /tmp/away/
	refuses_there "no iptables" \
		"secmarkctl: iptables cannot be run: is it installed?" \
		secmarkctl apply --backend iptables /tmp/a
	refuses_there "no iptables-legacy" \
		"secmarkctl: iptables-legacy-save cannot be run: is it installed?" \
		secmarkctl apply --backend iptables-legacy /tmp/a
	refuses_there "no iptables-nft" \
		"secmarkctl: iptables-nft cannot be run: is it installed?" \
		secmarkctl apply --backend iptables-nft /tmp/a
	runs "no iptables command, but libiptc" 0 "/tmp/a: loaded by iptc" "" \
		secmarkctl apply --backend iptc /tmp/a
	runs "no iptables command to remove them with" 0 "removed" "" secmarkctl remove
	runs "no iptables command, and nothing that asks for it" 0 "/tmp/a: loaded by nft" "" \
		secmarkctl apply /tmp/a
	runs "no iptables command to remove nothing with" 0 "removed" "" secmarkctl remove
	mv /tmp/away/* /sbin/
	find /lib/modules -name 'nf_tables.ko*' -exec mv {} {}.hidden \;
	# shellcheck disable=SC2046 # words
	rmmod $(awk '/^nft_/ { print $1 }' /proc/modules) nf_tables
	runs "no nf_tables" 1 "" \
		"secmarkctl: cannot read the nft table inet secmark2: the kernel has no nf_tables" \
		secmarkctl apply --backend nft /tmp/a
	runs "no nf_tables: another backend is chosen" 0 "/tmp/a: loaded by iptc" \
		"backend iptc: there is no nf_tables, and the iptables command needs it
targets: the kernel's own; the table has no other rules" secmarkctl apply -v /tmp/a
	runs "no nf_tables to remove from" 0 "removed" "" secmarkctl remove
}

# As on a kernel that was built without it.
out_of_reach() { # MODULE...
	for module; do
		find /lib/modules -name "$module.ko*" -exec mv {} {}.hidden \;
		[ ! -e "/sys/module/$module" ] || rmmod "$module"
	done
}

in_reach() { # MODULE...
	for module; do
		find /lib/modules -name "$module.ko*.hidden" \
			-exec sh -c 'mv "$1" "${1%.hidden}"' sh {} \;
	done
}

all_rules() {
	iptables-legacy-save
	ip6tables-legacy-save
	iptables-nft-save
	ip6tables-nft-save
	nft list ruleset
} 2> /dev/null

# loads_less SENTENCE BACKEND PLAN WARNING PATTERN: it is loaded, but for rules with that in them
loads_less() {
	secmarkctl apply --backend "$2" "$3" > /dev/null 2>&1
	is "$1: there are rules of that kind in other kernels" \
		"$(all_rules | grep -qE -e "$5" && echo some)" some
	secmarkctl remove > /dev/null
	# shellcheck disable=SC2086 # words
	out_of_reach $modules
	runs "$1: apply" 0 "$3: loaded by $2" "$4" secmarkctl apply --backend "$2" "$3"
	is "$1: only the rest is loaded" "$(all_rules | grep -cE -e "$5")" 0
	runs "$1: apply again" 0 "$3: already loaded by $2" "$4" \
		secmarkctl apply --backend "$2" "$3"
	secmarkctl remove > /dev/null
	# shellcheck disable=SC2086 # words
	in_reach $modules
}

lacks() {
	secmarkctl remove > /dev/null
	needs="(the kernel has no"
	less="warning: data connections of FTP get the label of their own port,"
	less="$less not that of the control connection $needs match 'helper':"
	less="$less CONFIG_NETFILTER_XT_MATCH_HELPER)"
	out="/tmp/m:2:1: warning: this line is left out: forwarded packets get no label:"
	out="$out 'forward web_server_packet_t tcp 80 to 192.0.2.0/24,2001:db8::/32'"
	printf 'server web_server_packet_t tcp 80\nserver ping_packet_t sctp 80\n' > /tmp/sctp
	for backend in iptables-legacy iptables-nft iptc; do
		modules=xt_helper
		loads_less "$backend: no xt_helper" $backend /tmp/a "/tmp/a: $less" '--helper ftp'
		modules=xt_addrtype
		loads_less "$backend: no xt_addrtype" $backend /tmp/m \
			"$out $needs match 'addrtype': CONFIG_NETFILTER_XT_MATCH_ADDRTYPE)" \
			'-j SECMARK2-PREROUTING'
		lacks_needed $backend
	done
	modules="nft_fib_inet nft_fib_ipv4 nft_fib_ipv6 nft_fib"
	loads_less "nft: no nft_fib" nft /tmp/m \
		"$out $needs expression 'fib': CONFIG_NFT_FIB_INET)" \
		'goto to_host'
	# shellcheck disable=SC2086 # words
	out_of_reach $modules
	echo 'default forward web_server_packet_t' > /tmp/forward
	said="/tmp/forward:1:1: this line is left out: forwarded packets get no label:"
	said="$said 'default forward web_server_packet_t'"
	refuses "nft: no nft_fib, and only lines that need it" \
		"$said $needs expression 'fib': CONFIG_NFT_FIB_INET)
secmarkctl: nft cannot load this plan" \
		secmarkctl apply --backend nft /tmp/forward
	# shellcheck disable=SC2086 # words
	in_reach $modules
}

lacks_needed() { # BACKEND
	while read -r module plan what option; do
		out_of_reach "$module"
		said="secmarkctl: the kernel has no $what '${module#xt_}', which the rules need"
		refuses "$1: no $module" \
			"$said (build it with CONFIG_NETFILTER_XT_$option, or use nft)" \
			secmarkctl apply --backend "$1" "/tmp/$plan"
		in_reach "$module"
	done <<-END
		xt_conntrack a match MATCH_CONNTRACK
		xt_SECMARK a target TARGET_SECMARK
		xt_CONNSECMARK a target TARGET_CONNSECMARK
		xt_multiport sctp match MATCH_MULTIPORT
	END
	runs "$1: sctp has no ports elsewhere" 0 "/tmp/a: loaded by $1" "" \
		secmarkctl apply --backend "$1" /tmp/a
	secmarkctl remove > /dev/null
}

refuses_there() { # where there is no iptables-save to look with
	reason=$1 text=$2
	shift 2
	runs "$reason" 1 "" "$text" "$@"
	is "$reason: nothing is changed" "$(nft list ruleset)$(find /run/secmark2 2> /dev/null)" ""
}

# iptables, without what modprobe and libxtables say before our plugin says it
errors_of() {
	status=0
	"$@" 2> /tmp/errors-of || status=$?
	grep -vE '^(modprobe: |Warning: Extension )' /tmp/errors-of >&2 || true
	return $status
}

# The kernel has the module, and iptables cannot ask for it.
no_tables() {
	secmarkctl remove > /dev/null
	nft flush ruleset
	out_of_reach iptable_filter iptable_nat iptable_raw iptable_mangle iptable_security \
		ip_tables
	insmod "$(find /lib/modules -name xt_secmark2.ko.hidden | head -n 1)"
	refuses_rules iptables-legacy "this kernel has no legacy tables; use iptables-nft"
	runs "iptables-nft without legacy tables" 0 "" "" \
		iptables-nft -t security -A INPUT -j SECMARK2 --seltype web_server_packet_t --save
	nft flush ruleset
	out_of_reach nft_compat
	refuses_rules iptables-nft "nf_tables of this kernel take no extensions of iptables$(
	) (build it with CONFIG_NFT_COMPAT)"
	rmmod xt_secmark2
	in_reach iptable_filter iptable_nat iptable_raw iptable_mangle iptable_security ip_tables \
		nft_compat
}

refuses_rules() { # COMMAND REASON
	while read -r name rule; do
		# shellcheck disable=SC2086 # words
		runs "$1, where it cannot ask for the module: $rule" 1 "" \
			"$($1 -V): $name: $2" \
			errors_of "$1" -t security -A INPUT $rule
	done <<-END
		SECMARK2 -j SECMARK2 --seltype web_server_packet_t
		SECMARK2 -j SECMARK2 --seltype web_server_packet_t --save
		CONNSECMARK2 -j CONNSECMARK2 --restore --accept
		secmark2 -m secmark2 --labeled
	END
}

rights
policy
plans_that_are_none
streams
disk
locks
second_family
second_commit
no_tables
lacks
missing
echo "1..$tests"
