#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/promises): counts by strace how often secmarkctl
# reads what is loaded; tests that it notices a change after it has read. Prints TAP.
set -eu
# shellcheck source=tests/guest/guest-tap.sh
. /etc/secmark2/files/guest-tap.sh

hide_module
plans
ip link set lo up

# Each fingerprint of the nft table begins with a dump of the tables of the family inet
# (NFPROTO_INET, 1). strace calls that family AF_UNIX; libnftables and iptables-nft dump other
# families. If strace cannot find out the protocol of the socket, it has no names for a message:
# then 0xa01 is NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE.
type='nlmsg_type=(0xa01 |NFNL_SUBSYS_NFTABLES<<8\|NFT_MSG_GETTABLE,)'
fingerprint="$type.*nlmsg_flags=NLM_F_REQUEST\|(0x300|NLM_F_DUMP),"
fingerprint="$fingerprint.*(\"\\\\x01\\\\x00|nfgen_family=AF_UNIX)"

count() { # REGEX: in all processes of the run
	cat /tmp/asked/* | grep -cE "$1" || true
}

started() { # PROGRAM
	count "^execve\\(\"(/usr)?/sbin/$1\".* = 0\$"
}

traced() {
	rm -rf /tmp/asked
	mkdir /tmp/asked
	strace -ff -o /tmp/asked/process -e trace=execve,sendto "$@"
}

# Somebody confirms at once.
confirmed() {
	: > /tmp/confirmed
	traced secmarkctl apply --confirm 300 "$@" > /tmp/confirmed 2>&1 &
	asker=$!
	poll grep -q 'unless you run' /tmp/confirmed || echo "nothing was asked"
	secmarkctl confirm > /dev/null
	wait $asker
	head -n 1 /tmp/confirmed
}

# asks SENTENCE NFT RESTORE LEGACY-SAVE OUTPUT COMMAND...: how many fingerprints of the nft table,
# and how many starts of each program for each family
asks() {
	sentence=$1 want="nft $2, iptables-nft-restore $3+$3, iptables-legacy-save $4+$4" said=$5
	shift 5
	"$@" > /tmp/said 2>&1 || echo "exit status $?" >> /tmp/said
	have=$(printf 'nft %s, iptables-nft-restore %s+%s, iptables-legacy-save %s+%s' \
		"$(count "$fingerprint")" \
		"$(started iptables-nft-restore)" "$(started ip6tables-nft-restore)" \
		"$(started iptables-legacy-save)" "$(started ip6tables-legacy-save)")
	is "$sentence" "$(cat /tmp/said): $have" "$said: $want"
}

# secmarkctl reads every place once: the nft table, the legacy tables (libiptc starts no program)
# and the tables of iptables-nft (netlink starts none either). It reads more for these reasons
# alone:
# - the nft table after a load: its seal has the fingerprint of what has been loaded;
# - the rules in chains of ours that are in nf_tables: iptables-nft-restore lists them. It also
#   loads them, and lists them after that: the record gets a hash only of rules that are those of
#   the plan. So a first load starts it twice, and a load over other rules three times;
# - the legacy tables, if the backend loads by the command: it compares their text. Nothing says
#   whether others have changed them since, so it reads them again before it loads.
# Where no legacy table exists yet, none is read.
# numbers BACKEND NFT-TO-LOAD LEGACY-TO-COMPARE LEGACY-TO-LOAD NFT-FOR-DIFF RESTORE-TO-DO-ONE
numbers() {
	apply="traced secmarkctl apply" one=$6
	# shellcheck disable=SC2086 # words
	{
		asks "$1: the first plan" "$2" $((2 * one)) 0 "/tmp/a: loaded by $1" \
			$apply --backend "$1" /tmp/a
		asks "$1: the same plan" 1 $one "$4" "/tmp/a: already loaded by $1" $apply /tmp/a
		asks "$1: another plan" "$2" $((3 * one)) "$4" "/tmp/b: loaded by $1" \
			$apply /tmp/b
		asks "$1: the same plan, with --confirm" 1 $one "$4" \
			"/tmp/b: already loaded by $1" $apply --confirm 300 /tmp/b
	}
	asks "$1: another plan, with --confirm" "$2" $((3 * one)) "$4" "/tmp/a: loaded by $1" \
		confirmed /tmp/a
	secmarkctl remove > /dev/null
	asks "$1: the first plan, with --confirm" "$2" $((2 * one)) "$4" "/tmp/a: loaded by $1" \
		confirmed --backend "$1" /tmp/a
	asks "$1: diff" "$5" "$one" "$3" "" traced secmarkctl diff /tmp/a
	asks "$1: remove" 1 "$one" 0 "removed" traced secmarkctl remove
	asks "$1: remove where nothing is loaded" 1 0 0 "nothing is loaded" \
		traced secmarkctl remove
}

# A load by nft is a transaction of nf_tables, after which what iptables-nft keeps may be different.
from_one_to_the_other() {
	asks "the best backend, with --confirm" 2 0 0 "/tmp/b: loaded by nft" confirmed /tmp/b
	secmarkctl apply --backend nft /tmp/a > /dev/null
	asks "from nft to iptables-nft" 1 2 0 "/tmp/a: loaded by iptables-nft" \
		traced secmarkctl apply --backend iptables-nft /tmp/a
	asks "from iptables-nft to nft" 2 1 0 "/tmp/a: loaded by nft" \
		traced secmarkctl apply --backend nft /tmp/a
	secmarkctl remove > /dev/null
}

# A program that first does something else. COMMAND runs after secmarkctl has read the rules, and
# before it changes them.
meddle() { # PROGRAM COMMAND...
	program=$1
	shift
	mkdir -p /tmp/meddle
	printf '#!/bin/sh\n%s\nexec /sbin/%s "$@"\n' "$*" "$program" > "/tmp/meddle/$program"
	chmod +x "/tmp/meddle/$program"
}

is_jumped_to() { # VARIANT: both families
	for family in iptables ip6tables; do
		"$family-$1-save" -t security | grep -c '^-A INPUT -j SECMARK2-INPUT$' || true
	done
}

meanwhile() { # VARIANT: somebody takes the jump to ours away
	secmarkctl apply --backend "iptables-$1" /tmp/a > /dev/null
	meddle "iptables-$1" "for f in iptables ip6tables; do" \
		"/sbin/\$f-$1 -t security -D INPUT -j SECMARK2-INPUT; done"
	PATH=/tmp/meddle:$PATH asks \
		"iptables-$1: somebody changes rules after they were read: they are read again" \
		1 "$2" "$3" "/tmp/a: loaded by iptables-$1" traced secmarkctl apply /tmp/a
	is "iptables-$1: and put right" "$(is_jumped_to "$1")" "1
1"
	rm -rf /tmp/meddle
	secmarkctl remove > /dev/null
}

meanwhile_nft() {
	secmarkctl apply --backend nft /tmp/a > /dev/null
	listed=$(nft list table inet secmark2 | grep -v comment)
	# a rest of ours, to be listed and removed
	iptables-nft -t security -N SECMARK2-REST
	ip6tables-nft -t security -N SECMARK2-REST
	meddle ip6tables-nft-restore nft insert rule inet secmark2 input accept
	PATH=/tmp/meddle:$PATH asks \
		"nft: somebody changes the table after it was read: it is read again" \
		3 1 0 "/tmp/a: loaded by nft" traced secmarkctl apply /tmp/a
	rm -rf /tmp/meddle
	is "nft: and put right" "$(nft list table inet secmark2 | grep -v comment)" "$listed"
	secmarkctl remove > /dev/null
}

numbers nft 2 0 0 1 0
numbers iptables-nft 1 0 0 0 1
numbers iptables-legacy 1 1 2 0 0
from_one_to_the_other
meanwhile nft 4 0
meanwhile legacy 0 2
meanwhile_nft
echo "1..$tests"
