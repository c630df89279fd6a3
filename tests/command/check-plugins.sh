#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the plugins say of bad options, and what they print of good ones, in
# iptables-translate, which needs neither root nor a kernel with SELinux.
# golden/plugins.txt has the commands and the exact answers, golden/drop-in.txt
# those of the drop-in plugins, where they are built. Where valgrind is
# installed and the build has no sanitizers, all runs once more under it.
set -euo pipefail

if [ -e /sys/fs/selinux/policy ]; then
	echo "the answers would be those of the policy of this machine; the kernel tests have them instead"
	exit 77
fi

XTABLES_LIBDIR=
export XTABLES_LIBDIR
if [ -n "$SANITIZED" ]; then
	LD_PRELOAD=$($CC -print-file-name=libasan.so)
	export LD_PRELOAD
	# iptables ends without freeing what it has: the unit tests look for leaks
	export ASAN_OPTIONS=detect_leaks=0
fi

# answers GOLDEN WRAPPER...: the golden file anew, with what the commands print now
answers() {
	local golden=$1 line status
	shift
	while IFS= read -r line; do
		case $line in
		'$ '*)
			printf '%s\n' "$line"
			status=0
			# the arguments are quoted for the shell
			eval "\"\$@\" \"\$IPTABLES_TRANSLATE\" -t security -A INPUT ${line#\$ }" \
				> plugins-one.tmp 2>&1 < /dev/null || status=$?
			sed -e 's/^iptables-translate v[^:]*: //' -e '/^Try .*for more information/d' -e '/^$/d' \
				plugins-one.tmp
			echo "exit $status"
			;;
		'#'*) printf '%s\n' "$line" ;;
		esac
	done < "$golden"
	rm -f plugins-one.tmp
}

# compare NAME LIBDIR: the answers of the plugins there with golden/NAME.txt
compare() {
	local golden=${srcdir:-.}/golden/$1.txt
	XTABLES_LIBDIR=$2:$STOCK_PLUGINS
	answers "$golden" env > plugins.tmp
	diff -u "$golden" plugins.tmp || return 1
	if [ -z "$SANITIZED" ] && command -v valgrind > /dev/null; then
		# exit 99 stands out from iptables' own codes
		answers "$golden" valgrind -q --error-exitcode=99 --leak-check=full \
			--errors-for-leak-kinds=definite > plugins.tmp
		diff -u "$golden" plugins.tmp || return 1
	fi
}

status=0
compare plugins "$PLUGINS" || status=1
if [ -e "$DROP_IN/libxt_SECMARK.so" ]; then
	compare drop-in "$DROP_IN" || status=1
fi
rm -f plugins.tmp
exit $status
