#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# With too little memory, the commands that read logs and the machine say so. They are not killed by
# a signal, and print no part of an answer as if it were the whole one.
set -euo pipefail

# the sanitizers reserve terabytes
[ -z "${SANITIZED-}" ] || { echo "this cannot be tested with sanitizers"; exit 77; }
ctl=$(cd "${srcdir:-.}/golden/ctl" && pwd)
PATH=$(cd ../src && pwd):$PATH
LC_ALL=C
export PATH LC_ALL
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

# with_little COMPARED ARGUMENT...: gives secmarkctl more memory each time, until it has enough.
# COMPARED is "" if other processes of this machine change the answer.
with_little() {
	local compared=$1 kib status refused=0
	shift
	if ! secmarkctl "$@" > "$tmp/whole" 2> "$tmp/errors"; then
		echo "$*: fails without a limit: $(cat "$tmp/errors")"
		failed=1
		return
	fi
	for ((kib = 6000; kib < 200000; kib += 500)); do
		status=0
		(ulimit -v $kib && exec secmarkctl "$@") > "$tmp/out" 2> "$tmp/errors" || status=$?
		[ $status -ne 0 ] || break
		# 127: of the dynamic linker
		if { [ $status -ne 1 ] && [ $status -ne 127 ]; } || [ ! -s "$tmp/errors" ]; then
			echo "$*: with $kib KiB: status $status: $(cat "$tmp/errors")"
			failed=1
		fi
		if [ -s "$tmp/out" ]; then
			echo "$*: with $kib KiB: part of an answer: $(head -n 1 "$tmp/out")"
			failed=1
		fi
		[ $status -eq 127 ] || refused=$((refused + 1))
	done
	[ $refused -gt 0 ] || { echo "$*: nothing was refused"; failed=1; }
	if [ $status -ne 0 ] || { [ -n "$compared" ] && ! cmp "$tmp/whole" "$tmp/out"; }; then
		echo "$*: with $kib KiB: another answer"
		failed=1
	fi
}

echo 'server http_packet_t tcp 80' > "$tmp/plan"
with_little '' preflight --policy who.pol "$tmp/plan"
with_little '' learn --now --policy learn.pol
with_little yes learn --policy learn.pol --merge "$ctl/learn.plan" "$ctl/learn.audit"
with_little yes explain --policy explain.pol --plan "$ctl/explain.plan" "$ctl/explain-packet.audit"
exit $failed
