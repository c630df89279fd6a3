#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel-tests/denials: what it says if it cannot judge, and how it judges advice. A script plays
# kernel-tests/run. Nothing boots.
set -euo pipefail

HERE=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
perl -MJSON::PP -e 1 2>/dev/null || { echo "perl has no JSON::PP"; exit 77; }

# denials finds all of these beside itself
tree=$tmp/tree
mkdir -p "$tree/cases" "$tmp/build/src"
cp "$HERE/denials" "$tree/"
ln -s "$HERE/host" "$HERE/guest" "$HERE/policy" "$tree/"
: >"$tree/denials.reasons"
printf '#!/bin/sh\n' >"$tmp/build/src/secmarkctl"
# shellcheck disable=SC2016 # it is that script's
printf '#!/bin/sh\ncat "%s"\nexit $(cat "%s")\n' "$tmp/tap" "$tmp/status" >"$tree/run"
chmod +x "$tmp/build/src/secmarkctl" "$tree/run"
cat >"$tree/cases/a.cases" <<'END'
case  a file has the plan
run   host secmarkctl apply /tmp/plan
talk  tcp host:web_client_t host = refused
avc   web_client_t other_packet_t:packet send client>server
END
bad=0

# same WHAT WANTED HAVE
same() {
	[ "$2" != "$3" ] || return 0
	printf '%s\n  wanted: %s\n  have:   %s\n' "$1" "$2" "$3"
	bad=$((bad + 1))
}

# says STATUS RUN-STATUS WANTED: standard input is what run prints; errors come after output
says() {
	local status=0
	cat >"$tmp/tap"
	echo "$2" >"$tmp/status"
	"$tree/denials" --builddir "$tmp/build" >"$tmp/out" 2>"$tmp/err" || status=$?
	same "denials, when run exits with $2" "$3$1" "$(cat "$tmp/out" "$tmp/err"; echo $status)"
}

AS_THEY_ARE='denials: explain is not asked, because the cases fail as they are
'
says 1 1 "not ok 1 - the second
# a.cases:2: why
1..1
$AS_THEY_ARE" <<'END'
ok 1 - the first
not ok 2 - the second
# a.cases:2: why
END
says 1 1 "not ok 1 - the console shows: WARNING: at net
1..1
$AS_THEY_ARE" <<'END'
ok 1 - the first
# the console shows: WARNING: at net
END
says 1 1 "not ok 1 - the deny cases pass as they are
1..1
$AS_THEY_ARE" <<'END'
ok 1 - the first
END
says 125 125 '' </dev/null
says 125 0 'denials: a.cases:3: the plan of line 2 cannot be told
' <<'END'
# record a.cases:3 avc:  denied  { send } scontext=u:r:web_client_t:s0
ok 1 - a file has the plan
END

# asks WHAT WANTED PERL: what this prints
asks() {
	# shellcheck disable=SC2016 # perl's
	same "$1" "$2" "$(HERE=$HERE perl -MFile::Basename=dirname -e '
		our $POLICIES = "$ENV{HERE}/policy";
		require "$ENV{HERE}/host/$_.pl" for "casefile", "advice";
		sub judge {
			my ($id, @lines) = @_;
			my $text = join "\n", "Allow it:", map { "    $_" } @lines;
			my %answer = (source => "u:r:a_t:s0", target => "u:r:b_packet_t:s0",
				class => "packet", permissions => "send");
			return judge_rules({}, { %answer, allow =>
				[{ id => $id, text => $text }] }) // "good";
		}
		'"$3")"
}

asks 'a step that is allowed keeps its input' 'run   host:a_t load -
in    a line' 'print step_allowed({ kind => "fail", text => "1 host:a_t load -", below =>
	[["in", "a line"], ["out", "no"], ["avc", "a_t b_t:packet send"]] })'
asks 'so does one that succeeds with a record' 'run   host:a_t load -
in    a line' 'print step_allowed({ kind => "run", text => "host:a_t load -", below =>
	[["in", "a line"], ["avc", "a_t b_t:packet send"]] })'
for proto in tcp mptcp tcp-mapped ftp-active ftp-passive/21; do
	asks "the packets of $proto" tcp "print packets_of('$proto')"
done
asks 'the packets of udp-mapped' udp 'print packets_of("udp-mapped/53")'
for ports in '20008 10001 32776 10001' '10001 32767 10001 45535' '40000 10001 40000 10001' \
	'10001 10002 10001 10002'; do
	read -r src dest new_src new_dest <<<"$ports"
	asks "the client's port of $ports" "avc: src=$new_src saddr=x dest=$new_dest" \
		"print with_client_port({}, 'avc: src=$src saddr=x dest=$dest')"
done
WIDE='the rule is (allow a_t b_packet_t (packet (send recv))), and the record asks for '
WIDE+='(allow a_t b_packet_t (packet (send)))'
asks 'the rule of the record' good 'print judge("rule", "allow a_t b_packet_t:packet send;")'
asks 'a wider rule in the second line' "$WIDE" 'print judge("rule",
	"allow a_t b_packet_t:packet send;", "allow a_t b_packet_t:packet { send recv };")'
asks 'an interface for it' good 'print judge("interface", "corenet_sendrecv_b_packets(a_t)")'
for call in corenet_receive_b_packets\(a_t\) corenet_sendrecv_b_packets\(c_t\) \
	corenet_sendrecv_c_packets\(a_t\) kernel_sendrecv_unlabeled_association\(a_t\); do
	asks "another interface: $call" 1 \
		"print judge('interface', '$call') =~ /^\\Q$call\\E is .*, and the record asks/"
done
exit $((bad > 0))
