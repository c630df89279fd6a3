#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The plugins refuse bad options, and print good ones, in iptables-translate: it needs neither root
# nor a kernel with SELinux. golden/plugins.txt has the commands and the exact answers. If the
# drop-in plugins are built, golden/drop-in.txt has theirs. golden/listed.txt and listed-drop-in.txt
# say how they list and save rules, also those of other revisions. If valgrind is installed and the
# build has no sanitizers, all commands run again under valgrind.
set -euo pipefail

if [ -e /sys/fs/selinux/policy ]; then
	echo "the answers would depend on this machine's policy; the kernel tests test this instead"
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

# answers GOLDEN COMMAND...: prints the golden file with the commands' answers of now
answers() {
	local golden=$1 line status
	shift
	while IFS= read -r line; do
		case $line in
		'$ '*)
			printf '%s\n' "$line"
			status=0
			# the arguments are quoted for the shell
			eval "\"\$@\" ${line#\$ }" > plugins-one.tmp 2>&1 < /dev/null || status=$?
			sed -e 's/^iptables-translate v[^:]*: //' -e '/^$/d' \
				-e '/^Try .*for more information/d' plugins-one.tmp
			echo "exit $status"
			;;
		'#'*) printf '%s\n' "$line" ;;
		esac
	done < "$golden"
	rm -f plugins-one.tmp
}

# compare NAME LIBDIR COMMAND...: compares COMMAND's answers, with the plugins in LIBDIR, with
# golden/NAME.txt
compare() {
	local golden=${srcdir:-.}/golden/$1.txt
	XTABLES_LIBDIR=$2:$STOCK_PLUGINS
	shift 2
	answers "$golden" "$@" > plugins.tmp
	diff -u "$golden" plugins.tmp || return 1
	if [ -z "$SANITIZED" ] && command -v valgrind > /dev/null; then
		# exit 99 stands out from iptables' own codes
		answers "$golden" valgrind -q --error-exitcode=99 --leak-check=full \
			--errors-for-leak-kinds=definite "$@" > plugins.tmp
		diff -u "$golden" plugins.tmp || return 1
	fi
}

translate=("$IPTABLES_TRANSLATE" -t security -A INPUT)
listed=("${builddir:-.}/listed")
status=0
compare plugins "$PLUGINS" "${translate[@]}" || status=1
compare listed "$PLUGINS" "${listed[@]}" || status=1
if [ -e "$DROP_IN/libxt_SECMARK.so" ]; then
	compare drop-in "$DROP_IN" "${translate[@]}" || status=1
	compare listed-drop-in "$DROP_IN" "${listed[@]}" || status=1
fi
rm -f plugins.tmp
exit $status
