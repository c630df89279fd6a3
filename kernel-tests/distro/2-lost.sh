# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Other firewalls, and people, that take rules away or rewrite their own: ours stay or come back,
# and the log says who it was.
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

has_logged() { [ "$(logged | wc -l)" -gt "$1" ]; }

# after SENTENCE WHO COMMAND...: WHO is whom the log names, "nobody", or "anybody"
after() {
	local sentence=$1 who=$2 before start took said
	shift 2
	before=$(logged | wc -l)
	"$@" >/tmp/said 2>&1
	start=$(now)
	poll 30 intact
	took=$(($(now) - start))
	# tests/guest/guest-second.sh judges the time: its clock is no slower than a machine's
	is "$sentence: the rules are there ($took ms later)" "$(code secmarkctl status)" 0
	case $who in
	anybody) return ;;
	nobody) poll 1 false ;;
	*) poll 60 has_logged "$before" ;;
	esac
	said=$(logged_since "$before")
	is "$sentence: the log says who it was" "${said:-nobody}" \
		"$who${said:+ removed or changed rules of $PLAN: they are loaded again}"
}

# What runs on a machine with this backend. A restart flushes when it stops and when it starts.
# firewalld leaves nft's table alone, and flushes those of iptables when it starts and stops.
others_in_nf_tables() { # BACKEND
	local firewalld=nobody
	[ "$1" = nft ] || firewalld='iptables-restor (process N)'
	after "$1: nft flush ruleset" 'nft (process N)' nft flush ruleset
	after "$1: a restart of nftables" 'nft (process N)' systemctl restart nftables
	# secmark2 is reloaded as well, and may be faster
	after "$1: a reload of nftables" anybody systemctl reload nftables
	after "$1: nftables stops" 'nft (process N)' systemctl stop nftables
	rest
	after "$1: firewalld starts" "$firewalld" systemctl start firewalld
	# Debian's policy keeps the answer from an administrator, who then waits in vain
	after "$1: a reload of firewalld" anybody timeout 20 firewall-cmd --reload
	after "$1: firewalld stops" "$firewalld" systemctl stop firewalld
	after "$1: netfilter-persistent" nobody systemctl restart netfilter-persistent
	after "$1: tables like those of docker" nobody docker_nft
	after "$1: rules like those of docker" nobody docker_iptables iptables-nft
}

docker_nft() {
	local family
	for family in ip ip6; do
		nft -f - <<-END
			table $family docker-bridges
			flush table $family docker-bridges
			table $family docker-bridges {
				chain forward {
					type filter hook forward priority filter; policy accept;
					ct state established,related counter accept
				}
			}
		END
	done
}

# It reads all tables that it has rules in, and writes them anew.
docker_iptables() { # iptables-nft or iptables-legacy
	"$1" -t nat -N DOCKER
	"$1" -N DOCKER
	"$1" -N DOCKER-USER
	"$1" -I FORWARD -j DOCKER-USER
	"$1-save" -t filter >/tmp/filter
	"$1-restore" </tmp/filter
	"$1" -D FORWARD -j DOCKER-USER
	"$1" -X DOCKER-USER
	"$1" -X DOCKER
	"$1" -t nat -X DOCKER
}

# A new process has lost nothing yet: after eight times it would wait.
rest() { systemctl restart secmark2-watch; }

apply() { secmarkctl apply --backend "$1" "$PLAN" >/dev/null; }

for backend in nft iptables-nft; do
	apply $backend
	rest
	others_in_nf_tables $backend
done
for backend in iptables-legacy iptc; do
	apply $backend
	rest
	after "$backend: iptables -F" 'it is unknown who' iptables-legacy -t security -F
	after "$backend: ip6tables -F" 'it is unknown who' ip6tables-legacy -t security -F
	after "$backend: rules like those of docker" nobody docker_iptables iptables-legacy
	after "$backend: nft flush ruleset" nobody nft flush ruleset
done
no_new_denials "all of this"
