#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What each command says of a policy file that is of another version, not complete, or no policy.
set -euo pipefail

golden=$(cd "${srcdir:-.}" && pwd)/golden/ctl
policies=$(cd "${srcdir:-.}" && pwd)/policies
whole=$PWD/who.pol
# shellcheck source=tests/command/verdict.sh
. "$policies/../command/verdict.sh"
PATH=$(cd ../src && pwd):$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
# what reads without an end is not to take the machine along; a sanitizer reserves terabytes
[ -n "${SANITIZED-}" ] || ulimit -v 2000000
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
cp "$golden/application.plan" plan
echo 'server http_packet_t tcp 80' > web.plan

# The commands that read a policy file, each with what it prints before the error.
commands=(
	'who --policy'
	'who --domain httpd_t --policy'
	'who --json --policy'
	'who web.plan --policy'
	'check web.plan --policy'
	'gen --policy'
	'apply --dry-run web.plan --policy'
)
# each_says FILE ERROR
each_says() {
	local command
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # several words
		is "$command $1" "$(says secmarkctl $command "$1")" "secmarkctl: $1: $2
= 1"
	done
	is "policy --policy $1" "$(says secmarkctl policy --policy "$1" plan)" \
		"plan:3:13: an application needs the rules of a policy: 'browser' ($1: $2)
= 1"
}

: > empty
printf 'SE Linux' > short
mkdir folder
ln -s /dev/zero zero
head -c 65M /dev/zero > zeros
cp "$policies/who.cil" text.cil
each_says no-such-file 'No such file or directory'
each_says empty 'not a kernel policy'
each_says short 'not a kernel policy'
each_says text.cil 'not a kernel policy'
each_says folder 'Is a directory'
each_says /dev/zero 'not a regular file or a pipe'
each_says zero 'not a regular file or a pipe'
each_says zeros 'larger than 64 MiB'

if command -v checkmodule > /dev/null && command -v semodule_package > /dev/null; then
	cat > mine.te <<- END
	module mine 1.0;
	require { type httpd_t; class packet send; }
	type mine_t;
	allow httpd_t mine_t:packet send;
	END
	checkmodule -m -o mine.mod mine.te > /dev/null
	semodule_package -o mine.pp -m mine.mod
	each_says mine.mod 'a policy module, not a whole policy'
	each_says mine.pp 'a policy module, not a whole policy'
fi

# Without its first numbers and its version, it is no policy.
damaged='a damaged policy, or one that is not complete'
size=$(stat -c %s "$whole")
step=13
[ -z "${SANITIZED-}" ] || step=97
for ((at = 1; at < size; at += step)); do
	head -c "$at" "$whole" > part
	[ "$at" -ge 20 ] && error=$damaged || error='not a kernel policy'
	is "$at of $size bytes" "$(says secmarkctl who --policy part)" "secmarkctl: part: $error
= 1"
done
for at in 19 20 $((size / 2)) $((size - 1)); do
	head -c "$at" "$whole" > part
	[ "$at" -ge 20 ] && error=$damaged || error='not a kernel policy'
	each_says part "$error"
done

# A number that is as large as it can be: the parts of the map of permissive domains. Nothing is
# reserved for what is not there.
{ head -c 52 "$whole"; printf '\377\377\377\377'; tail -c +57 "$whole"; } > wild
is "a wild number" "$(says secmarkctl who --policy wild)" "secmarkctl: wild: $damaged
= 1"

# A policy says the same in each version that this machine's libsepol writes and reads.
want=$(secmarkctl who --policy "$whole" | tail -n +2)
written=0
for version in {24..40}; do
	secilc -c "$version" -o "policy.$version" -f /dev/null "$policies/who.cil" \
		> /dev/null 2>&1 || continue
	written=$((written + 1))
	is "version $version" \
		"$(secmarkctl who --policy "policy.$version" | tail -n +2)" "$want"
	is "version $version of a pipe" "$(secmarkctl who --policy <(cat "policy.$version") |
		tail -n +2)" "$want"
done
is "versions 24 to 33 are written" "$((written >= 10))" 1
# of_version NUMBER: the policy, with another number for its version
of_version() {
	# shellcheck disable=SC2059 # an octal number
	{ head -c 16 "$whole"; printf "\\$(printf %o "$1")"; tail -c +18 "$whole"; } > other
}
of_version 99
newest=$(says secmarkctl who --policy other |
	sed -n 's/^.*: a policy of version 99; this libsepol reads 15 to \([0-9]*\)$/\1/p')
for version in 14 $((newest + 1)); do
	of_version "$version"
	each_says other "a policy of version $version; this libsepol reads 15 to $newest"
done
exit $failed
