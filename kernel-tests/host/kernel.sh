# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Which kernel to boot, and the modules it brings. suite.sh and package.sh come before this file.

KERNEL_IMAGE=
KERNEL_MODULES= # the folder that holds modules.dep; empty when everything is built in
KERNEL_CONFIG=
KERNEL_PACKAGE= # empty for a kernel that is no package
KERNEL_HEADERS= # the folder for make -C; empty for a package, whose headers are another package
KERNEL_LACKED=$EXIT_NO_VERDICT # the exit status if the archive has no such kernel

# Prints --kernel's value as a path, if it names a file or a build tree of this folder: bzImage. A
# suite, a version or a package is never one.
kernel_path() { # --kernel's value
	case $1 in
	*/* | [0-9]* | linux-image-*) ;;
	*)
		if [ -f "$1" ] || [ -f "$1/.config" ]; then
			printf './'
		fi
		;;
	esac
	printf '%s\n' "$1"
}

kernel_pick() { # --kernel's value, --modules' value
	case $1 in
	*/*)
		if [ -d "$1" ]; then
			kernel_from_tree "$1" "$2"
		else
			kernel_from_file "$1" "$2"
		fi
		;;
	running) kernel_running ;;
	*)
		kernel_package "$1"
		kernel_from_package "$KERNEL_PACKAGE"
		;;
	esac
	kernel_config_judge
}

# Sets KERNEL_PACKAGE, and PACKAGE_SUITE to a suite that has it.
kernel_package() { # --kernel's value: a suite, a version or a package
	local name=$1 flavour=''
	[ "$name" != cloud ] || name=bookworm-cloud
	[[ $name =~ ^[a-z0-9][a-z0-9.+~-]*$ ]] || kernel_unknown "$1"
	case $name in
	linux-image-[0-9]*) kernel_package_search "$name" ;;
	linux-image-*) kernel_unknown "$1" ;;
	[0-9]*-"$KERNEL_ARCH") kernel_package_search "linux-image-$name" ;;
	*-"$KERNEL_ARCH") kernel_unknown "$1" ;;
	*)
		[ "$name" = "${name%-cloud}" ] || flavour=cloud-
		name=${name%-cloud}
		case $name in
		[0-9]*) kernel_of_version "$name" "$flavour" ;;
		*) kernel_of_suite "$name" "$flavour" ;;
		esac
		;;
	esac
}

kernel_unknown() { # --kernel's value
	no_verdict "no kernel is called '$1': name a suite (trixie, bookworm-backports)," \
		"a version (6.12), a package (linux-image-6...), a file, a build tree, or running"
}

# The metapackage of a suite names its kernel. Of backports and experimental it is the newest
# kernel, which may have moved to the security updates.
kernel_of_suite() { # SUITE FLAVOUR
	suite_open "$1"
	case $1 in
	*-backports | experimental) KERNEL_PACKAGE=$(suite_kernels "$2" | tail -n 1) || : ;;
	*) KERNEL_PACKAGE=linux-image-$2$KERNEL_ARCH ;;
	esac
	[ -n "$KERNEL_PACKAGE" ] || kernel_lacked "package named linux-image-*-$2$KERNEL_ARCH" "$1"
	KERNEL_PACKAGE=$(package_resolve "$KERNEL_PACKAGE" linux-image-)
}

kernel_of_version() { # VERSION FLAVOUR
	local suite suites
	read -r -a suites <<<"$(suites_of_version "$1")"
	for suite in "${suites[@]}"; do
		suite_open "$suite"
		KERNEL_PACKAGE=$(suite_kernels "$2" |
			grep -E "^linux-image-${1//./\\.}[^0-9]" | tail -n 1) || KERNEL_PACKAGE=
		[ -z "$KERNEL_PACKAGE" ] || {
			KERNEL_PACKAGE=$(package_resolve "$KERNEL_PACKAGE" linux-image-)
			return 0
		}
	done
	kernel_lacked "package named linux-image-$1*-$2$KERNEL_ARCH" "${suites[@]}"
}

# The same package may be in several suites.
kernel_package_search() { # NAME
	local suite suites version=${1#linux-image-}
	version=${version%%[-+]*}
	read -r -a suites <<<"$(suites_of_version "$version")"
	for suite in "${suites[@]}"; do
		suite_open "$suite"
		[ -z "$(package_show "$1")" ] || {
			KERNEL_PACKAGE=$(package_resolve "$1" linux-image-)
			return 0
		}
	done
	kernel_lacked "package named $1" "${suites[@]}"
}

# A suite without a list says nothing about its kernels.
kernel_lacked() { # WHAT SUITE...
	local suite what=$1
	shift
	for suite; do
		suite_open "$suite"
		[ -n "$(suite_lists "$PACKAGE_SUITE")" ] || no_verdict "$(package_unknown "$what")"
	done
	EXIT_NO_VERDICT=$KERNEL_LACKED no_verdict "no $what in $*"
}

kernel_from_package() { # NAME
	local root
	need_tools apt-cache apt-get dpkg-deb depmod
	root=$(kernel_unpack "$1") || exit
	kernel_from_folder "$root" "$1"
}

# Sets the files of a kernel that was unpacked.
kernel_from_folder() { # FOLDER NAME
	local root=$1
	shift
	KERNEL_IMAGE=$(kernel_image_below "$root")
	[ -n "$KERNEL_IMAGE" ] || no_verdict \
		"package $1 holds no kernel: neither /boot/vmlinuz-* nor /usr/lib/modules/*/vmlinuz"
	case $KERNEL_IMAGE in
	*/boot/vmlinuz-*)
		KERNEL_CONFIG=$root/boot/config-${KERNEL_IMAGE##*/vmlinuz-}
		KERNEL_MODULES=$root/lib/modules/${KERNEL_IMAGE##*/vmlinuz-}
		[ -d "$KERNEL_MODULES" ] || KERNEL_MODULES=$root/usr${KERNEL_MODULES#"$root"}
		;;
	*)
		KERNEL_MODULES=${KERNEL_IMAGE%/vmlinuz}
		KERNEL_CONFIG=$KERNEL_MODULES/config
		;;
	esac
	[ -r "$KERNEL_CONFIG" ] || no_verdict "package $1 has no ${KERNEL_CONFIG#"$root"}"
	[ -d "$KERNEL_MODULES" ] || no_verdict "package $1 has no ${KERNEL_MODULES#"$root"}"
	# Debian's package leaves the index to its installation script.
	[ -f "$KERNEL_MODULES/modules.dep" ] ||
		depmod -b "${KERNEL_MODULES%/lib/modules/*}" "${KERNEL_MODULES##*/}"
}

kernel_image_below() { # FOLDER
	find "$1" \( -path "$1/boot/vmlinuz-*" -o -path "$1/usr/lib/modules/*/vmlinuz" \) \
		2>/dev/null | head -n 1
}

# Prints the folder with the files of a kernel's package. From 6.19 on that package is empty, and
# others that it depends on have the files.
kernel_unpack() { # NAME
	local root merged part name
	root=$(package_unpack "$1") || exit
	merged=$CACHE/kernels/${root##*/}
	if [ -n "$(kernel_image_below "$root")" ]; then
		printf '%s\n' "$root"
		return
	fi
	if [ ! -d "$merged" ]; then
		part=$(part_open "$CACHE/kernels") || exit
		for name in linux-binary- linux-modules- linux-base-; do
			name=$(package_resolve "$1" "$name")
			[ "$name" != "$1" ] || continue
			root=$(package_unpack "$name") || exit
			# hard links; depmod makes new files
			cp -al "$root"/. "$part" || exit
		done
		mv -T "$part" "$merged" 2>/dev/null || rm -rf "$part"
	fi
	printf '%s\n' "$merged"
}

kernel_from_file() { # IMAGE [MODULES: a folder with modules.dep, or with lib/modules/RELEASE in it]
	local index
	[ -r "$1" ] || no_verdict "no kernel at $1"
	KERNEL_IMAGE=$1
	[ -n "$2" ] || return 0
	index=$(find "$2" -maxdepth 4 -name modules.dep 2>/dev/null)
	[ -n "$index" ] || no_verdict "no modules.dep below $2 (run depmod)"
	[[ $index != *$'\n'* ]] ||
		no_verdict "modules of more than one kernel below $2: name one release's folder"
	KERNEL_MODULES=${index%/*}
}

# Sets the files of a build tree. Its modules are installed into the scratch folder, because their
# index is made by modules_install.
kernel_from_tree() { # FOLDER [MODULES]
	local tree file
	tree=$(cd "$1" && pwd)
	for file in "$KERNEL_FILE" .config; do
		[ -r "$tree/$file" ] || no_verdict "no built kernel in $1: $file is missing"
	done
	kernel_from_file "$tree/$KERNEL_FILE" "$2"
	KERNEL_CONFIG=$tree/.config
	# shellcheck disable=SC2034 # read by module.sh
	KERNEL_HEADERS=$tree
	[ -z "$KERNEL_MODULES" ] && [ -s "$tree/modules.order" ] || return 0
	need_tools make
	# the guest takes modules without a signature, and the key may be elsewhere
	make -s -C "$tree" INSTALL_MOD_PATH="$SCRATCH/modules" INSTALL_MOD_STRIP=1 \
		CONFIG_MODULE_SIG_ALL= modules_install >"$SCRATCH/modules_install.log" 2>&1 ||
		no_verdict "make modules_install in $1: $(tail -n 1 "$SCRATCH/modules_install.log")"
	kernel_from_file "$KERNEL_IMAGE" "$SCRATCH/modules"
}

# Distributions have the image of the kernel that runs in one of two places.
kernel_running() {
	local release folder
	release=$(uname -r)
	folder=/lib/modules/$release
	KERNEL_IMAGE=/boot/vmlinuz-$release
	[ -r "$KERNEL_IMAGE" ] || KERNEL_IMAGE=$folder/vmlinuz
	[ -r "$KERNEL_IMAGE" ] || no_verdict "the kernel that runs cannot be read:" \
		"neither /boot/vmlinuz-$release nor $KERNEL_IMAGE"
	[ -r "$folder/modules.dep" ] || no_verdict "$folder/modules.dep is missing"
	KERNEL_MODULES=$folder
	KERNEL_CONFIG=/boot/config-$release
	[ -r "$KERNEL_CONFIG" ] || KERNEL_CONFIG=$folder/config
	# shellcheck disable=SC2034 # read by module.sh
	KERNEL_HEADERS=$folder/build
}

# Checks only options without which no case makes sense. For other options the guest skips cases.
kernel_config_judge() {
	local option
	[ -r "$KERNEL_CONFIG" ] || return 0
	for option in SECURITY_SELINUX AUDIT NETWORK_SECMARK; do
		grep -q "^CONFIG_$option=y" "$KERNEL_CONFIG" ||
			no_verdict "this kernel has no CONFIG_$option"
	done
}

# A skipped case may hide a regression: prints one line for each skip that the kernel's
# configuration contradicts.
kernel_skip_reasons() { # REASONS of skipped cases
	[ -r "$KERNEL_CONFIG" ] || return 0
	case $1 in
	*'no legacy iptables'*)
		! grep -q '^CONFIG_IP_NF_SECURITY=[ym]' "$KERNEL_CONFIG" ||
			echo "cases were skipped because legacy iptables is missing," \
				"but CONFIG_IP_NF_SECURITY is set"
		;;
	esac
	case $1 in
	*'no rules from 32-bit programs'*)
		! grep -q '^CONFIG_NETFILTER_XTABLES_COMPAT=y' "$KERNEL_CONFIG" ||
			echo "cases with 32-bit programs were skipped," \
				"but CONFIG_NETFILTER_XTABLES_COMPAT is set"
		;;
	esac
	case $1 in
	*'no IPv6'*)
		! grep -q '^CONFIG_IPV6=[ym]' "$KERNEL_CONFIG" ||
			echo "cases were skipped because IPv6 is missing, but CONFIG_IPV6 is set"
		;;
	esac
}
