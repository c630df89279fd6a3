#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What reading a plan says, against golden files: golden/plan/NAME.plan beside
# NAME.expected. "check-plan.sh --update" in the build's folder tests/ writes these anew.
set -eu

program=$(pwd)/plan_golden
golden=${srcdir:-.}/golden/plan
status=0
answer=$(pwd)/check-plan.tmp
trap 'rm -f "$answer"' EXIT
# messages of the C library stand in them
LC_ALL=C
export LC_ALL
# messages name files as they are named on the command line
cd "$golden"
for plan in *.plan; do
	expected=${plan%.plan}.expected
	"$program" "$plan" > "$answer" || { echo "$plan: exit $?"; status=1; }
	if [ "${1-}" = --update ]; then
		cp "$answer" "$expected"
	else
		diff -u "$expected" "$answer" || status=1
	fi
done
"$program" - < good.plan | diff -u good.expected - || status=1
exit $status
