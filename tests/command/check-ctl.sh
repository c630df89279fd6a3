#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# secmarkctl as its users see it: golden/ctl/NAME.expected is the text of a terminal. A command
# begins with "$", an error with "2>", an exit code other than 0 with "=", a comment with "##".
# "check-ctl.sh --update" in the build's folder tests/ writes the answers anew.
set -eu

golden=$(cd "${srcdir:-.}" && pwd)/golden/ctl
PATH=$(cd ../src && pwd):$PATH
LC_ALL=C
export PATH LC_ALL
# what reads without an end is not to take the machine along; a sanitizer reserves terabytes
# every /bin/sh of Debian has it: dash, bash, busybox
# shellcheck disable=SC3045
[ -n "${SANITIZED-}" ] || ulimit -v 2000000
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# messages name files as they are named on the command line
mkdir "$tmp/files"
cp "$golden"/* "$tmp/files"
cp ./*.pol "$tmp/files"
cd "$tmp/files"

answer() {
	status=0
	sh -c "$1" > ../out 2> ../err || status=$?
	cat ../out
	# N is the newest version of a policy that this machine's libsepol reads
	sed 's/^/2> /; s/\(this libsepol reads 15 to\) [0-9]*$/\1 N/' ../err
	[ "$status" -eq 0 ] || echo "= $status"
}

status_of_all=0
for expected in *.expected; do
	while IFS= read -r line; do
		case $line in
		'## '*) printf '%s\n' "$line" ;;
		'$ '*) printf '%s\n' "$line"; answer "${line#??}" < /dev/null ;;
		esac
	done < "$expected" > ../answers
	if [ "${1-}" = --update ]; then
		cp ../answers "$golden/$expected"
	else
		diff -u "$expected" ../answers || status_of_all=1
	fi
done
exit $status_of_all
