# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The kernel module xt_secmark2, built from extensions/ for the kernel that is to boot.

MODULE_HERE=$(dirname "${BASH_SOURCE[0]}")
MODULE_EXTENSIONS=$MODULE_HERE/../../extensions
MODULE_FILE=  # xt_secmark2.ko; empty when there is none
MODULE_OTHER= # the same in a revision that our plugins do not know; empty when there is none
MODULE_LATER= # the same again, under a name of its own: both revisions can be in a kernel
MODULE_SLOW=  # the same, slow to write what several processors share; empty when there is none

module_pick() { # --module's value
	case $1 in
	none) ;;
	'')
		if [ -n "$KERNEL_PACKAGE$KERNEL_HEADERS" ]; then
			module_build
		fi
		;;
	*)
		MODULE_FILE=$1
		module_judge
		;;
	esac
}

# What is built is kept, by what it was built from: kbuild takes seconds.
module_build() {
	local headers=$KERNEL_HEADERS sources folder reason
	need_tools make sha256sum
	reason="without its headers no module can be built for this kernel"
	if [ -n "$KERNEL_PACKAGE" ]; then
		headers=$(headers_unpack "${KERNEL_PACKAGE#linux-image-}") ||
			no_verdict "$reason (--module none goes on without)"
	fi
	[ -d "$headers" ] ||
		no_verdict "$headers is missing: $reason (--module none goes on without)"
	sources=("$BUILDDIR/extensions/Kbuild" "$MODULE_EXTENSIONS"/xt_*.[ch])
	if [ -n "$KERNEL_PACKAGE" ]; then
		folder=$(cat "${sources[@]}" "$MODULE_EXTENSIONS/other-revision.sed" \
			"$MODULE_HERE"/{slow.[ch],module.sh,toolchain.sh} |
			sha256sum | cut -c 1-16)
		folder=$CACHE/modules/${KERNEL_PACKAGE#linux-image-}+$folder
	else
		# nothing says when such a kernel changes
		folder=$SCRATCH/modules-of-ours
	fi
	[ -d "$folder" ] || module_make "$folder" "$headers" "${sources[@]}"
	MODULE_FILE=$folder/xt_secmark2.ko
	MODULE_OTHER=$folder/other-revision.ko
	MODULE_LATER=$folder/later.ko
	MODULE_SLOW=$folder/slow.ko
}

module_make() { # FOLDER HEADERS SOURCE...
	local folder=$1 headers=$2 part variant
	shift 2
	say "building xt_secmark2.ko for ${folder##*/}"
	need_tools strip
	part=$(part_open "${folder%/*}")
	# kbuild writes beside its sources, so it gets copies
	for variant in module other-revision later slow; do
		mkdir "$SCRATCH/$variant"
		cp -p "$@" "$SCRATCH/$variant/"
	done
	sed -i -f "$MODULE_EXTENSIONS/other-revision.sed" \
		"$SCRATCH"/{other-revision,later}/xt_secmark2.h
	sed -i 's/xt_secmark2[.]o/secmark2_later.o/' "$SCRATCH/later/Kbuild"
	mv "$SCRATCH/later/xt_secmark2.c" "$SCRATCH/later/secmark2_later.c"
	module_kbuild "$headers" "$SCRATCH/module" "$part/xt_secmark2.ko"
	module_kbuild "$headers" "$SCRATCH/other-revision" "$part/other-revision.ko"
	module_kbuild "$headers" "$SCRATCH/later" "$part/later.ko"
	# the last header that the module includes
	cat "$MODULE_HERE/slow.h" >>"$SCRATCH/slow/xt_compat.h"
	cat "$MODULE_HERE/slow.c" >>"$SCRATCH/slow/xt_secmark2.c"
	echo 'ccflags-y += -fsanitize=thread' >>"$SCRATCH/slow/Kbuild"
	module_kbuild "$headers" "$SCRATCH/slow" "$part/slow.ko"
	mv -T "$part" "$folder" 2>/dev/null || rm -rf "$part"
}

module_kbuild() { # HEADERS SOURCES OUTPUT
	if ! kbuild "$1" "$2" modules >"$SCRATCH/kbuild.log" 2>&1; then
		cat "$SCRATCH/kbuild.log" >&2
		no_verdict "the kernel module does not build (--module none goes on without)"
	fi
	"${KERNEL_TRIPLET:+$KERNEL_TRIPLET-}strip" --strip-debug -o "$3" "$2"/*secmark2*.ko
}

# A kernel refuses another kernel's module only when it loads the first rule; then no case says why.
module_judge() {
	local release
	[ -r "$MODULE_FILE" ] || no_verdict "cannot read the module $MODULE_FILE"
	release=$(module_release) || release=
	[ -n "$release" ] || no_verdict "$MODULE_FILE is no kernel module"
	[ -z "$KERNEL_MODULES" ] || [ "$release" = "${KERNEL_MODULES##*/}" ] ||
		no_verdict "$MODULE_FILE is for kernel $release," \
			"and ${KERNEL_MODULES##*/} is to boot"
}

module_release() {
	[ -z "$MODULE_FILE" ] || modinfo -F vermagic "$MODULE_FILE" 2>/dev/null | cut -d ' ' -f 1
}

# A skipped case may hide that the guest has no module although one was built; prints the reason.
module_skip_reasons() { # REASONS of skipped cases
	case $MODULE_FILE-$1 in
	?*-*'no kernel module xt_secmark2'*)
		echo "cases were skipped because the kernel module is missing, but there is one"
		;;
	esac
	case $MODULE_OTHER-$1 in
	?*-*'no such module of another revision'*)
		echo "cases were skipped because the second module is missing, but there is one"
		;;
	esac
}

# modprobe knows its name, but in a case without a module it must not find the file. So only a shell
# and a script have the file in that folder; for a case that needs it, guest/kernel/module.c puts a
# link there.
stage_module() { # MODULES FOLDER of the guest
	local folder=$STAGE/lib/modules/secmark2
	mkdir -p "$folder"
	cp "$MODULE_FILE" "$folder/xt_secmark2.ko"
	[ -z "$MODULE_OTHER" ] || cp "$MODULE_OTHER" "$folder/other-revision.ko"
	[ -z "$MODULE_LATER" ] || cp "$MODULE_LATER" "$folder/later.ko"
	[ -z "$MODULE_SLOW" ] || cp "$MODULE_SLOW" "$folder/slow.ko"
	cp "$MODULE_FILE" "$1/xt_secmark2.ko"
}
