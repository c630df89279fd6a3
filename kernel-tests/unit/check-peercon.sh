#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# getpeercon_client and getpeercon_server on this machine, whose packets bring no labels: what they
# print, and what they say of mistakes. cases/peer/programs.cases runs them with labels.
set -euo pipefail

tmp=$(mktemp -d)
# a server that serves nobody goes on
trap 'kill $(cat "$tmp"/pid.* 2>/dev/null) 2>/dev/null; rm -rf "$tmp"' EXIT
PATH=${builddir:?}:$PATH
command -v getpeercon_client >/dev/null || { echo "getpeercon_client is not built"; exit 77; }
own=$(tr -d '\0' </proc/self/attr/current 2>/dev/null || :)
own=${own:-none}
failed=0

# is NAME WANTED HAVE
is() {
	[ "$2" != "$3" ] || return 0
	printf '%s:\n' "$1"
	diff -u --label expected --label seen <(printf '%s\n' "$2") <(printf '%s\n' "$3") || :
	failed=1
}

# said COMMAND...: what it prints, and its exit status
said() {
	local status=0
	"$@" 2>&1 || status=$?
	echo "= $status"
}

# served OPTION...: a server for one client. Sets port.
served() {
	getpeercon_server --background --count 1 "$@" 0 >"$tmp/server"
	port=$(sed -n 's/^port //p' "$tmp/server")
}

answer="this program:             $own
the server:               none
the server sees it as:    none
= 0"

for address in 127.0.0.1 ::1; do
	[ "$address" != ::1 ] || [ -e /proc/net/if_inet6 ] || continue
	for options in "" --udp; do
		served ${options:+"$options"}
		is "$address $options" "$answer" \
			"$(said getpeercon_client ${options:+"$options"} "$address" "$port")"
		is "the server, $address $options" "this program $own
port $port
$address none" "$(cat "$tmp/server")"
	done
done

served --address 127.0.0.1
is "an address alone" "$answer" "$(said getpeercon_client 127.0.0.1 "$port")"
is "nobody listens" "getpeercon_client: cannot connect: Connection refused
= 1" "$(said getpeercon_client 127.0.0.1 "$port")"

# A socket that never reads, so nobody answers.
perl -MSocket -MPOSIX= -e 'socket(S, PF_INET, SOCK_DGRAM, 0);
	bind(S, sockaddr_in(0, INADDR_LOOPBACK));
	open F, ">", "$ARGV[0]/port"; print F (sockaddr_in(getsockname S))[0], "\n"; close F;
	open F, ">", "$ARGV[0]/pid.silent"; print F "$$\n"; close F; POSIX::pause()' "$tmp" &
until [ -s "$tmp/pid.silent" ]; do :; done
hint='"ausearch -m avc -ts recent" tells if SELinux denied it'
is "silence" "getpeercon_client: no answer within 1 second; $hint
= 1" "$(said getpeercon_client -u -t 1 127.0.0.1 "$(cat "$tmp/port")")"
is "a port that is taken" "this program $own
getpeercon_server: cannot listen on port $(cat "$tmp/port"): Address already in use
= 1" "$(said getpeercon_server -u -a 127.0.0.1 "$(cat "$tmp/port")")"

is "no port" "getpeercon_client: expected ADDRESS PORT (--help says more)
= 2" "$(said getpeercon_client 127.0.0.1)"
is "a bad port" "getpeercon_client: port \"http\": expected a number from 1 to 65535
= 2" "$(said getpeercon_client 127.0.0.1 http)"
is "a bad address" "getpeercon_client: \"localhost\": expected an IPv4 or an IPv6 address
= 2" "$(said getpeercon_client localhost 80)"
is "a bad timeout" "getpeercon_client: timeout \"0\": expected a number from 1 to 3600
= 2" "$(said getpeercon_client --timeout 0 127.0.0.1 80)"
is "an unknown option" "getpeercon_client: unrecognized option '--tcp'
= 2" "$(said getpeercon_client --tcp 127.0.0.1 80)"
is "the server, no port" "getpeercon_server: expected PORT (--help says more)
= 2" "$(said getpeercon_server)"
is "the server, a bad port" "getpeercon_server: port \"65536\": expected a number from 0 to 65535
= 2" "$(said getpeercon_server 65536)"
is "the server, a bad count" "getpeercon_server: count \"x\": expected a number from 1 to 1000000
= 2" "$(said getpeercon_server -c x 80)"
is "the server, a bad address" "this program $own
getpeercon_server: \"x\": expected an IPv4 or an IPv6 address
= 2" "$(said getpeercon_server -a x 80)"
for option in udp timeout help; do
	getpeercon_client --help | grep -q -e "--$option" ||
		is "--help" "--$option" ""
done
for option in address background count udp help; do
	getpeercon_server --help | grep -q -e "--$option" ||
		is "--help" "--$option" ""
done
exit "$failed"
