#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# scripts/check-layering can fail: each include below is tried in a copy of the tree, and must be the one fault found.
set -eu

top=$(cd "${srcdir:-.}/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0

for room in lib src extensions kernel-tests; do
	(cd "$top" && find "$room" -name '*.[ch]') | while read -r file; do
		mkdir -p "$tmp/tree/${file%/*}"
		cp "$top/$file" "$tmp/tree/$file"
	done
done
"$top/scripts/check-layering" "$tmp/tree" || status=1

# refuses FILE HEADER WHY
refuses() {
	mkdir -p "$tmp/tree/${1%/*}"
	[ ! -f "$tmp/tree/$1" ] || cp "$tmp/tree/$1" "$tmp/kept"
	echo "#include \"$2\"" >> "$tmp/tree/$1"
	if "$top/scripts/check-layering" "$tmp/tree" > "$tmp/said"; then
		echo "$1 may include $2"
		status=1
	elif [ "$(cat "$tmp/said")" != "$1: includes \"$2\"${3:+: $3}" ]; then
		cat "$tmp/said"
		echo "expected: $1: includes \"$2\"${3:+: $3}"
		status=1
	fi
	if [ -f "$tmp/kept" ]; then mv "$tmp/kept" "$tmp/tree/$1"; else rm "$tmp/tree/$1"; fi
}

# what may end or print for a program has no place in a plugin
for header in util/alloc util/diag util/run util/buffer; do
	refuses extensions/seclabel.c "$header.h" "extensions may not include util"
done
refuses extensions/native.c plan/line.h "extensions may not include plan"
refuses extensions/native.c nosuch.h "no such header in this folder"
refuses lib/base/err.c util/alloc.h "lib/base may not include util"
refuses lib/plan/line.c selinux/oracle.h "lib/plan may not include selinux"
refuses lib/nft/match.c xtables/chain.h "lib/nft may not include xtables"
refuses lib/xtables/chain.c nft/match.h "lib/xtables may not include nft"
refuses lib/advise/check.c load/prepare.h "lib/advise may not include load"
refuses lib/load/load.c print.h "an include of lib names its folder"
refuses lib/base/err.c utf8.h "an include of lib names its folder"
refuses src/main.c cmd/apply.h "src may not include cmd"
refuses src/cmd/apply.c nosuch.h "no such header in this folder"
refuses lib/newroom/new.c base/err.h "the folder lib/newroom is not in the table of scripts/check-layering"
refuses kernel-tests/guest/init.c base/err.h "it is not a header of the harness"
exit $status
