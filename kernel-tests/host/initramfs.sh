# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The guest's root file system: our plugins and guest programs from the build tree, iptables, ip and
# a shell from the host, or from the sysroot. Nothing else that happens to be installed reaches the
# guest.

STAGE=

initramfs_build() { # OUTPUT
	STAGE=$SCRATCH/root
	mkdir -p "$STAGE"/{bin,sbin,dev,proc,sys,run,tmp,etc/secmark2,etc/selinux,usr/lib/secmark2}
	stage_busybox
	stage_iptables
	stage_plugins
	stage_command
	stage_guest
	[ -z "$DEBIAN_STORE" ] || stage_debian
	stage_modules
	(cd "$STAGE" && find . -print0 | LC_ALL=C sort -z | cpio -0 -o -H newc --quiet) >"$1"
}

# Prints the path of a program: on this machine, or below SYSROOT.
program_path() { # NAME, or the path of a program of the build
	local folder
	if [ -z "$SYSROOT" ] || [[ $1 = */* ]]; then
		command -v "$1"
		return
	fi
	for folder in sbin bin; do
		[ ! -x "$SYSROOT/usr/$folder/$1" ] || {
			printf '%s\n' "$SYSROOT/usr/$folder/$1"
			return 0
		}
	done
	return 1
}

# Copies programs to the path they have on the host, and every library they are linked with.
stage_programs() {
	local file path
	for file; do
		path=$STAGE${file#"$SYSROOT"}
		mkdir -p "${path%/*}"
		cp -L "$file" "$path"
	done
	stage_libraries "$@"
}

stage_libraries() {
	local lib
	if [ -n "$SYSROOT" ]; then
		sysroot_libraries "$@"
		return
	fi
	# A static program makes ldd fail, and has nothing to copy.
	{ ldd "$@" 2>/dev/null || :; } |
		sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (0x.*/\1/p' |
		sort -u |
		while read -r lib; do
			[ -e "$STAGE$lib" ] && continue
			mkdir -p "$STAGE${lib%/*}"
			cp -L "$lib" "$STAGE$lib"
		done
}

stage_busybox() {
	local busybox
	busybox=$(program_path busybox)
	cp -L "$busybox" "$STAGE/bin/busybox"
	stage_libraries "$busybox"
	# PID 1 makes the other links: there it is one system call for each, here it would be a
	# process.
	ln -s busybox "$STAGE/bin/sh"
	ln -s ../bin/busybox "$STAGE/sbin/modprobe"
}

stage_iptables() {
	local tool variant legacy nft ip
	legacy=$(program_path xtables-legacy-multi) || no_verdict "iptables is not installed"
	nft=$(program_path xtables-nft-multi) || no_verdict "iptables is not installed"
	ip=$(readlink -f "$(program_path ip)")
	stage_programs "$legacy" "$nft" "$ip"
	ln -sf "${ip#"$SYSROOT"}" "$STAGE/sbin/ip"
	stage_if_there nft
	stage_if_there netlabelctl
	stage_if_there tc
	for tool in iptables ip6tables; do
		for variant in '' -save -restore; do
			ln -s "${legacy#"$SYSROOT"}" "$STAGE/sbin/$tool-legacy$variant"
			ln -s "${nft#"$SYSROOT"}" "$STAGE/sbin/$tool-nft$variant"
			ln -s "${nft#"$SYSROOT"}" "$STAGE/sbin/$tool$variant"
		done
	done
}

# Programs that some cases need: "need" skips these cases on a machine without.
stage_if_there() { # NAME
	local program
	program=$(program_path "$1") || return 0
	stage_programs "$program"
	[ -e "$STAGE/sbin/$1" ] || ln -s "${program#"$SYSROOT"}" "$STAGE/sbin/$1"
}

# XTABLES_LIBDIR in the guest is ours:stock, so that a plugin of the build tree always wins. The
# drop-in plugins have the stock names; only the cases about them put their folder first.
stage_plugins() {
	local stock plugin
	local ours=$STAGE/usr/lib/secmark2/xtables dropin=$STAGE/usr/lib/secmark2/drop-in
	if [ -n "$SYSROOT" ]; then
		stock=$SYSROOT/usr/lib/$ARCH_TRIPLET/xtables
	else
		stock=$(pkg-config --variable=xtlibdir xtables 2>/dev/null) || stock=
	fi
	[ -d "$stock" ] || stock=$(dirname "$(find /usr/lib /usr/lib64 -name libxt_SECMARK.so \
		2>/dev/null | head -n 1)")
	[ -f "$stock/libxt_SECMARK.so" ] ||
		no_verdict "the stock iptables plugins are not installed"
	local other=$STAGE/usr/lib/secmark2/other-revision
	mkdir -p "$ours" "$dropin" "$other" "$STAGE/usr/lib/secmark2/stock"
	cp -L "$stock"/lib{xt,ipt,ip6t}_*.so "$STAGE/usr/lib/secmark2/stock/"
	for plugin in "$BUILDDIR"/extensions/.libs/libxt_*2.so; do
		[ ! -f "$plugin" ] || cp -L "$plugin" "$ours/"
	done
	for plugin in "$BUILDDIR"/extensions/drop-in/.libs/libxt_*.so; do
		[ ! -f "$plugin" ] || cp -L "$plugin" "$dropin/"
	done
	for plugin in "$BUILDDIR"/extensions/other-revision/.libs/libxt_*.so; do
		[ ! -f "$plugin" ] || cp -L "$plugin" "$other/"
	done
	stage_plugin_libraries "$ours" "$dropin"
}

stage_plugin_libraries() { # FOLDER...
	local plugins
	mapfile -t plugins < <(find "$@" -name '*.so')
	[ "${#plugins[@]}" -gt 0 ] || return 0
	stage_libraries "${plugins[@]}"
	[ -z "$SYSROOT" ] || return 0
	# iptables itself is no sanitizer build, so the run-time has to be there before it.
	ldd "${plugins[0]}" | sed -n 's/.*lib\(a\|ub\)san[^ ]* => \([^ ]*\) .*/\2/p' |
		paste -sd : >"$STAGE/etc/secmark2/preload"
	cp "$HERE/host/lsan.supp" "$STAGE/etc/secmark2/"
}

# What users type, where it would be installed.
stage_command() {
	local command=$BUILDDIR/src/secmarkctl
	[ -f "$command" ] || return 0
	stage_libraries "$command"
	cp -L "$command" "$STAGE/sbin/secmarkctl"
}

stage_guest() {
	local conf=$STAGE/etc/secmark2 folder=/etc/secmark2/cases/ words word
	cp "$BUILDDIR/kernel-tests/guest-init" "$STAGE/init"
	cp "$BUILDDIR"/kernel-tests/guest-{run,rule,race,socket,calls} "$STAGE/sbin/"
	cp "$BUILDDIR"/kernel-tests/getpeercon_{client,server} "$STAGE/sbin/"
	[ ! -f "$BUILDDIR/kernel-tests/guest-rule32" ] ||
		cp "$BUILDDIR/kernel-tests/guest-rule32" "$STAGE/sbin/"
	cp "$POLICY" "$conf/policy"
	for word in reduced compat always; do
		[ ! -r "${POLICY%.policy}-$word.policy" ] ||
			cp "${POLICY%.policy}-$word.policy" "$conf/policy-$word"
	done
	printf 'SELINUX=enforcing\nSELINUXTYPE=test\n' >"$STAGE/etc/selinux/config"
	stage_cases "$conf/cases"
	words=(${DEBIAN_STORE:+--exec} "${GUEST_ARGS[@]}" "${CASE_PATHS[@]/#/$folder}")
	printf '%s\n' "${words[@]}" >"$conf/args"
	cp "$HERE"/guest/tools/t-file.sh "$HERE"/../extensions/*.{t,stock} "$conf/"
	sed -n '/^<!-- example:/,/^<!-- end/p' "$HERE/../README" |
		grep -v '^<!--' >"$conf/readme-example"
	sed -n '/^<!-- example module:/,/^<!-- end/p' "$HERE/../README" |
		grep -v '^<!--' >"$conf/readme-example-module"
	[ -z "$PERMISSIVE" ] || : >"$conf/permissive"
	[ -z "$SHELL_WANTED" ] || stage_shell
	[ -z "$SCRIPT" ] || cp "$SCRIPT" "$conf/script"
	[ -z "$FILES" ] || cp -r "$FILES" "$conf/files"
	[ "${#PROGRAMS[@]}" -eq 0 ] || stage_wanted_programs
	[ -z "$QEMU_RESULTS" ] ||
		printf '%s\n' "$QEMU_RESULTS" "${QEMU_RESULTS_DRIVER[@]}" >"$conf/results"
}

# What helps to look around, as far as this machine has it.
stage_shell() {
	local name path paths=()
	: >"$STAGE/etc/secmark2/shell"
	cp "$HERE/guest/profile" "$STAGE/etc/profile"
	for name in nft conntrack tcpdump strace; do
		path=$(program_path "$name") && paths+=("$path")
	done
	[ "${#paths[@]}" -eq 0 ] || stage_programs "${paths[@]}"
}

stage_wanted_programs() {
	local name paths=()
	for name in "${PROGRAMS[@]}"; do
		paths+=("$(program_path "$name")") || no_verdict "$name is not installed"
	done
	stage_programs "${paths[@]}"
}

stage_modules() {
	local release root
	release=${KERNEL_MODULES##*/}
	[ -n "$release" ] || release=$(module_release)
	[ -n "$release" ] || return 0
	root=$STAGE/lib/modules/$release
	mkdir -p "$root"
	[ -z "$KERNEL_MODULES" ] || stage_kernel_modules "$root"
	[ -z "$MODULE_FILE" ] || stage_module "$root"
	depmod -b "$STAGE" "$release" 2>/dev/null
	[ -n "$SCRIPT$SHELL_WANTED" ] || rm -f "$root/xt_secmark2.ko"
}

stage_kernel_modules() { # FOLDER of the guest
	local name root=$1 file
	sed -n 's/^+//p' "$HERE/host/modules.list" >"$STAGE/etc/secmark2/modules"
	{
		sed 's/#.*//; s/^+//' "$HERE/host/modules.list"
		[ -z "$QEMU_RESULTS" ] || printf '%s\n' "${QEMU_RESULTS_DRIVER[@]}"
	} | while read -r name; do
		[ -z "$name" ] || module_files "$name"
	done | sort -u | while read -r file; do
		module_copy "$KERNEL_MODULES/$file" "$root"
	done
	cp "$KERNEL_MODULES"/modules.{builtin,order} "$root/" 2>/dev/null || :
}

# Prints the files of a module and of all it depends on, as modules.dep names them.
module_files() { # NAME
	sed -n "s|^\([^:]*/$1\.ko[^:]*\): *\(.*\)|\1 \2|p" "$KERNEL_MODULES/modules.dep" |
		tr -s ' ' '\n' | grep . || :
}

# busybox' modprobe and some kernels cannot decompress, so it is done here.
module_copy() { # FILE FOLDER
	local name=${1##*/}
	case $name in
	*.ko.xz) xz -dc "$1" ;;
	*.ko.zst) zstd -qdc "$1" ;;
	*.ko.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac >"$2/${name%%.ko*}.ko"
}
