# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Kernel headers made from the kernel's source, for a kernel whose headers Debian has dropped. The
# archive keeps the sources of some of these. It is the source without Debian's patches, with the
# configuration of Debian's kernel, and its modules say which symbols it has.

# What the kernel's build needs, and a module's does not.
SOURCE_PACKAGES=(bc bison diffutils flex libssl-dev python3 zlib1g-dev)

# Prints the folder for make -C.
source_headers() { # RELEASE
	local image version upstream root part folder=usr/src/linux-headers-$1
	image=$(kernel_unpack "linux-image-$1") || exit
	version=${image##*_}
	upstream=${version%-*}
	root=$CACHE/headers/linux-source-$1_$version
	if [ ! -d "$root" ]; then
		[[ $1 = "$upstream"[-+]* ]] ||
			kernel_lacked "package named linux-headers-$1" "${PACKAGE_SUITE%_*}"
		kernel_from_folder "$image" "linux-image-$1"
		part=$(part_open "$CACHE/headers") || exit
		source_unpack "$version" "$upstream" "$part/$folder" || exit
		source_prepare "$part/$folder" "$KERNEL_CONFIG" "${1#"$upstream"}" || exit
		source_symbols >"$part/$folder/Module.symvers"
		mv -T "$part" "$root" 2>/dev/null || rm -rf "$part"
	fi
	printf '%s\n' "$root/$folder"
}

# The code that only the kernel itself is made of is left out.
source_unpack() { # VERSION UPSTREAM FOLDER
	local lists=$CACHE/apt/$PACKAGE_SUITE+source file=$SCRATCH/linux_$2.orig.tar.xz not=() part
	local log=$SCRATCH/source.log
	say "fetching the source of linux $1"
	suite_configure "$lists" "${PACKAGE_SUITE%_*}" "$KERNEL_ARCH" || exit
	sed -i 's/^deb /deb-src /' "$lists/sources.list"
	APT_CONFIG=$lists/apt.conf lists_fetch "$log" apt-get ||
		no_verdict "cannot fetch the list of sources of $PACKAGE_SUITE:" \
			"$(grep -m 1 '^[EW]:' "$log")"
	(
		cd "$SCRATCH"
		LC_ALL=C APT_CONFIG=$lists/apt.conf apt-get -qq source -d --tar-only "linux=$1"
	) >"$log" 2>&1 || :
	# it may be in the list and not in the archive
	! grep -qE '^E: (Unable to find a source|Failed to fetch .*  404 )' "$log" ||
		kernel_lacked "headers and no source of linux $1" "${PACKAGE_SUITE%_*}"
	[ -r "$file" ] || no_verdict "cannot fetch the source of linux $1:" \
		"$(grep -m 1 '^E:' "$log")"
	for part in drivers fs sound; do
		not+=(--exclude="*/$part/*.[chS]")
	done
	not+=(--exclude='*/Documentation/*.rst' --exclude='*/Documentation/*.yaml')
	mkdir -p "$3"
	tar -xJf "$file" -C "$3" --strip-components 1 --wildcards "${not[@]}" ||
		no_verdict "cannot unpack ${file##*/}"
	rm -f "$file"
}

source_prepare() { # FOLDER CONFIG LOCALVERSION
	local compiler root goal log=$SCRATCH/source.log
	compiler=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="[^ ]*\(gcc-[0-9]*\) .*/\1/p' "$2")
	[ -n "$compiler" ] || no_verdict "${2##*/} does not name the compiler"
	root=$(toolchain_unpack "$compiler" "${SOURCE_PACKAGES[@]}") || exit
	say "preparing ${1##*/}"
	sed 's/^\(CONFIG_SYSTEM_TRUSTED_KEYS\|CONFIG_MODULE_SIG_KEY\)=.*/\1=""/' "$2" >"$1/.config"
	printf '%s\n' "$3" >"$1/localversion"
	# as in Debian's headers, for headers_compiler()
	# shellcheck disable=SC2016 # nothing expands it
	printf 'CC = $(CROSS_COMPILE)%s\n' "$compiler" >"$1/.kernelvariables"
	sed -i "s/^\(CC\|HOSTCC\)\([[:space:]]*= .*gcc\)\$/\1\2-${compiler#gcc-}/" "$1/Makefile"
	for goal in olddefconfig modules_prepare; do
		toolchain_run "$root" "$1" -- make -s -C "$1" "$goal" >"$log" 2>&1 ||
			no_verdict "make $goal for ${1##*/}: $(grep -m 1 -A 1 -B 1 "\*\*\*" "$log")"
	done
}

# Prints Module.symvers: what modules import, and where it is exported. The kernel itself does not
# say what it exports; these modules import all that ours needs.
source_symbols() { # after kernel_from_folder()
	local file
	find "$KERNEL_MODULES"/kernel/{net/netfilter,fs,drivers/net/phy} -name '*.ko*' |
		while IFS= read -r file; do
			# without CONFIG_MODVERSIONS it prints nothing
			! modprobe --dump-modversions "$file" 2>/dev/null | grep . || continue
			xz -dc "$file" >"$SCRATCH/symbols.ko"
			nm -u "$SCRATCH/symbols.ko" | sed 's/^ *U /0x00000000\t/'
		done | awk -v OFS='\t' '
		FNR == NR { sub("symbol:", "", $2); owner[$2] = $3; next }
		{ crc[$2] = $1 }
		END {
			for (name in crc)
				print crc[name], name, \
					name in owner ? owner[name] : "vmlinux", \
					"EXPORT_SYMBOL_GPL", ""
		}' "$KERNEL_MODULES/modules.symbols" -
}
