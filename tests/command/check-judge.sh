#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The verdicts of the library on good and bad contexts are those of the golden files.
set -eu

golden=${srcdir:-.}/golden
status=0
for policy in mls nomls wide; do
	binary=$policy.pol
	[ -e "$binary" ] || binary=${policy}33.pol
	./judge "$binary" < "$golden/$policy.in" > "judge-$policy.tmp"
	diff -u "$golden/$policy.out" "judge-$policy.tmp" || status=1
	rm -f "judge-$policy.tmp"
done
if ./judge "$golden/mls.in" < /dev/null 2> judge-err.tmp; then
	echo "a text file was taken for a policy" >&2
	status=1
fi
echo "$golden/mls.in: not a kernel policy" |
	diff -u - judge-err.tmp || status=1
rm -f judge-err.tmp
exit $status
