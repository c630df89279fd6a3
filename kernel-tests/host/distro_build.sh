# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Builds for another release of Debian than this machine's: its iptables takes only plugins that are
# built with its own libxtables. The compiler is in a folder of the cache, another one than the
# Debian that boots, and runs by chroot.

DISTRO_BUILD_PACKAGES=(autoconf automake libtool make gcc pkg-config libc6-dev
	libxtables-dev libip4tc-dev libip6tc-dev libnftables-dev libmnl-dev libjansson-dev
	libkmod-dev libncurses-dev libselinux1-dev libsepol-dev iptables)

DISTRO_BUILDER= # the folder in the cache; empty: the build tree is for this suite

distro_build_pick() { # SUITE: sets DISTRO_BUILDER
	local suite=$1 key part
	! grep -q "^VERSION_CODENAME=$suite\$" /etc/os-release || return 0
	key=$(sha256sum "$HERE/../host/distro_build.sh")
	DISTRO_BUILDER=$CACHE/distro/build-$suite-${key:0:12}
	[ ! -d "$DISTRO_BUILDER" ] || return 0
	say "making a Debian to build in: $suite"
	part=$(part_open "$CACHE/distro")
	distro_debootstrap "$suite" "$part" "${DISTRO_BUILD_PACKAGES[@]}"
	mv -T "$part" "$DISTRO_BUILDER" 2>/dev/null || rm -rf "$part"
}

distro_build() { # FOLDER: builds these sources, and installs into the folder
	local log=$SCRATCH/build.log stage
	# hard links: the build adds files, and writes to none that is there
	stage=$(part_open "$CACHE/distro")/root
	cp -al "$DISTRO_BUILDER/root" "$stage"
	mkdir "$stage/src"
	tar -C "$HERE/../.." --exclude=./.git --exclude=./build -c . | tar -C "$stage/src" -x
	# a TMPDIR of this machine may be missing there
	env -u TMPDIR chroot "$stage" sh -ec '
		cd /src
		[ ! -e Makefile ] || make -s distclean
		autoreconf -fi
		./configure --quiet --enable-drop-in
		make -s -j2
		make -s DESTDIR=/out install' >"$log" 2>&1 ||
		no_verdict "the build for another suite fails: $(tail -n 1 "$log")"
	cp -a "$stage/out/." "$1/"
	rm -rf "$stage"
}
