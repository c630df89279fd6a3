#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The questions that secmarkctl(8) lists: what setools answer, and "secmarkctl who", is the same.
# With DEBIAN_POLICY=FILE, the same for that policy.
# same() calls functions by their names
# shellcheck disable=SC2317
set -euo pipefail

for tool in sesearch seinfo; do
	command -v "$tool" > /dev/null || { echo "this needs $tool"; exit 77; }
done
PATH=$(cd ../src && pwd):$PATH
LC_ALL=C
export PATH LC_ALL
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

# Standard input has rules: prints them as lines "SOURCE TARGET PERMISSION CONDITION". sesearch
# prints those with a condition once for each permission. The words of the condition are sorted: the
# tools read its operands in different orders.
rules() {
	awk '
	function sorted(text, word, n, i, j, other) {
		gsub(/[!()]/, " & ", text)
		n = split(text, word, " ")
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && word[j] < word[j - 1]; j--) {
				other = word[j]
				word[j] = word[j - 1]
				word[j - 1] = other
			}
		text = ""
		for (i = 1; i <= n; i++)
			text = text " " word[i]
		return text
	}
	{
		from = $0
		sub(/^.*allow /, "", from)
		if (from == $0 || split(from, part, /[:;]/) < 3)
			next
		after = index(from, ";")
		condition = substr(from, after + 1)
		sub(/ #.*/, "", condition)
		permissions = substr(from, 1, after - 1)
		sub(/^[^ ]* [^:]*:packet /, "", permissions)
		gsub(/[{}]/, "", permissions)
		n = split(permissions, permission, " ")
		for (i = 1; i <= n; i++)
			print part[1], permission[i] sorted(condition)
	}' | sort -u
}
type_names() { sed -n 's/^\t\{0,1\}\([a-z][a-z0-9_]*\)\(: .*domains\{0,1\}\)\{0,1\}$/\1/p' | sort; }

# same QUESTION FILTER: standard output of these two functions
same() {
	local question=$1 of
	shift
	setools > "$tmp/setools.out"
	who > "$tmp/who.out"
	for of in setools who; do
		"$@" < "$tmp/$of.out" > "$tmp/$of"
	done
	[ -s "$tmp/who" ] || { echo "$policy: $question Nobody knows"; failed=1; }
	diff "$tmp/setools" "$tmp/who" > "$tmp/diff" && return
	echo "$policy: $question setools (<) and who (>) differ:"
	cat "$tmp/diff"
	failed=1
}
# who lists other rules of a domain that may do it anyway only if they count
always_send() { rules | grep ' send$'; }
send() { rules | grep ' send\b'; }
recv() { rules | grep ' recv\b'; }

# ask POLICY CLIENT-LABEL SERVER-LABEL DOMAIN BOOLEAN
ask() {
	local policy=$1 client=$2 server=$3 domain=$4 boolean=$5
	setools() { sesearch -A -t "$client" -c packet -p send "$policy"; }
	who() { secmarkctl who --policy "$policy" "$client"; }
	same "Who may send $client?" always_send
	setools() { sesearch -A -t "$server" -c packet -p recv "$policy"; }
	who() { secmarkctl who --policy "$policy" "$server"; }
	same "Who may receive $server?" recv
	setools() { sesearch -A -s "$domain" -c packet "$policy"; }
	who() { secmarkctl who --policy "$policy" --domain "$domain"; }
	same "Which labels may $domain use?" rules
	setools() { sesearch -A -t unlabeled_t -c packet -p send "$policy"; }
	who() { secmarkctl who --policy "$policy" unlabeled_t; }
	same "Who may send packets without a label?" send
	setools() { sesearch -A -c packet -b "$boolean" "$policy"; }
	who() { secmarkctl who --policy "$policy" | grep -w "$boolean"; }
	same "What does $boolean change?" rules
	setools() { seinfo -x -a packet_type "$policy"; }
	who() { secmarkctl who --policy "$policy"; }
	# rules have three more, which are not in the attribute
	same "Which types do packets have?" without_others
}
without_others() { type_names | grep -vxE 'unlabeled_t|outside_packet_t|corp_packet_t'; }

ask who.pol http_packet_t proxy_packet_t httpd_t httpd_connect
[ -z "${DEBIAN_POLICY-}" ] || ask "$DEBIAN_POLICY" http_client_packet_t ssh_server_packet_t \
	httpd_t httpd_can_network_relay
exit $failed
