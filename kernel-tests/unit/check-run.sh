#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which cases run: --list, --area, --case, --verdict and --repeat of kernel-tests/run, with case
# files of its own. Nothing boots.
set -euo pipefail

HERE=$(cd "$(dirname "$0")/.." && pwd)
BUILDDIR=${builddir:-.}/..
[ -x "$BUILDDIR/kernel-tests/guest-run" ] || { echo "guest-run is not built"; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# run finds its cases beside itself
tree=$tmp/tree
mkdir -p "$tree/cases/connection" "$tree/cases/packet/deep" "$tree/debian" "$tmp/elsewhere"
cp "$HERE/run" "$tree/"
ln -s "$HERE/host" "$tree/host"
cat >"$tree/cases/packet/b.cases" <<'END'
case  a client may not send
each  ip=4,6
talk  tcp host:web_client_t host = refused
avc   web_client_t other_packet_t:packet send client>server
END
cat >"$tree/cases/packet/a.cases" <<'END'
case  an auditallow rule is no denial
run   host true
avc   iptables_t other_packet_t:packet granted:relabelto
END
printf 'case  one more\nrun   host true\n' >"$tree/cases/packet/deep/a.cases"
printf 'case  a connection\nrun   host true\n' >"$tree/cases/connection/a.cases"
printf 'case  of a whole policy\nrun   host true\n' >"$tree/debian/without-module.cases"
printf 'case  of your own\nrun   host true\n' >"$tmp/own.cases"
printf 'case  of your own\nrun   host true\nrunn  host true\n' >"$tmp/elsewhere/own.cases"

# says STATUS OPTION...: run with these options exits so and prints what is on standard input,
# errors after output
says() {
	local status=0 want=$1
	shift
	"$tree/run" --builddir "$BUILDDIR" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	cat "$tmp/err" >>"$tmp/out"
	if [ "$status" -ne "$want" ] ||
		! diff -u --label expected --label "run $*" - "$tmp/out"; then
		echo "run $*: exit status $status, expected $want"
		: >"$tmp/failed" # in a pipe: no variable outlives it
	fi
}

# tabs are shown as |
lists() {
	tr '|' '\t' | says 0 --list "$@"
}

lists <<'END'
connection|a connection|allow
packet|an auditallow rule is no denial|allow
packet|a client may not send (IPv4)|deny
packet|a client may not send (IPv6)|deny
packet/deep|one more|allow
END
lists --area connection <<'END'
connection|a connection|allow
END
lists --area packet <<'END'
packet|an auditallow rule is no denial|allow
packet|a client may not send (IPv4)|deny
packet|a client may not send (IPv6)|deny
packet/deep|one more|allow
END
lists --area packet/deep/ --area connection --area connection <<'END'
connection|a connection|allow
packet/deep|one more|allow
END
lists --area packet --case 'send*IPv6' --case auditallow <<'END'
packet|an auditallow rule is no denial|allow
packet|a client may not send (IPv6)|deny
END
lists --area packet --verdict allow --area connection <<'END'
connection|a connection|allow
packet|an auditallow rule is no denial|allow
packet/deep|one more|allow
END
lists --case IPv6 --verdict deny <<'END'
packet|a client may not send (IPv6)|deny
END
lists --area packet --case IPv6 --repeat 3 <<'END'
packet|a client may not send (IPv6), run 1 of 3|deny
packet|a client may not send (IPv6), run 2 of 3|deny
packet|a client may not send (IPv6), run 3 of 3|deny
END
lists --area packet --once --records --files "$tmp" <<'END'
packet|an auditallow rule is no denial|allow
packet|a client may not send (IPv4)|deny
packet/deep|one more|allow
END
mkdir -p "$tmp/values"
printf 'case  values\neach  ip=4,6 backend=nft,iptables-nft,iptc\nrun   host true\n' \
	>"$tmp/values/own.cases"
lists --each-value "$tmp/values/own.cases" <<'END'
-|values (IPv4, nft)|allow
-|values (IPv6, iptables-nft)|allow
-|values (IPv4, iptc)|allow
END
lists --other-values "$tmp/values/own.cases" <<'END'
-|values (IPv6, nft)|allow
-|values (IPv4, iptables-nft)|allow
-|values (IPv6, iptc)|allow
END
printf 'case  more\neach  backend=nft,iptables-nft,iptc ip=4,6 ipt=legacy,nft\nrun   host true\n' \
	>"$tmp/values/own.cases"
lists --each-value "$tmp/values/own.cases" <<'END'
-|more (nft, IPv4, legacy)|allow
-|more (iptables-nft, IPv6, nft)|allow
-|more (iptc, IPv4, nft)|allow
END
lists --other-values "$tmp/values/own.cases" <<'END'
-|more (nft, IPv6, nft)|allow
-|more (iptables-nft, IPv4, legacy)|allow
-|more (iptc, IPv6, legacy)|allow
END
lists --case IPv6 --once --repeat 2 --area packet --case auditallow <<'END'
packet|an auditallow rule is no denial, run 1 of 2|allow
packet|an auditallow rule is no denial, run 2 of 2|allow
END
lists --area connection --repeat 1 <<'END'
connection|a connection|allow
END
lists --policy debian <<'END'
debian|of a whole policy|allow
END
(cd "$tree" && lists ../own.cases cases/packet/a.cases) <<'END'
-|of your own|allow
packet|an auditallow rule is no denial|allow
END

says 125 --list --area pakcet <<'END'
run: no area 'pakcet' (connection, packet, packet/deep)
END
says 125 --area .. <<'END'
run: no area '..' (connection, packet, packet/deep)
END
says 125 --area '' <<'END'
run: no area '' (connection, packet, packet/deep)
END
says 125 --area <<'END'
run: --area needs a value
END
says 125 --area packet "$tmp/own.cases" <<'END'
run: --area is for cases/: it goes neither with case files nor with --policy debian
END
says 125 --area packet --policy debian <<'END'
run: --area is for cases/: it goes neither with case files nor with --policy debian
END
says 125 --area connection --case 'no such case' <<'END'
run: no case matches
END
says 125 --list --arch mips <<'END'
run: unknown architecture: mips (amd64, i386, arm64, s390x)
END
for option in '--policy debian' '--accel kvm' '--accel auto' '--icount' '--kernel running'; do
	# shellcheck disable=SC2086 # words
	says 125 --list --arch arm64 $option <<-'END'
	run: --arch arm64 goes with none of --accel, --icount, --policy debian and --kernel running
	END
done
how='(kernel-tests/README says how to build for'
says 125 --list --arch s390x <<END
run: $BUILDDIR is a build for amd64, and --arch is s390x $how s390x)
END
mkdir -p "$tmp/arm64/kernel-tests"
echo 'host_alias = aarch64-linux-gnu' >"$tmp/arm64/Makefile"
says 125 --list --builddir "$tmp/arm64" <<END
run: $tmp/arm64 is a build for aarch64-linux-gnu, and --arch is amd64 $how amd64)
END
cp "$BUILDDIR/kernel-tests/guest-run" "$tmp/arm64/kernel-tests/guest-run-here"
lists --builddir "$tmp/arm64" --arch arm64 --area connection <<'END'
connection|a connection|allow
END

says 125 --program nft --files "$tmp" <<'END'
run: --program and --tap go with --script
END
for number in 0 x '' -1; do
	says 125 --repeat "$number" <<-END
	run: --repeat needs a number, not '$number'
	END
done
for number in 0 x -1; do
	says 125 --jobs "$number" <<-END
	run: --jobs needs a number, not '$number'
	END
done
for option in "--script $tree/run" --shell; do
	# shellcheck disable=SC2086 # words
	says 125 --jobs 2 $option <<-'END'
	run: --jobs is for cases: it goes neither with --script nor with --shell
	END
done

# part PART NUMBER...: the tests of this part of 7; 2 to 5 share a setup
part() {
	local part=$1 numbers
	shift
	numbers=$(secmark2_part=$part "$BUILDDIR/kernel-tests/guest-run" --list "$tmp/parts.cases" |
		sed 's/.*\tcase \([0-9]\).*/\1/' | paste -sd ' ')
	[ "$numbers" = "$*" ] || {
		echo "part $part: wanted '$*', got '$numbers'"
		touch "$tmp/failed"
	}
}
{
	printf 'setup same\nrun   host true\n\n'
	for number in 1 2 3 4 5 6 7; do
		printf 'case  case %s\n' "$number"
		case $number in [2-5]) echo 'use   same' ;; esac
		printf 'run   host true\n\n'
	done
} >"$tmp/parts.cases"
part 1/1 1 2 3 4 5 6 7
part 1/2 1 2 3 4 5
part 2/2 6 7
part 1/3 1 2 3 4 5
part 2/3
part 3/3 6 7
part 1/9
part 9/9 7
part 3/2 1 2 3 4 5 6 7
says 125 --list --verdict denied <<'END'
run: --verdict needs deny or allow, not 'denied'
END
says 125 --list --repeat 601 <<'END'
too many tests for one boot, which has ports for 3000
run: the cases cannot be listed
END
says 125 --list "$tmp/own.cases" "$tmp/elsewhere/own.cases" <<'END'
run: more than one case file would be called own.cases
END
says 125 --list "$tmp/elsewhere" <<END
run: $tmp/elsewhere is a folder (--area AREA takes one below cases/)
END
says 125 --list "$tmp/elsewhere/own.cases" <<END
$tmp/elsewhere/own.cases:3: unknown word: 'runn'
run: the cases cannot be listed
END
# one line of a case that cannot be read, and what is said of it
while IFS='|' read -r line wrong; do
	printf 'case  of your own\n%s\nrun   host true\n' "$line" >"$tmp/elsewhere/own.cases"
	says 125 --list "$tmp/elsewhere/own.cases" <<-END
	$tmp/elsewhere/own.cases:2: $wrong: '${line%% *}'
	run: the cases cannot be listed
	END
done <<'END'
each  sa=ah,espp|an unknown value (README lists the values of this key)
avc+  other_t spd_t:association polmatch|no step above that it could belong to
END
printf 'case  of your own\neach  sa=*\nneed  ipsec\ntalk  tcp host:a_t host = lost\navc+  %s\n' \
	'a_t spd_t:association polmatch' >"$tmp/elsewhere/own.cases"
lists "$tmp/elsewhere/own.cases" <<'END'
-|of your own (ah)|deny
-|of your own (esp)|deny
-|of your own (tunnel)|deny
END
printf 'case  of your own\nneed  ipsex\nrun   host true\n' >"$tmp/elsewhere/own.cases"
says 125 --list "$tmp/elsewhere/own.cases" <<END
$tmp/elsewhere/own.cases:1: nothing is known about a need of ipsex
run: the cases cannot be listed
END
for option in '--area packet' '--repeat 2' '--list' "--case x" --once --each-value \
	--other-values --records; do
	# shellcheck disable=SC2086 # words
	says 125 --script "$tree/run" $option <<-'END'
	run: --script runs instead of cases, so it goes with none
	END
done
[ ! -e "$tmp/failed" ]
