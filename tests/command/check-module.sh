#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel module builds without a warning, with W=1 and with sparse. KDIRS names folders of
# kernel headers: the module must build for each of them. Without KDIRS, it must build for each
# kernel that is installed, or was fetched by kernel-tests/headers, if its compiler is here. If dkms
# is installed, the module for the first kernel also goes through add, build, install and remove, in
# a scratch tree.
set -euo pipefail

sources=$(cd "${srcdir:-.}/../extensions" && pwd)
# shellcheck source=kernel-tests/host/headers.sh
. "$sources/../kernel-tests/host/headers.sh"
cache=${SECMARK2_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/secmark2}
# The options of the make that runs this are not for kbuild. With -s, the log would not show that
# sparse ran.
unset MAKEFLAGS MFLAGS MAKELEVEL
scratch=$(mktemp -d "$PWD/module.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

if [ -n "${KDIRS-}" ]; then
	read -ra kdirs <<< "$KDIRS"
else
	shopt -s nullglob
	# the folder of the files that all flavours of a kernel share has no configuration;
	# kernel-tests --arch may have fetched headers of other architectures
	autoconf=include/generated/autoconf.h
	kdirs=({/lib/modules/*/build,"$cache"/headers/*/usr/src/linux-headers-*amd64}/"$autoconf")
	kdirs=("${kdirs[@]%/"$autoconf"}")
	shopt -u nullglob
fi

fault() {
	echo "$*" >&2
	exit 1
}

# A kernel that was found here may be left out, one that was given may not.
leave_out() { # KDIR REASON
	[ -z "${KDIRS-}" ] || fault "$1: $2"
	echo "not for $1: $2"
}

# The module is not for kernels without labels; distributions have such flavours.
has_labels() { # KDIR
	grep -q '^#define CONFIG_NETWORK_SECMARK ' "$1/include/generated/autoconf.h" &&
		grep -q '^#define CONFIG_NF_CONNTRACK_SECMARK ' "$1/include/generated/autoconf.h"
}

release_of() { # KDIR
	sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' "$1/include/generated/utsrelease.h"
}

copy_module_sources() { # FOLDER
	mkdir -p "$1"
	cp -p "$MODULE_CONF/Kbuild" "$sources"/{xt_secmark2.c,xt_secmark2.h,xt_compat.h} "$1/"
}

# build KDIR: a warning of the compiler, modpost or sparse about our own files is a fault
build() {
	local folder=$scratch/build log=$scratch/log check=()
	rm -rf "$folder"
	copy_module_sources "$folder"
	if command -v sparse > /dev/null && headers_check "$1"; then
		check=(C=2 CF=-D__CHECK_ENDIAN__)
	fi
	make -C "$1" M="$folder" W=1 "${check[@]}" modules > "$log" 2>&1 ||
		{ cat "$log"; fault "$1: does not build"; }
	if grep -E '^[^ ]*xt_(secmark2|compat)[^ ]*: *(warning|error)|^(WARNING|ERROR):' \
		"$log"; then
		fault "$1: not without a warning"
	fi
	[ ${#check[@]} -eq 0 ] || grep -q CHECK "$log" || fault "$1: sparse did not run"
	properties "$folder/xt_secmark2.ko"
}

# properties FILE: both iptables variants load the module through its aliases, and it says which
# release it is of
properties() {
	local name
	for name in ip{,6}t_{SECMARK2,CONNSECMARK2,secmark2}; do
		modinfo -F alias "$1" | grep -qx "$name" || fault "$1: no alias $name"
	done
	[ "$(modinfo -F version "$1")" = "$PACKAGE_VERSION" ] ||
		fault "$1: version $(modinfo -F version "$1")"
	[ "$(modinfo -F license "$1")" = GPL ] || fault "$1: license $(modinfo -F license "$1")"
	modinfo -F depends "$1" | grep -q nf_conntrack ||
		fault "$1: depends on $(modinfo -F depends "$1")"
}

# Only root may install with dkms. With this sign_file, dkms makes no key for the scratch tree.
dkms_do() { # ACTION RELEASE KDIR
	local as=()
	[ "$(id -u)" -eq 0 ] || as=(unshare -r)
	sign_file=/nonexistent "${as[@]}" dkms "$1" -m secmark2 -v "$PACKAGE_VERSION" -k "$2" \
		--kernelsourcedir "$3" --dkmstree "$scratch/dkms" --sourcetree "$scratch/src" \
		--installtree "$scratch/lib/modules" --no-depmod \
		> "$scratch/log" 2>&1 < /dev/null ||
		{ cat "$scratch/log"; fault "dkms $1 failed"; }
}

dkms_status() {
	dkms status -m secmark2 -v "$PACKAGE_VERSION" --dkmstree "$scratch/dkms" \
		--sourcetree "$scratch/src" --installtree "$scratch/lib/modules"
}

dkms_through() { # KDIR
	local release
	release=$(release_of "$1")
	copy_module_sources "$scratch/src/secmark2-$PACKAGE_VERSION"
	cp "$MODULE_CONF/dkms.conf" "$scratch/src/secmark2-$PACKAGE_VERSION/"
	mkdir -p "$scratch/dkms" "$scratch/lib/modules/$release"
	dkms_do add "$release" "$1"
	dkms_do build "$release" "$1"
	dkms_do install "$release" "$1"
	dkms_status | grep -q ': installed$' || fault "dkms says: $(dkms_status)"
	[ -n "$(find "$scratch/lib" -name 'xt_secmark2.ko*')" ] || fault "dkms installed no module"
	dkms_do remove "$release" "$1"
	[ -z "$(find "$scratch/lib" -name 'xt_secmark2.ko*')" ] ||
		fault "dkms left the module behind"
	[ -z "$(dkms_status)" ] || fault "dkms still says: $(dkms_status)"
}

built=
for kdir in "${kdirs[@]}"; do
	if [ ! -r "$kdir/include/generated/autoconf.h" ]; then
		leave_out "$kdir" "no headers of a kernel"
	elif ! has_labels "$kdir"; then
		leave_out "$kdir" "that kernel has no labels"
	elif ! headers_usable "$kdir"; then
		leave_out "$kdir" "$(headers_compiler "$kdir") is missing, or does not run"
	else
		echo "for $kdir"
		build "$kdir"
		built=${built:-$kdir}
	fi
done
if [ -z "$built" ]; then
	echo "no headers of a kernel with labels here:" \
		"set KDIRS, or run kernel-tests/headers KERNEL"
	exit 77
fi
if command -v dkms > /dev/null && { [ "$(id -u)" -eq 0 ] || unshare -r true 2> /dev/null; }; then
	dkms_through "$built"
fi
