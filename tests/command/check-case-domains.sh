#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A domain of the kernel tests lacks exactly what its name says: libsepol compares it with the one
# that has all of it, for each type and class of the policy. This takes half a minute, so it is a
# static check of scripts/check and not one of make check. Those who load rules are not compared:
# each has what its cases are about, and no more (iptables_no*_t, ipsec_no*_t).
set -euo pipefail

here=$(cd "${srcdir:-.}" && pwd)
build=$(pwd)
sources=$here/../kernel-tests/policy
policy=$build/../kernel-tests/normal.policy
[ -r "$policy" ] || { echo "$policy is not built"; exit 77; }
LC_ALL=C
export LC_ALL
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Who it is, who has all of it, and what it lacks: CLASS TYPES PERMISSIONS. * is for many types, and
# socket for all classes of sockets. "<-" is what others may do to it.
sed 's/  */ /g' <<'END' | sort > "$tmp/expected"
ping_norecv_t            ping_t        -> packet ping_packet_t recv
ping_nosend_t            ping_t        -> packet ping_packet_t send
web_server_norecv_t      web_server_t  -> packet web_server_packet_t recv
web_server_nosend_t      web_server_t  -> packet web_server_packet_t send
web_client_norecv_t      web_client_t  -> packet * recv
web_client_nosend_t      web_client_t  -> packet * send
plain_nosendto_t         plain_t       -> association unlabeled_t sendto
plain_norecvfrom_t       plain_t       -> association unlabeled_t recvfrom
plain_nopeer_t           plain_t       -> peer unlabeled_t recv
peer_client_nopolmatch_t peer_client_t -> association spd_t,strict_spd_t polmatch
peer_client_nostrict_t   peer_client_t -> association strict_spd_t polmatch
peer_client_nosa_t       peer_client_t -> association self sendto
peer_client_nosa_t       peer_client_t <- association self sendto
peer_client_norecv_t     peer_client_t -> peer * recv
peer_client_noegress_t   peer_client_t -> netif * egress
peer_client_nosendto_t   peer_client_t -> node * sendto
peer_client_noingress_t  peer_client_t -> netif * ingress
peer_client_norecvfrom_t peer_client_t -> node * recvfrom
peer_client_noe0_t       peer_client_t -> netif e0_netif_t egress
peer_client_nonet_t      peer_client_t -> node net_node_t sendto
peer_client_nohost_t     peer_client_t -> node host_node_t sendto
peer_server_norecv_t     peer_server_t -> peer * recv
peer_server_nounlabeled_t peer_server_t -> peer unlabeled_t recv
peer_server_noegress_t   peer_server_t -> netif * egress
peer_server_nosendto_t   peer_server_t -> node * sendto
browser_norecv_t         browser_t     -> packet proxy_packet_t recv
proxy_nosend_t           proxy_t       -> packet proxy_packet_t,world_packet_t send
proxy_noworldrecv_t      proxy_t       -> packet world_packet_t recv
static_noingress_peer_t  static_peer_t -> netif * ingress
static_noegress_peer_t   static_peer_t -> netif * egress
static_norecvfrom_peer_t static_peer_t -> node * recvfrom
static_nosendto_peer_t   static_peer_t -> node * sendto
END

# differences BASE ROLE DOMAIN...: how each differs from the base. A domain may with itself what the
# base may with itself.
differences() {
	local base=$1 role=$2 contexts=()
	shift 2
	# the base as well: with two, each line names its domain
	mapfile -t contexts < <(printf "system_u:$role:%s:s0\n" "$base" "$base" "$@")
	"$build/compare_domains" "$policy" "${contexts[@]}" | perl -e '
		my ($base) = @ARGV;
		my (%self, %types, %seen);

		while (<STDIN>) {
			my ($domain, $way, $type, $class, $rest) =
				/^\w+:\w+:(\S+):s0 (->|<-) (\S+):(\S+) (.*)$/ or die $_;
			while ($rest =~ /(\w+) \{ ([^}]*) \}/g) {
				my ($what, @names) = ($1, split " ", $2);
				my $mine = $type eq $base || $type eq $domain;
				my $step = $what eq "lacks" ? 1 : -1;
				for (@names) {
					my $place = "$domain $way $class $_";
					$types{"$what $place"}{$type} = 1 if !$mine;
					$self{$place} += $step if $mine;
				}
			}
		}
		for (grep { $self{$_} } keys %self) {
			my $what = $self{$_} > 0 ? "lacks" : "has";
			$types{"$what $_"}{self} = 1;
		}
		for (keys %types) {
			my ($what, $domain, $way, $class, $name) = split;
			my @all = sort keys %{$types{$_}};
			my $all = @all > 2 ? "*" : join ",", @all;
			$class = "socket" if $class =~ /_socket$/;
			$what = $what eq "lacks" ? "" : "$what ";
			$seen{"$domain $base $way $what$class $all $name"} = 1;
		}
		print "$_\n" for sort keys %seen;' "$base"
}

cut -d' ' -f2 "$tmp/expected" | sort -u | while read -r base; do
	role=system_r
	[ "$base" != static_peer_t ] || role=object_r
	mapfile -t domains < <(sed -n "s/^\([^ ]*\) $base .*/\1/p" "$tmp/expected" | sort -u)
	differences "$base" "$role" "${domains[@]}"
done | sort > "$tmp/seen"
# of the web client's three labels a client lacks one permission, and has none of the other two
sed -i '/^web_client_no\(recv\|send\)_t /{/nokernelsend_packet_t,passing_packet_t /d}' "$tmp/seen"
diff -u --label expected --label "the policy" "$tmp/expected" "$tmp/seen"

# the domains no_X.t: as plain_t, without X
mapfile -t lacking < <(
	sed -n 's/^(block no_\([a-z_]*\) (blockinherit lacking).*/\1/p' "$sources"/*.cil
)
mapfile -t domains < <(printf 'no_%s.t\n' "${lacking[@]}")
differences plain_t system_r "${domains[@]}" > "$tmp/lacking"
if [ "${#lacking[@]}" -eq 0 ] || [ "${#lacking[@]}" -ne "$(wc -l < "$tmp/lacking")" ]; then
	cat "$tmp/lacking"
	echo "a domain no_X.t differs from plain_t in more, or less, than X"
	exit 1
fi
while read -r domain _ way class _ name; do
	[ "$name" != use ] || name=fd_use
	[ "$way $domain" = "-> no_$name.t" ] || { echo "$domain lacks $class $name"; exit 1; }
done < "$tmp/lacking"

# each domain of that name is one of these
grep -hoE '\(type [a-z0-9_]*_no[a-z0-9]+(_peer)?_t\)' "$sources"/*.cil | tr -d '()' |
	sed 's/type //; /_node_t$/d; /^\(iptables\|ipsec\)_no/d' | sort > "$tmp/named"
cut -d' ' -f1 "$tmp/expected" | sort -u | diff -u --label compared --label named - "$tmp/named"
