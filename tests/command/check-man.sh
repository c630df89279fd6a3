#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the manual pages show is true: the grammar of secmark2.plan(5) has the words that the
# parser knows, its plans have no error, and secmarkctl(8)'s examples can be typed.
set -euo pipefail

PATH=$(cd ../src && pwd):$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
	echo "$*"
	: > "$tmp/failed"
}

# section PAGE NAME: its lines between .nf and .fi, each block followed by an empty line
section() {
	awk -v name=".SH $2" '
		/^\.SH / { here = $0 == name }
		here && /^\.fi$/ { block = 0; print "" }
		block { print }
		here && /^\.nf$/ { block = 1 }' "../src/$1" | sed -e 's/\\-/-/g' -e 's/\\f[BIP]//g'
}

# Asks the parser what may stand in place of the last word.
expected() { # LINE
	secmarkctl check - <<< "$1" 2>&1 | sed -n 's/.*(expected \(.*\))$/\1/p' | sed 's/,//g; s/ or / /' | tr ' ' '\n' || true
}

{
	expected nonsense
	expected 'server a_t tcp 80 nonsense'
	expected 'forward a_t tcp 80 nonsense'
	expected 'server a_t nonsense'
	expected 'table nonsense'
	expected 'default nonsense'
	expected 'unlabeled nonsense'
	expected 'loopback nonsense'
} | sort -u > "$tmp/parser"
section secmark2.plan.5 GRAMMAR | grep -oE '"[a-z0-9]+"' | tr -d '"' | sort -u > "$tmp/grammar"
[ -s "$tmp/grammar" ] || fail 'secmark2.plan.5 has no grammar'
diff -u --label parser --label GRAMMAR "$tmp/parser" "$tmp/grammar" || fail 'the grammar has other words than the parser'

# plans NAME: writes each block of a section to a file of its own
plans() {
	section secmark2.plan.5 "$1" | awk -v to="$tmp/$1" '/^$/ { n++; next } { print > (to n + 1 ".plan") }'
}

plans DESCRIPTION
plans EXAMPLES
n=0
for plan in "$tmp"/*.plan; do
	n=$((n + 1))
	# no line of a flow on port 1 is needed: only what is said of the plan counts
	secmarkctl lookup "$plan" in tcp 192.0.2.1 1 2>&1 | grep -E '^[^ ]*:[0-9]+:[0-9]+:|cannot|No such' && fail "secmark2.plan.5 has a wrong plan" || true
done
[ $n -eq 4 ] || fail "secmark2.plan.5 has $n plans, 4 are expected"

# the answers of lookup are those of the first plan
mv "$tmp/DESCRIPTION1.plan" "$tmp/web.plan"
{ section secmarkctl.8 COMMANDS; section secmarkctl.8 EXAMPLES; } > "$tmp/typed"
n=0
while IFS= read -r line; do
	case $line in
	'$ secmarkctl lookup '*)
		IFS= read -r answer
		n=$((n + 1))
		[ "$(cd "$tmp" && bash -c "${line#??}" 2>&1)" = "$answer" ] || fail "another answer: $line"
		;;
	[#$]' secmarkctl '*)
		read -r -a words <<< "${line#??}"
		for word in "${words[@]:2}"; do
			[[ $word == --* ]] || continue
			grep -qE -- "(^|, | )$word( |$)" <(secmarkctl "${words[1]}" --help) || fail "no such option: $line"
		done
		secmarkctl "${words[1]}" --help > /dev/null || fail "no such command: $line"
		;;
	esac
done < "$tmp/typed"
[ $n -eq 2 ] || fail "secmarkctl.8 has $n lookups, 2 are expected"
[ ! -e "$tmp/failed" ]
