# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Another machine at the other end of the guest's network, which QEMU plays. It needs no network of
# this machine, and its packets bring no label, unlike those of another network namespace.
#
#   guest 10.0.2.15 -> 10.0.2.100 port 80   a web server
#                   -> 10.0.2.100 port 7    does what the guest asks for, see distro_peer
#   10.0.2.2 -> guest 10.0.2.15 port 22     by session_ssh
#            -> guest 10.0.2.15 port 80     by distro_peer
PEER_ADDRESS=10.0.2.100

PEER_WEB= # a port of this machine, for the guest's web server

# Prints a port on which nobody listens, on this machine only.
free_port() { # [PORT]: not this one
	local i port
	for ((i = 0; i < 100; i++)); do
		port=$((20000 + RANDOM % 12000))
		[ "$port" != "${1-}" ] || continue
		(: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return 0; }
	done
	no_verdict "no free port"
}

# Prints the option for QEMU. Each connection of the guest starts a program, which ends with it.
peer_network() {
	local folder=$SCRATCH/peer program
	program=$(readlink -f "$HERE/../host/distro_peer")
	mkdir -p "$folder/www"
	echo hello >"$folder/www/index.html"
	printf '%s\n' "SCRATCH=${SCRATCH@Q}" "SESSION_PORT=$SESSION_PORT" "PEER_WEB=$PEER_WEB" \
		>"$folder/settings"
	printf %s "user,id=net,restrict=on" \
		",hostfwd=tcp:127.0.0.1:$SESSION_PORT-:22,hostfwd=tcp:127.0.0.1:$PEER_WEB-:80" \
		",guestfwd=tcp:$PEER_ADDRESS:80-cmd:busybox httpd -i -h '$folder/www'" \
		",guestfwd=tcp:$PEER_ADDRESS:7-cmd:'$program' '$folder/settings'"
}
