# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Kernel headers of Debian, to build a module with. They are unpacked and never installed, because
# the headers of a backported kernel depend on its image.

# Prints the folder for make -C. source.sh makes what the archive does not have.
headers_unpack() { # RELEASE
	local name=linux-headers-$1 root
	if [ -z "$(package_show "$name")" ]; then
		source_headers "$1"
		return
	fi
	root=$(package_unpack "$name") || exit
	root=$CACHE/headers/${root##*/}
	[ -d "$root" ] || headers_merge "$name" "$root" || exit
	printf '%s\n' "$root/usr/src/$name"
}

# The folder of a release comes from three packages: its configuration, the part that all flavours
# share, and the programs of kbuild. Their links to each other are relative, so they have to be
# below one root.
headers_merge() { # PACKAGE ROOT
	local name part root common kbuild folder
	say "merging ${2##*/}"
	common=$(package_resolve "$1" linux-headers-) || return
	kbuild=$(package_resolve "$1" linux-kbuild-) || return
	part=$(part_open "$CACHE/headers") || return
	for name in "$1" "$common" "$kbuild"; do
		root=$(headers_package "$name") || exit
		# Hard links; nothing is ever written to them.
		cp -al "$root"/. "$part" || return
	done
	# The absolute paths: of the common part, and from 6.16 on of this folder. sed -i breaks the
	# hard link.
	# shellcheck disable=SC2016 # make expands it
	folder='$(realpath $(dir $(firstword $(MAKEFILE_LIST))))'
	sed -i -e 's|^include /usr/src/|include ../|' \
		-e "s|^KBUILD_OUTPUT *=.*|KBUILD_OUTPUT := $folder|" \
		"$part/usr/src/$1/Makefile" || return
	mv -T "$part" "$2" 2>/dev/null || rm -rf "$part"
}

# Prints the folder of the unpacked package. The programs of kbuild run on this machine, so they are
# always amd64.
headers_package() { # NAME
	[[ $1 != linux-kbuild-* ]] || [ "$KERNEL_ARCH" = amd64 ] ||
		suite_open "${PACKAGE_SUITE%_*}" amd64
	package_unpack "$1"
}

# Prints the compiler the kernel was built with, as its headers name it. For another architecture it
# is the cross compiler.
headers_compiler() { # FOLDER
	local name
	name=$(sed -n 's/^CC *[:?]*= .*[ )]\([^ ]*gcc-[0-9]*\)$/\1/p' "$1/.kernelvariables" \
		2>/dev/null)
	printf '%s\n' "${KERNEL_TRIPLET:+$KERNEL_TRIPLET-}${name:-gcc}"
}

# Whether this machine has the compiler of the headers, and runs the programs of kbuild.
headers_usable() { # FOLDER
	local programs
	command -v "$(headers_compiler "$1")" >/dev/null || return
	mapfile -t programs < <(headers_programs "$1")
	[ "${#programs[@]}" -eq 0 ] || ! ldd "${programs[@]}" 2>&1 | grep 'not found' >/dev/null
}

headers_programs() { # FOLDER
	local file
	for file in scripts/basic/fixdep scripts/mod/modpost tools/objtool/objtool; do
		[ ! -x "$1/$file" ] || echo "$1/$file"
	done
}

# Prints the folder of what all flavours of the kernel share. It can be the same one.
headers_common() { # FOLDER
	local common
	common=$(sed -n 's|^include \([./].*\)/Makefile$|\1|p' "$1/Makefile" 2>/dev/null)
	[[ $common = /* ]] || common=$1/${common:-.}
	printf '%s\n' "$common"
}

# Whether kbuild can run sparse. Since 7.0 Debian's headers lack a script that it calls for that.
# Since 6.19 each MODULE_INFO() asserts something about strlen(): for sparse 0.6.4 that is no
# constant.
headers_check() { # FOLDER
	local common
	common=$(headers_common "$1")
	if grep -q checker-valid.sh "$common/Makefile"; then
		[ -e "$common/scripts/checker-valid.sh" ] || return
	fi
	! grep -q '__builtin_strlen(info)' "$common/include/linux/moduleparam.h"
}
