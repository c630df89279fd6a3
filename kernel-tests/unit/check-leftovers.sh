#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# No case leaves anything behind: it changes parameters of the kernel by the step "sysctl", and what
# it adds to the network, or to /etc, has an "undo" above it.
set -euo pipefail

HERE=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

leftovers() { # FILE...
	perl -I"$HERE/host" -e '
		require "casefile.pl";
		my $adds = qr/\btc\ qdisc\ (add|replace)\b|\bmkdir\b.*\/etc\b|
			\bip\ (link|addr|route|rule|tuntap)\ (add|replace)\b/x;
		my $bad = 0;

		sub complaint {
			my ($step, $undone) = @_;
			my @input = map { "ip $_->[1]" } grep { $_->[0] eq "in" } @{$step->{below}};
			my $all = join "\n", $step->{text}, @input;

			return if $step->{kind} !~ /^(run|fail)$/;
			return "the step \"sysctl\" changes parameters"
				if $all =~ m{>\s*/proc/sys/|\bsysctl\b};
			return $all =~ $adds && !$undone && "no \"undo\" above what is added here";
		}

		for my $path (@ARGV) {
			my $file = read_cases($path);
			for my $case (@{$file->{cases}}, values %{$file->{setup}}) {
				my $undone = 0;
				for my $step (@{$case->{steps}}) {
					my $text = complaint($step, $undone);
					$bad = print "$path:$step->{line}: $text\n" if $text;
					$undone ||= $step->{kind} eq "undo";
				}
			}
		}
		exit $bad' "$@"
}

failed=0
mapfile -t files < <(find "$HERE" -name '*.cases' | sort)
leftovers "${files[@]}" || failed=1

cat >"$tmp/left.cases" <<'END'
setup device
run   host ip -batch -
in    link add d0 type dummy

case  one that leaves much
run   host echo 1 > /proc/sys/net/ipv4/tcp_syncookies
run   host cat /proc/sys/net/ipv4/tcp_syncookies
run   host tc qdisc replace dev lo root netem delay 20ms
run   host ip xfrm state add src $LO dst $LO spi 0x200 $STATE

case  one that leaves nothing
undo  host ip link del d0
run   host ip link add d0 type dummy
sysctl host net.ipv4.tcp_syncookies = 2
END
status=0
leftovers "$tmp/left.cases" >"$tmp/seen" || status=$?
diff -u - "$tmp/seen" <<END || failed=1
$tmp/left.cases:6: the step "sysctl" changes parameters
$tmp/left.cases:8: no "undo" above what is added here
$tmp/left.cases:2: no "undo" above what is added here
END
[ "$status" -eq 1 ] || { echo "exit status $status, expected 1"; failed=1; }
exit "$failed"
