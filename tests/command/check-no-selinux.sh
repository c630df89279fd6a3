#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# On a machine without SELinux, apply and diff say why they fail. No rule can be loaded there, and
# apply tries none. status has one sentence, and not the warnings about packet checks.
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

# says TEXT COMMAND...: the command fails, and prints only TEXT, on standard error
says() {
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
unchecked="plan: 2 of 2 labels cannot be checked: SELinux has no policy loaded here"
for backend in nft iptables-legacy iptables-nft iptc; do
	says "$unchecked" secmarkctl apply --backend $backend plan
done
says "$unchecked" secmarkctl apply --dry-run plan
[ -n "$before" ] ||
	says "secmarkctl: no plan is loaded in this network namespace" secmarkctl diff plan
told=$(secmarkctl status | sed -n '/^$/,$p')
if [ "$told" != "
SELinux is disabled: no packet is checked." ]; then
	echo "status: $told"
	failed=1
fi
if [ "$(records)" != "$before" ]; then
	echo "something is on record: $(records)"
	failed=1
fi
exit $failed
