# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Debian's whole policy: unpacked and built in the cache, the host's own policy store untouched. Its
# packages are those of this machine's apt, because its tools build and run them.

DEBIAN_STORE= # the root of a built policy store

debian_build() { # [MODULE.cil|MODULE.pp]: sets DEBIAN_STORE and POLICY
	local root module=${1:-} base
	need_tools semodule setfiles
	cache_check
	root=$(PACKAGE_SUITE="" package_unpack selinux-policy-default) || exit
	base=$CACHE/policies/${root##*/}
	[ -d "$base" ] || debian_store "$base" "$root" "$root"/usr/share/selinux/default/*.pp.bz2
	DEBIAN_STORE=$base
	if [ -n "$module" ]; then
		[ -r "$module" ] || no_verdict "cannot read the policy module $module"
		DEBIAN_STORE=$base+$(sha256sum <"$module" | cut -c 1-16)
		[ -d "$DEBIAN_STORE" ] || debian_store "$DEBIAN_STORE" "$base" "$module"
	fi
	# shellcheck disable=SC2034 # read by initramfs.sh
	POLICY=$(find "$DEBIAN_STORE/etc/selinux/default/policy" -name 'policy.*' | head -n 1)
}

debian_store() { # FOLDER FROM MODULE...: a copy of FROM's store with the modules in it
	local folder=$1 from=$2 part
	shift 2
	say "building ${folder##*/}"
	part=$(part_open "$CACHE/policies")
	mkdir -p "$part/etc" "$part/var/lib/selinux"
	cp -r "$from/etc/selinux" "$part/etc/"
	[ ! -d "$from/var/lib/selinux" ] || cp -r "$from/var/lib/selinux" "$part/var/lib/"
	# the newest version that all kernels from 5.10 on can read
	echo 'policy-version = 33' >"$part/etc/selinux/semanage.conf"
	semodule -p "$part" -s default -n -N -i "$@" 2>"$part/log" || {
		cat "$part/log" >&2
		rm -rf "$part"
		no_verdict "the policy cannot be built"
	}
	mv -T "$part" "$folder" 2>/dev/null || rm -rf "$part"
}

# Everything in the guest gets its label from Debian's file contexts.
stage_debian() {
	local mcstrans netlabelctl
	mcstrans=$(PACKAGE_SUITE="" package_unpack mcstrans) || exit
	mkdir -p "$STAGE/etc/selinux/default" "$STAGE/usr/sbin" "$STAGE/newroot"
	cp -r "$DEBIAN_STORE/etc/selinux/default/contexts" "$STAGE/etc/selinux/default/"
	cp "$DEBIAN_STORE/etc/selinux/default/setrans.conf" "$STAGE/etc/selinux/default/"
	# The package may still be unpacked to /sbin, which has no contexts of its own.
	cp "$mcstrans"/sbin/mcstransd "$STAGE/usr/sbin/" 2>/dev/null ||
		cp "$mcstrans"/usr/sbin/mcstransd "$STAGE/usr/sbin/"
	stage_libraries "$STAGE/usr/sbin/mcstransd"
	stage_programs "$(command -v setfiles)"
	if netlabelctl=$(program_path netlabelctl); then
		stage_programs "$netlabelctl"
	fi
	printf 'SELINUX=enforcing\nSELINUXTYPE=default\n' >"$STAGE/etc/selinux/config"
	cp "$HERE"/debian/*.plan "$STAGE/etc/secmark2/"
	: >"$STAGE/etc/secmark2/relabel"
}
