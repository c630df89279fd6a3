# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Kernel headers of Debian, to build a module with. They are unpacked and never installed, because
# the headers of a backported kernel depend on its image.

# Prints the folder for make -C.
headers_unpack() { # RELEASE
	local name=linux-headers-$1 root
	root=$(package_unpack "$name") || exit
	root=$CACHE/headers/${root##*/}
	[ -d "$root" ] || headers_merge "$name" "$root" || exit
	printf '%s\n' "$root/usr/src/$name"
}

# The folder of a release comes from three packages: its configuration, the part that all flavours
# share, and the programs of kbuild. Their links to each other are relative, so they have to be
# below one root.
headers_merge() { # PACKAGE ROOT
	local name part root common kbuild
	say "merging ${2##*/}"
	common=$(package_resolve "$1" linux-headers-) || return
	kbuild=$(package_resolve "$1" linux-kbuild-) || return
	part=$(part_open "$CACHE/headers") || return
	for name in "$1" "$common" "$kbuild"; do
		root=$(package_unpack "$name") || exit
		# Hard links; nothing is ever written to them.
		cp -al "$root"/. "$part" || return
	done
	# the one absolute path; sed -i breaks the hard link
	sed -i 's|^include /usr/src/|include ../|' "$part/usr/src/$1/Makefile" || return
	mv -T "$part" "$2" 2>/dev/null || rm -rf "$part"
}

# Prints the compiler the kernel was built with, as its headers name it.
headers_compiler() { # FOLDER
	sed -n 's/^CC *[:?]*= .*[ )]\([^ ]*gcc-[0-9]*\)$/\1/p' "$1/.kernelvariables" 2>/dev/null |
		grep . || echo gcc
}
