# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Which kernel to boot, and the modules it brings.

KERNEL_IMAGE=
KERNEL_MODULES= # the folder that holds modules.dep; empty when everything is built in
KERNEL_CONFIG=
KERNEL_PACKAGE= # empty for a bzImage

kernel_pick() { # --kernel's value, --modules' value
	[[ $1 = */* ]] || cache_check
	case $1 in
	*/*) kernel_from_file "$1" "$2" ;;
	*) kernel_from_package "$(kernel_package "$1")" ;;
	esac
	kernel_config_judge
}

# Prints the package of a kernel that is not a file.
kernel_package() { # --kernel's value
	case $1 in
	cloud) package_resolve linux-image-cloud-amd64 linux-image- ;;
	6.12) package_resolve linux-image-6.12-amd64 linux-image- ;;
	*) package_resolve "$1" linux-image- ;;
	esac
}

kernel_from_package() { # NAME
	local root release
	need_tools apt-cache apt-get dpkg-deb depmod
	root=$(package_unpack "$1") || exit
	KERNEL_IMAGE=$(find "$root/boot" -name 'vmlinuz-*' 2>/dev/null | head -n 1)
	[ -n "$KERNEL_IMAGE" ] || no_verdict "package $1 holds no kernel"
	# shellcheck disable=SC2034 # read by module.sh
	KERNEL_PACKAGE=$1
	release=${KERNEL_IMAGE##*/vmlinuz-}
	KERNEL_CONFIG=$root/boot/config-$release
	KERNEL_MODULES=$root/lib/modules/$release
	[ -d "$KERNEL_MODULES" ] || KERNEL_MODULES=$root/usr/lib/modules/$release
	# Debian's package leaves the index to its installation script.
	[ -f "$KERNEL_MODULES/modules.dep" ] ||
		depmod -b "${KERNEL_MODULES%/lib/modules/*}" "$release"
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
