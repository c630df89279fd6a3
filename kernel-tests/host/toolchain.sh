# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The compiler of another suite. Its gcc and the programs of its kernel headers may need libraries
# that this machine does not have, so they run in a root of their own, unpacked in the cache.

# base-files is the first: it may bring links that the others unpack through.
TOOLCHAIN_PACKAGES=(base-files bash binutils coreutils dash findutils grep libelf-dev make mawk
	perl-base sed sparse)

# kbuild HEADERS FOLDER ARGUMENT...: runs make for the module in FOLDER, with the compiler that
# built the kernel. It needs PACKAGE_SUITE if this machine lacks that compiler.
kbuild() {
	local headers=$1 folder=$2 root more=()
	shift 2
	[ "$KERNEL_ARCH" = amd64 ] ||
		set -- ARCH="$KERNEL_KBUILD" CROSS_COMPILE="$KERNEL_TRIPLET-" "$@"
	if headers_usable "$headers"; then
		make -s -C "$headers" M="$folder" "$@"
		return
	fi
	if [ "$KERNEL_ARCH" != amd64 ]; then
		echo "$(headers_compiler "$headers") is not installed" >&2
		return 1
	fi
	# source.sh makes headers with all scripts of the kernel. W=1 runs kernel-doc.py
	if [ -e "$headers/localversion" ] ||
		[ -e "$(headers_common "$headers")/scripts/kernel-doc.py" ]; then
		more=("${SOURCE_PACKAGES[@]}")
	fi
	root=$(toolchain_unpack "$(headers_compiler "$headers")" "${more[@]}") || return
	toolchain_run "$root" "$CACHE" "$folder" -- make -s -C "$headers" M="$folder" "$@"
}

# Prints the root. With more packages it is another one.
toolchain_unpack() { # COMPILER [PACKAGE...]
	local part root=$CACHE/toolchains/$PACKAGE_SUITE-$1${2:+-and-more}
	if [ ! -d "$root" ]; then
		[ -n "$PACKAGE_SUITE" ] || no_verdict "$1 is not installed"
		say "fetching $1 of $PACKAGE_SUITE"
		part=$(part_open "$CACHE/toolchains")
		toolchain_fetch "$part" "$@" || no_verdict "cannot fetch $1 of $PACKAGE_SUITE"
		mv -T "$part" "$root" 2>/dev/null || rm -rf "$part"
	fi
	printf '%s\n' "$root"
}

# As no package is installed there, apt fetches all that these packages depend on.
toolchain_fetch() { # FOLDER COMPILER [PACKAGE...]
	local package folder=$1 archives=$1/archives pahole=
	shift
	# bullseye has none, and needs none
	[ -z "$(package_show pahole)" ] || pahole=pahole
	mkdir -p "$archives/partial" "$folder"/{dev,proc}
	package_apt apt-get -qq -y -d -o Dir::Cache::Archives="$archives" \
		install --no-install-recommends "${TOOLCHAIN_PACKAGES[@]}" ${pahole:+"$pahole"} \
		"$@" >/dev/null || return
	for package in "$archives"/base-files_*.deb "$archives"/*.deb; do
		dpkg-deb -x "$package" "$folder" || return
	done
	rm -rf "$archives"
	# scripts of other packages make these
	[ -e "$folder/bin/sh" ] || ln -s dash "$folder/bin/sh" || return
	[ -e "$folder/usr/bin/awk" ] || ln -s mawk "$folder/usr/bin/awk"
}

# Runs a command in the root. The folders are there under their own names.
toolchain_run() { # ROOT FOLDER... -- COMMAND...
	# shellcheck disable=SC2016 # the inner shell expands it
	with_own_mounts "$1" bash -c '
		root=$1
		shift
		set -- /dev /proc "$@"
		while [ "$1" != -- ]; do
			mkdir -p "$root$1" && mount --rbind "$1" "$root$1" &&
				mount --make-rprivate "$root$1" || exit
			shift
		done
		shift
		LANG=C PATH=/usr/bin:/bin:/usr/sbin:/sbin exec chroot "$root" "$@"' toolchain "$@"
}
