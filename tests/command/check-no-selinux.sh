#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What apply and diff say on a machine without SELinux: no rule could be loaded there, and none is tried.
set -eu

PATH=$(cd ../src && pwd):$PATH
export PATH LC_ALL=C
if grep -q : /proc/self/attr/current 2> /dev/null; then
	echo "this machine has SELinux"
	exit 77
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
failed=0

says() { # TEXT COMMAND...: it fails with that, and prints nothing
	want=$1
	shift
	status=0
	"$@" > out 2> err || status=$?
	if [ "$(cat err)|$(cat out)|$status" != "$want||1" ]; then
		echo "$*: $(cat err)|$(cat out)|$status, not $want"
		failed=1
	fi
}

records() { find /run/secmark2 2> /dev/null || true; }

printf 'server web_server_packet_t tcp 80\nclient web_client_packet_t tcp 80\n' > plan
before=$(records)
for backend in nft iptables-legacy iptables-nft iptc; do
	says "plan: 2 of 2 labels cannot be checked: SELinux has no policy loaded here" secmarkctl apply --backend $backend plan
done
says "plan: 2 of 2 labels cannot be checked: SELinux has no policy loaded here" secmarkctl apply --dry-run plan
[ -n "$before" ] || says "secmarkctl: no plan is loaded in this network namespace" secmarkctl diff plan
if [ "$(records)" != "$before" ]; then
	echo "something is on record: $(records)"
	failed=1
fi
exit $failed
