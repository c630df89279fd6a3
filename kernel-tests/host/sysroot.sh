# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The programs and libraries of another architecture, of the suite that this machine runs. They are
# unpacked in the cache: no package is installed, and this machine's apt is left as it is.

SYSROOT_PACKAGES=(libc6-dev linux-libc-dev libxtables-dev libip4tc-dev libip6tc-dev
	libnftables-dev libmnl-dev libjansson-dev libkmod-dev libncurses-dev libselinux1-dev
	libsepol-dev libcmocka-dev iptables iproute2 nftables busybox-static util-linux strace)

# Sets SYSROOT. It is made again when the packages that it needs have new versions.
sysroot_open() {
	local names part
	[ "$ARCH" != amd64 ] || return 0
	suite_open "$(suite_of_host)" "$ARCH"
	names=$(sysroot_apt --print-uris | sort) || names=
	if [ -z "$names" ]; then
		no_verdict "$(suite_of_host) has not all packages for $ARCH:" \
			"$(sysroot_apt --print-uris 2>&1 | tail -n 1)"
	fi
	SYSROOT=$CACHE/sysroots/$PACKAGE_SUITE-$(sha256sum <<<"$names" | cut -c 1-16)
	[ ! -d "$SYSROOT" ] || return 0
	say "fetching the libraries of $ARCH"
	part=$(part_open "$CACHE/sysroots")
	sysroot_fetch "$part" || no_verdict "cannot fetch the libraries of $ARCH"
	mv -T "$part" "$SYSROOT" 2>/dev/null || rm -rf "$part"
}

# As no package is installed there, apt takes all that these packages depend on.
sysroot_apt() { # OPTION...
	package_apt apt-get -qq -y "$@" install --no-install-recommends "${SYSROOT_PACKAGES[@]}"
}

sysroot_fetch() { # FOLDER
	local package link archives=$1/archives
	mkdir -p "$archives/partial"
	sysroot_apt -d -o Dir::Cache::Archives="$archives" >/dev/null || return
	# a script of another package makes these where /usr is merged
	for link in bin sbin lib lib64; do
		mkdir -p "$1/usr/$link"
		ln -s "usr/$link" "$1/$link"
	done
	for package in "$archives"/*.deb; do
		dpkg-deb --fsys-tarfile "$package" |
			tar -C "$1" -x --no-same-owner --keep-directory-symlink || return
	done
	rm -rf "$archives"
	# absolute links would lead out of it
	find "$1" -type l -lname '/*' -printf '%p\t%l\n' |
		while IFS=$'\t' read -r link package; do
			ln -snfr "$1$package" "$link"
		done
}

# Copies the libraries of programs into the guest's file system, to their path in the sysroot. ldd
# cannot list them, because it runs the program. A script has none.
sysroot_libraries() { # FILE...
	local file name path
	local -a todo=("$@")
	while [ "${#todo[@]}" -gt 0 ]; do
		file=${todo[0]}
		todo=("${todo[@]:1}")
		while read -r name; do
			path=$(sysroot_library "$name")
			[ ! -e "$STAGE/$path" ] || continue
			mkdir -p "$STAGE/${path%/*}"
			cp -L "$SYSROOT/$path" "$STAGE/$path"
			todo+=("$SYSROOT/$path")
		done < <({ readelf -l -d "$file" 2>/dev/null || :; } |
			sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p; s/.*interpreter: \(.*\)\]/\1/p')
	done
}

# Prints the path of a library below SYSROOT.
sysroot_library() { # NAME, or the absolute path of the dynamic linker
	local folder
	case $1 in
	/*) printf '%s\n' "${1#/}" ;;
	*)
		for folder in "usr/lib/$ARCH_TRIPLET" usr/lib; do
			[ ! -e "$SYSROOT/$folder/$1" ] || {
				printf '%s\n' "$folder/$1"
				return 0
			}
		done
		no_verdict "$1 is not among the libraries of $ARCH"
		;;
	esac
}

# The options of configure to build for it.
sysroot_configure() { # sets CONFIGURE_ARGS
	local libdir=$SYSROOT/usr/lib/$ARCH_TRIPLET compiler=$ARCH_TRIPLET-gcc
	[ "$ARCH" != i386 ] || compiler="gcc -m32"
	# shellcheck disable=SC2034 # for who calls it
	CONFIGURE_ARGS=(--build=x86_64-linux-gnu --host="$ARCH_TRIPLET"
		CC="$compiler --sysroot=$SYSROOT"
		PKG_CONFIG="$(command -v pkg-config)" PKG_CONFIG_SYSROOT_DIR="$SYSROOT"
		PKG_CONFIG_LIBDIR="$libdir/pkgconfig:$SYSROOT/usr/share/pkgconfig")
}
