#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# scripts/check-names can fail: in a tiny tree, a static function with the name of another one is
# found, unless its name carries the stem of its file.
set -eu

top=$(cd "${srcdir:-.}/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0

# file PATH DECLARATION...: a source in the tiny tree that defines these functions
file() {
	path=$tmp/tree/$1
	shift
	mkdir -p "${path%/*}"
	printf '%s\n{\n}\n' "$@" > "$path"
}

# says TEXT: check-names prints exactly this; it succeeds if TEXT is empty
says() {
	code=0 want=0
	"$top/scripts/check-names" "$tmp/tree" > "$tmp/said" || code=$?
	[ -z "$1" ] || want=1
	if [ "$(cat "$tmp/said")" != "$1" ] || [ $code -ne $want ]; then
		printf 'exit %s:\n%s\nexpected:\n%s\n' $code "$(cat "$tmp/said")" "$1"
		status=1
	fi
}

file lib/plan/net.c 'static int parse(const char *text)' 'int net_read(void)'
file src/cmd/apply.c 'static void run_apply(int argc)'
says ''

# the type may be on a line of its own, and the arguments on two lines
file tests/unit/test_net.c 'static bool
parse(const char *text,
      unsigned int n)'
says "lib/plan/net.c: static parse() is also in tests/unit/test_net.c
tests/unit/test_net.c: static parse() is also in lib/plan/net.c"

# only static functions must move out of the way
file lib/plan/net.c 'int parse(const char *text)'
says "tests/unit/test_net.c: static parse() is also in lib/plan/net.c"

# the stem of the file, or its last word, makes a name its own
file tests/unit/test_net.c 'static bool net_parse(const char *text)'
file lib/plan/port_net.c 'static bool net_parse(const char *text)'
says ''
file kernel-tests/guest/peer.c 'static bool net_parse(const char *text)'
others='lib/plan/port_net.c tests/unit/test_net.c'
says "kernel-tests/guest/peer.c: static net_parse() is also in $others"

# a declaration defines nothing
file kernel-tests/guest/peer.c 'static bool peer(void)'
printf 'static bool net_parse(const char *text);\n' >> "$tmp/tree/kernel-tests/guest/peer.c"
says ''
exit $status
