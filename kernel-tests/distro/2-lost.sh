# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Other firewalls, and people, that take rules away or rewrite their own: ours stay or come back,
# and the log says who it was.
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

# What runs on a machine with this backend. A restart flushes when it stops and when it starts.
# firewalld leaves nft's table alone. Version 1 flushes those of iptables when it starts and stops,
# version 2 (Debian 13) does not.
others_in_nf_tables() { # BACKEND
	local firewalld=nobody
	case $1-$(dpkg-query -W -f '${Version}' firewalld) in
	iptables-nft-1.*) firewalld='iptables-restor (process N)' ;;
	esac
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
