#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What nft gets for a plan: golden/nft/*.plan beside *.nft (UPDATE=1 writes those), and whether nft can load it. An
# ordinary host has no SELinux: there labels are replaced by packet marks.
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
		-e 's/meta secmark set "[A-Za-z0-9_]+"/meta mark set 7/; s/meta secmark set ct zone/meta mark set 0/' \
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
	"$tools/nft-of-plan" $(sed -n '1s/^# options: //p' "$plan") "$plan" > "$work/nft" 2> "$work/err"
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

# The way from load to remove, in a network namespace of our own.
if [ -n "$loadable" ]; then
	as_marks < golden/nft/qualified.nft > "$work/one"
	as_marks < golden/nft/ports.nft > "$work/two"
	unshare -rn sh guest/nft-backend.sh "$tools/nft-backend" "$work/one" "$work/two"
	result "load, know again, remove" $?
fi
echo "1..$n"
exit $failed
