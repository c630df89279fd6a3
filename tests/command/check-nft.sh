#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# nft gets the right text for a plan, and can load it: golden/nft/NAME.plan gives NAME.nft (UPDATE=1
# writes that). An ordinary host has no SELinux; there packet marks take the place of labels.
set -u

cd "${srcdir:-.}" || exit 1
tools=${builddir:-.}
failed=0 n=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# result NAME STATUS
result() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		failed=1
	fi
}

as_marks() {
	sed -E -e '/^\tsecmark/d' -e 's/: secmark$/: mark/' -e 's/ : "[A-Za-z0-9_]+"/ : 7/' \
		-e 's/meta secmark set "[A-Za-z0-9_]+"/meta mark set 7/' \
		-e 's/meta secmark set ct zone/meta mark set 0/' \
		-e 's/meta secmark/meta mark/g; s/ct secmark/ct mark/g'
}

loadable=
if unshare -rn nft -c 'add table inet secmark2' 2>/dev/null; then
	loadable=1
else
	echo "# nft cannot be asked here: only texts are compared"
fi
for plan in golden/nft/*.plan; do
	name=${plan##*/}
	name=${name%.plan}
	# the first line of a plan may have options, as a comment
	# shellcheck disable=SC2046 # words
	"$tools/nft-of-plan" $(sed -n '1s/^# options: //p' "$plan") "$plan" \
		> "$work/nft" 2> "$work/err"
	if [ -n "${UPDATE-}" ]; then
		cp "$work/nft" "golden/nft/$name.nft"
	fi
	diff -u "golden/nft/$name.nft" "$work/nft" && ! [ -s "$work/err" ]
	result "$name: the text" $?
	if [ -n "$loadable" ]; then
		as_marks < "$work/nft" > "$work/marks"
		unshare -rn nft -c -f "$work/marks" && ! grep -q secmark\ set "$work/marks"
		result "$name: nft takes it" $?
	fi
done

# The kernel takes minutes to load very many sets, so long plans have none.
lines() { # NUMBER PORTS
	awk -v n="$1" -v ports="$2" 'BEGIN {
		for (i = 0; i < n; i++) {
			to = ports == "ranges" ? "-" 7 * i + 200 : ""
			printf "forward a%d_t tcp %d%s from 10.0.0.1,10.1.%d.%d " \
				"to 10.0.0.1,10.2.0.1\n", i % 2, 7 * i, to, i / 250, i % 250
		}
	}'
}
lines 500 single > "$work/plan"
"$tools/nft-of-plan" "$work/plan" | grep -c 'ip saddr { .* } ip daddr { .* }' | grep -qx 500
result "500 lines with two lists have a set for each" $?
lines 2000 single > "$work/plan"
"$tools/nft-of-plan" "$work/plan" > "$work/nft"
[ "$(grep -c 'addr {' "$work/nft")" = 0 ] &&
	[ "$(grep -c 'goto prerouting_line' "$work/nft")" = 8000 ]
result "2000 lines have no sets, and 4 rules each for their networks" $?
lines 9300 ranges > "$work/plan"
"$tools/nft-of-plan" "$work/plan" > "$work/nft" 2> "$work/err"
[ $? = 1 ] && ! [ -s "$work/nft" ] &&
	grep -q "^$work/plan:8203: too many rules for nft: " "$work/err"
result "a plan that takes too long to load is refused, and the line is named" $?

# From load to remove, in a network namespace of our own.
if [ -n "$loadable" ]; then
	as_marks < golden/nft/qualified.nft > "$work/one"
	as_marks < golden/nft/ports.nft > "$work/two"
	unshare -rn sh guest/nft-backend.sh "$tools/nft-backend" "$work/one" "$work/two"
	result "load, recognize, remove" $?
fi
echo "1..$n"
exit $failed
