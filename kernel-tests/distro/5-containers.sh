# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Docker, podman and libvirt write tables of their own: our rules stay, and nothing is logged.
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

# What runs in a container: a web server without a page. It answers 404.
BOX=/srv/box
mkdir -p $BOX/{bin,dev,etc,proc,sys,tmp}
cp /bin/busybox $BOX/bin/
ln -sf busybox $BOX/bin/sh
SERVER=(/bin/busybox httpd -f -p 80)
# podman would use types that Debian's policy has no module for (container_file_t)
printf '[containers]\nlabel = false\n' >/etc/containers/containers.conf

# Its exit status; what it says as well, if it fails. What hangs ends.
outcome() {
	timeout 120 "$@" >/tmp/outcome 2>&1 && echo 0 >/tmp/outcome || echo $? >>/tmp/outcome
}

works() { # SENTENCE COMMAND...
	after "$1" nobody outcome "${@:2}"
	is "$1: it works" "$(tail -n 5 /tmp/outcome)" 0
}

answers() { # PORT
	[ "$(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://10.0.2.15:$1/")" = 404 ]
}

serves() { # SENTENCE PORT
	poll 30 answers "$2"
	is "$1" "$(answers "$2" && echo yes)" yes
}

# iptables-nft's tables are those that docker and podman write to.
for backend in iptables-nft nft; do
	apply $backend
	rest
	works "$backend: docker starts" systemctl start docker
	if [ $backend = iptables-nft ]; then
		tar -C $BOX -cf /tmp/box.tar .
		docker import /tmp/box.tar box >/dev/null 2>&1
		works "$backend: docker opens a port" \
			docker run -d --restart always -p 8081:80 box "${SERVER[@]}"
		works "$backend: podman opens a port" \
			podman run -d -p 8082:80 --rootfs $BOX "${SERVER[@]}"
	fi
	works "$backend: docker restarts" systemctl restart docker
	serves "$backend: docker's container serves" 8081
	serves "$backend: podman's container serves" 8082
	works "$backend: docker stops" systemctl stop docker.socket docker
	command -v virsh >/dev/null || continue
	systemctl start libvirtd
	works "$backend: libvirt starts its network" virsh net-start default
	works "$backend: libvirt stops it" virsh net-destroy default
done
timeout 60 podman rm -f -t 0 -a >/dev/null 2>&1
systemctl stop libvirtd 2>/dev/null
no_new_denials "all of this"
