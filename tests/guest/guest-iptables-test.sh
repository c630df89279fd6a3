#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/iptables-test): iptables' own test runner with the
# .t files of our plugins. It takes every .t file. Prints TAP.
set -eu

files=/etc/secmark2/files
read -r python < "$files/python-program"
export PYTHONHOME="$files/python" PYTHONDONTWRITEBYTECODE=1
export XTABLES_LIBDIR=/usr/lib/secmark2/xtables:/usr/lib/secmark2/stock
export PATH="$PATH:/usr/sbin"
mkdir -p /tmp/iptables/extensions
cd /tmp/iptables
cp /etc/secmark2/*.t extensions/
# the runner of 1.8.11 looks for extensions/ beside itself
cp "$files/iptables-test.py" .
tests=$(cat extensions/*.t | grep -c ';')

echo 1..2
number=0
bad=0
for variant in legacy nft; do
	number=$((number + 1))
	"$python" -S ./iptables-test.py --host --no-netns --$variant > said 2>&1 || true
	# the runner of 1.8.11 runs each file with iptables and with ip6tables
	all=$tests
	! grep -q 'OK(ip6tables)' said || all=$((2 * tests))
	if grep -q "^$variant: .* $all unit tests, $all passed" said &&
		! grep -q ERROR said; then
		echo "ok $number - the .t files pass in iptables' own test runner ($variant)"
	else
		echo "not ok $number - the .t files pass in iptables' own test runner ($variant)"
		sed 's/^/# /' said
		tail -n 40 /tmp/iptables-test.log 2> /dev/null | sed 's/^/# /'
		bad=1
	fi
done
exit $bad
